"""Features, and collections of features or geometries: what holds areas beside other things.

RFC 7946 allows features without a geometry, empty geometries, and lines and points beside polygons.
In a collection these are left out and told; what is an area and is wrong is a fault as ever.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import shapely

from s1ratio.aoi.geojson import Shapes, check_crs, read_geometry
from s1ratio.aoi.rings import MAX_VERTICES, too_many_vertices
from s1ratio.faults import Fault

_MAX_MEMBERS = 10_000
_MAX_TOLD = 5
_COLLECTION = "GeometryCollection"
_WITHOUT_AREA = ("LineString", "MultiLineString", "MultiPoint")
Reader: TypeAlias = Callable[[Any, str, "Findings"], Shapes]


@dataclass
class Findings:
    """What reading an area has come to: faults, how it was read, what was left out, in words."""

    faults: list[Fault] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def leave_out(self, path: str, why: str) -> None:
        """Note that a member of a collection is no area; `path` is within the area."""
        self.left_out.append(f"aoi{path.removeprefix('aoi')} {why}")

    @property
    def notes(self) -> tuple[str, ...]:
        """How it was read, and what was left out, the first few by name."""
        more = len(self.left_out) - _MAX_TOLD
        told = self.left_out[:_MAX_TOLD] + [f"{more} more of these"] * (more > 0)
        return (*self.readings, *(f"{words}: left out" for words in told))


def read_shapes(value: Any, path: str, found: Findings) -> Shapes:
    """Return the polygons of a geometry, Feature or collection; what is wrong goes to `found`."""
    kind = value.get("type") if isinstance(value, dict) else None
    read = _CONTAINERS.get(kind) if isinstance(kind, str) else None
    return read(value, path, found) if read else read_geometry(value, path, found.faults)


def _read_feature(value: dict[str, Any], path: str, found: Findings) -> Shapes:
    check_crs(value, path, found.faults)
    geometry, where = value.get("geometry"), f"{path}.geometry"
    if isinstance(geometry, dict) and geometry.get("type") == _COLLECTION:
        return _read_geometries(geometry, where, found)
    return read_geometry(geometry, where, found.faults)


def _read_features(value: dict[str, Any], path: str, found: Findings) -> Shapes:
    return _read_members(value, "features", path, found, _read_feature_among)


def _read_geometries(value: dict[str, Any], path: str, found: Findings) -> Shapes:
    return _read_members(value, "geometries", path, found, _read_geometry_among)


def _read_feature_among(feature: Any, path: str, found: Findings) -> Shapes:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        found.faults.append(Fault(path, "features", "must be a GeoJSON Feature"))
    elif words := _why_no_area(feature.get("geometry")):
        found.leave_out(path, words)
    else:
        return _read_feature(feature, path, found)
    return []


def _read_geometry_among(geometry: Any, path: str, found: Findings) -> Shapes:
    if words := _why_no_area(geometry):
        found.leave_out(path, words)
    elif isinstance(geometry, dict) and geometry.get("type") == _COLLECTION:
        said = "a collection in a collection: put its geometries into one"
        found.faults.append(Fault(path, "geometry_type", said))
    else:
        return read_geometry(geometry, path, found.faults)
    return []


def _read_members(
    value: dict[str, Any], name: str, path: str, found: Findings, read: Reader
) -> Shapes:
    check_crs(value, path, found.faults)
    shapes: Shapes = []
    vertices = 0
    for where, member in _members(value, name, path, found):
        some = read(member, where, found)
        shapes += some
        vertices += int(shapely.get_num_coordinates(some).sum())
        if vertices > MAX_VERTICES:  # the disk of a point has 129, and takes a while to make
            found.faults.append(too_many_vertices(path))
            break
    return shapes


def _members(value: dict[str, Any], name: str, path: str, found: Findings) -> list[tuple[str, Any]]:
    """Return a collection's members with their paths; none if there is no list of them."""
    members = value.get(name)
    if not isinstance(members, list) or not 0 < len(members) <= _MAX_MEMBERS:
        words = f"must be a list of 1 to {_MAX_MEMBERS} {name}"
        found.faults.append(Fault(f"{path}.{name}", name, words))
        return []
    return [(f"{path}.{name}[{i}]", member) for i, member in enumerate(members)]


def _why_no_area(geometry: Any) -> str | None:
    """Return why a member of a collection is no area by its kind, or None."""
    if geometry is None:
        return "has no geometry"
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(kind, str):
        return None
    if kind in _WITHOUT_AREA:
        return f"is a {kind}, which has no area"
    if kind == "Point":
        return None if "buffer_m" in geometry else "is a Point without `buffer_m`"
    empty = geometry.get("geometries" if kind == _COLLECTION else "coordinates") == []
    return "is empty" if empty else None


_CONTAINERS: dict[str, Reader] = {
    "Feature": _read_feature,
    "FeatureCollection": _read_features,
    _COLLECTION: _read_geometries,
}

"""Geometries: shapes with the rules of their edges, on demand as planar shapes in degrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import shapely
from shapely.affinity import translate
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.edges import along_geodesics, reprojected
from local_earthengine.geo.longitudes import joined, move_between, wrapped
from local_earthengine.geo.overlaps import united
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.projection import WGS84, Projection, coordinate_system
from local_earthengine.geo.rings import leaves_inside_left

WORLD: Final = box(-180.0, -90.0, 180.0, 90.0)
_DEPTH: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "LinearRing": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


@dataclass(frozen=True, eq=False)
class Geometry:
    """`shape` lies in the coordinate system `crs`; edges are great circles if `geodesic`."""

    shape: BaseGeometry
    crs: str = WGS84.crs
    geodesic: bool = False

    @cached_property
    def lonlat(self) -> BaseGeometry:
        """The shape in degrees with planar edges, wrapped; prepared for many questions."""
        if self.geodesic and self.crs == WGS84.crs:
            shape = along_geodesics(self.shape)
        else:
            shape = reprojected(self.shape, self.crs, WGS84.crs)
        shape = united(shape)
        shapely.prepare(shape)
        return shape

    @cached_property
    def whole(self) -> BaseGeometry:
        """The shape in degrees in one piece, past 180 degrees where it lies on both sides."""
        return joined(self.lonlat)[0]

    @cached_property
    def planar(self) -> tuple[BaseGeometry, str]:
        """(shape, crs) whose planar edges are this geometry's edges; wrapped in degrees."""
        if self.geodesic or self.crs == WGS84.crs:
            return self.lonlat, WGS84.crs
        shape = united(self.shape)
        shapely.prepare(shape)
        return shape, self.crs

    def bounds_in(self, crs: str) -> tuple[float, float, float, float]:
        """Return (xmin, ymin, xmax, ymax) in a coordinate system; past 180 degrees if need be.

        In degrees they lie west of -180 or east of 180 as the shape was given.
        Raise EarthEngineError if it is empty.
        """
        shape, own = self.planar
        placed = reprojected(shape, own, crs)
        if coordinate_system(crs).is_geographic:
            (placed,) = joined(placed)
            if own == self.crs == crs:
                placed = translate(placed, move_between(placed.bounds, self.shape.bounds))
        bounds = placed.bounds
        if not all(abs(value) < float("inf") for value in bounds):
            raise EarthEngineError(f"The geometry is empty, or cannot be projected to '{crs}'.")
        west, south, east, north = bounds
        return float(west), float(south), float(east), float(north)

    @property
    def unbounded(self) -> bool:
        """Whether it is the whole Earth."""
        return bool(self.lonlat.equals(WORLD))

    def to_json(self) -> dict[str, Any]:
        """Return it as `getInfo` shows it: GeoJSON with Earth Engine's own members."""
        info: dict[str, Any] = {"type": self.shape.geom_type}
        if hasattr(self.shape, "geoms") and self.shape.geom_type == "GeometryCollection":
            parts = [Geometry(part, self.crs, self.geodesic) for part in self.shape.geoms]
            info["geometries"] = [part.to_json() for part in parts]
        else:
            info["coordinates"] = _lists(shapely.geometry.mapping(self.shape)["coordinates"])
        if self.crs != WGS84.crs:
            info["crs"] = {"type": "name", "properties": {"name": self.crs}}
        if not self.geodesic and self.shape.geom_type not in {"Point", "MultiPoint"}:
            info["geodesic"] = False
        return info


def _lists(coordinates: Any) -> Any:
    if isinstance(coordinates, (tuple, list)):
        return [_lists(item) for item in coordinates]
    return coordinates


def from_lonlat(shape: BaseGeometry) -> Geometry:
    """Return a shape in degrees with planar edges, in one piece where it crosses 180 degrees."""
    return Geometry(joined(wrapped(shape))[0])


def build(
    kind: str,
    coordinates: Any,
    projection: Projection | None = None,
    geodesic: bool | None = None,
    even_odd: bool = True,
) -> Geometry:
    """Return a geometry of nested lists of numbers, in the pixel corners of `projection`.

    Edges are geodesic by default in degrees, and only there. With `even_odd` false the inside
    of a ring is what lies to the left of it: a clockwise ring bounds the rest of the Earth.
    """
    if kind not in _DEPTH:
        raise EarthEngineError(f"Unknown type of geometry: '{kind}'.")
    target = projection or WGS84
    try:
        points = _nested(kind, coordinates, _DEPTH[kind])
        shape = _shape(kind, _placed(points, target))
    except (ValueError, TypeError, IndexError, shapely.errors.GEOSException) as error:
        raise _bad(kind, str(error)) from None
    bent = target.crs == WGS84.crs if geodesic is None else geodesic
    made = Geometry(shape, target.crs, bent)
    return made if even_odd or shapely.get_dimensions(shape) < 2 else _left_inside(made)


def _left_inside(made: Geometry) -> Geometry:
    """Return what lies to the left of rings: the rest of the Earth where one runs clockwise."""
    parts = [Geometry(part, made.crs, made.geodesic) for part in shapely.get_parts(made.shape)]
    turned = [_anticlockwise(part) for part in parts]
    if all(turned):
        return replace(made, shape=shapely.union_all(shapely.get_parts(made.shape)))
    sides = [
        part.lonlat if same else WORLD.difference(part.lonlat)
        for part, same in zip(parts, turned, strict=True)
    ]
    return from_lonlat(shapely.union_all(sides))


def _anticlockwise(part: Geometry) -> bool:
    ring = part.shape.exterior
    if part.geodesic and part.crs == WGS84.crs:
        return leaves_inside_left(shapely.get_coordinates(ring))
    return bool(ring.is_ccw)


def _bad(kind: str, reason: str) -> EarthEngineError:
    return EarthEngineError(f"GeometryConstructors.{kind}: Invalid coordinates: {reason}")


def _nested(kind: str, coordinates: Any, depth: int) -> Any:
    """Nest coordinates as deep as the kind wants: wrap flat lists and single rings."""
    if not isinstance(coordinates, list) or not coordinates:
        raise _bad(kind, "expected a list of numbers.")
    if all(isinstance(value, (int, float)) for value in coordinates):
        pairs = [list(pair) for pair in zip(coordinates[::2], coordinates[1::2], strict=False)]
        coordinates = pairs[0] if depth == 0 else pairs
    while _depth(coordinates) < depth:
        coordinates = [coordinates]
    return coordinates


def _depth(coordinates: Any) -> int:
    """Return how deep the lists are nested: 0 for a point."""
    first = coordinates[0] if isinstance(coordinates, list) and coordinates else None
    return 1 + _depth(first) if isinstance(first, list) else 0


def _placed(points: Any, target: Projection) -> Any:
    if not isinstance(points, list):
        raise TypeError("expected a list of numbers.")
    if isinstance(points[0], (int, float)):
        x, y = (float(value) for value in points[:2])
        grid = PixelGrid(target.crs, target.transform, 0, 0)
        return grid.at(x, y)
    return [_placed(item, target) for item in points]


def _shape(kind: str, points: Any) -> BaseGeometry:
    if kind == "Polygon":
        return shapely.Polygon(points[0], points[1:])
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in points])
    return getattr(shapely, kind)(points)


def rectangle(bounds: Sequence[float], crs: str = WGS84.crs, geodesic: bool = False) -> Geometry:
    """Return the box (west, south, east, north).

    Its ring starts in the south-west, anticlockwise.
    """
    west, south, east, north = bounds
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return Geometry(shapely.Polygon(ring), crs, geodesic)

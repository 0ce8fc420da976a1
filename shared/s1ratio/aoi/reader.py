"""Read the `aoi` of a message: every fault at once, or one `Aoi`."""

from collections.abc import Callable
from typing import Any

import shapely
from shapely import Polygon

from s1ratio.aoi.area import Aoi
from s1ratio.aoi.geojson import read_feature, read_feature_collection, read_geometry
from s1ratio.aoi.rings import MAX_VERTICES, too_many_vertices
from s1ratio.aoi.shapes import read_bbox
from s1ratio.aoi.union import united
from s1ratio.aoi.values import holds_more_than
from s1ratio.faults import Fault

# A position is a list of two or three numbers; the rest is room for rings and features.
_MAX_VALUES = 10 * MAX_VERTICES
_MAX_LENGTH = 2_000  # degrees: each is cut in 50 where it is projected

_CONTAINERS: dict[Any, Callable[[dict[str, Any], str, list[Fault]], list[Polygon]]] = {
    "Feature": read_feature,
    "FeatureCollection": read_feature_collection,
}


def read(value: Any, path: str = "aoi") -> tuple[Aoi | None, list[Fault]]:
    """Return the area and no faults, or None and every fault found.

    Takes what JSON gives: a GeoJSON geometry, Feature or FeatureCollection, or {"bbox": [...]}.
    """
    if holds_more_than(_MAX_VALUES, value, "properties"):
        return None, [too_many_vertices(path)]
    faults: list[Fault] = []
    shapes = _shapes(value, path, faults)
    if not faults:
        faults.extend(_outline_faults(shapes, path))
    if faults:
        return None, faults
    shape = united(shapes)
    if shape is None:
        return None, [Fault(path, "overlap", "too many overlaps: unite the polygons before")]
    aoi = Aoi(shape)
    return (aoi, []) if aoi.area_km2 > 0 else (None, [Fault(path, "geometry", "has no area")])


def _outline_faults(shapes: list[Polygon], path: str) -> list[Fault]:
    if not shapes:
        return [Fault(path, "geometry", "holds no area")]
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    if vertices > MAX_VERTICES:
        return [too_many_vertices(path, vertices)]
    length = float(shapely.length(shapes).sum())
    if length > _MAX_LENGTH:
        words = f"the outline is {length:,.0f}° long, at most {_MAX_LENGTH:,}° are allowed"
        return [Fault(path, "long_outline", f"{words}: simplify it")]
    return []


def _shapes(value: Any, path: str, faults: list[Fault]) -> list[Polygon]:
    if isinstance(value, dict) and "type" not in value and "bbox" in value:
        faults.extend(
            Fault(f"{path}.{key}", "unknown_field", 'a box is {"bbox": [w, s, e, n]} alone')
            for key in value
            if key != "bbox"
        )
        shape = read_bbox(value["bbox"], f"{path}.bbox", faults)
        return [] if shape is None else [shape]
    kind = value.get("type") if isinstance(value, dict) else None
    container = _CONTAINERS.get(kind) if isinstance(kind, str) else None
    return (container or read_geometry)(value, path, faults)

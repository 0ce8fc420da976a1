"""Read the `aoi` of a message: every fault at once, or one `Aoi`."""

from collections.abc import Callable
from typing import Any

import shapely
from shapely import Polygon
from shapely.affinity import translate

from s1ratio.aoi.area import Aoi
from s1ratio.aoi.geojson import read_feature, read_feature_collection, read_geometry
from s1ratio.aoi.rings import MAX_VERTICES, too_many_vertices
from s1ratio.aoi.shapes import read_bbox
from s1ratio.errors import Fault

_CONTAINERS: dict[Any, Callable[[dict[str, Any], str, list[Fault]], list[Polygon]]] = {
    "Feature": read_feature,
    "FeatureCollection": read_feature_collection,
}


def read(value: Any, path: str = "aoi") -> tuple[Aoi | None, list[Fault]]:
    """Return the area and no faults, or None and every fault found.

    Takes what JSON gives: a GeoJSON geometry, Feature or FeatureCollection, or {"bbox": [...]}.
    """
    faults: list[Fault] = []
    shapes = _shapes(value, path, faults)
    if not faults and not shapes:
        faults.append(Fault(path, "geometry", "holds no area"))
    if faults:
        return None, faults
    aoi = Aoi(_united(shapes))
    if aoi.vertices > MAX_VERTICES:
        return None, [too_many_vertices(path, aoi.vertices)]
    if aoi.area_km2 <= 0:
        return None, [Fault(path, "geometry", "has no area")]
    return aoi, []


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


def _united(shapes: list[Polygon]) -> Polygon | shapely.MultiPolygon:
    """Return one shape; several may overlap, and touching halves at ±180° become neighbours."""
    united = shapely.union_all(_beside_each_other(shapes)) if len(shapes) > 1 else shapes[0]
    return shapely.orient_polygons(united)


def _beside_each_other(shapes: list[Polygon]) -> list[Polygon]:
    """Bring the two sides of an area cut at ±180° together, if that makes it narrower."""
    shifted = [translate(s, xoff=360) if s.bounds[2] <= 0 else s for s in shapes]
    return min(shapes, shifted, key=_width)


def _width(shapes: list[Polygon]) -> float:
    return float(max(s.bounds[2] for s in shapes) - min(s.bounds[0] for s in shapes))

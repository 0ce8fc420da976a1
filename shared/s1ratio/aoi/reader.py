"""Read the `aoi` of a message: every fault at once, or one `Aoi`."""

from typing import Any

import shapely
from shapely import Polygon

from s1ratio.aoi.area import Aoi
from s1ratio.aoi.containers import Findings, read_shapes
from s1ratio.aoi.rings import MAX_VERTICES, too_many_vertices
from s1ratio.aoi.shapes import long_way_round, read_bbox
from s1ratio.aoi.union import united
from s1ratio.aoi.values import holds_more_than
from s1ratio.faults import Fault

# A position is a list of two or three numbers; the rest is room for rings and features.
_MAX_VALUES = 10 * MAX_VERTICES
_MAX_LENGTH = 2_000  # degrees: each is cut in 50 where it is projected


def read(value: Any, path: str = "aoi") -> tuple[Aoi | None, list[Fault]]:
    """Return the area and no faults, or None and every fault found.

    Takes what JSON gives: a GeoJSON geometry, Feature or collection, or {"bbox": [...]}. What has
    no area beside others is left out, and told in `notes` of the area.
    """
    if holds_more_than(_MAX_VALUES, value, "properties"):
        return None, [too_many_vertices(path)]
    found = Findings()
    shapes = _shapes(value, path, found)
    faults = found.faults or _outline_faults(shapes, path, found.notes)
    if faults:
        return None, faults
    shape = united(shapes)
    if shape is None:
        return None, [Fault(path, "overlap", "too many overlaps: unite the polygons before")]
    aoi = Aoi(shape, found.notes)
    return (aoi, []) if aoi.area_km2 > 0 else (None, [Fault(path, "geometry", "has no area")])


def _outline_faults(shapes: list[Polygon], path: str, notes: tuple[str, ...]) -> list[Fault]:
    if not shapes:
        return [Fault(path, "geometry", "; ".join(("holds no area", *notes)))]
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    if vertices > MAX_VERTICES:
        return [too_many_vertices(path, vertices)]
    length = float(shapely.length(shapes).sum())
    if length > _MAX_LENGTH:
        words = f"the outline is {length:,.0f}° long, at most {_MAX_LENGTH:,}° are allowed"
        return [Fault(path, "long_outline", f"{words}: simplify it")]
    return []


def _shapes(value: Any, path: str, found: Findings) -> list[Polygon]:
    if isinstance(value, dict) and "type" not in value and "bbox" in value:
        found.faults.extend(
            Fault(f"{path}.{key}", "unknown_field", 'a box is {"bbox": [w, s, e, n]} alone')
            for key in value
            if key != "bbox"
        )
        shape = read_bbox(value["bbox"], f"{path}.bbox", found.faults)
        if shape is not None and (words := long_way_round(value["bbox"])):
            found.readings.append(f"{path}.bbox: {words}")
        return [] if shape is None else [shape]
    return read_shapes(value, path, found)

"""The place of a composite as GeoJSON: cut at ±180°, its box as RFC 7946 has it."""

import math
from typing import Any, Final

import shapely
from shapely import Polygon
from shapely.geometry import mapping

from s1ratio.aoi import Aoi
from s1ratio.aoi.longitudes import beside, unwrapped
from s1ratio.crs import is_geographic
from s1ratio.grid import PixelGrid

MAX_VERTICES: Final = 500  # of an item's geometry: it says where, it cuts nothing out
_DECIMALS = 6  # of degrees: a tenth of a metre
_COARSER = 12  # doublings of what is left out
_WORLD, _HALF = 360.0, 180.0
BBox = tuple[float, float, float, float]


def footprint_of(grid: PixelGrid, area: Aoi, *, clip: bool) -> tuple[dict[str, Any], BBox]:
    """Return (geometry, bbox) of what a grid has of an area, of all of the grid without `clip`.

    The geometry is a Polygon, or a MultiPolygon where it has several parts or lies on both sides of
    180°. Of a box across 180° the west is greater than the east.
    """
    whole = _outline(grid, area)
    shape = shapely.intersection(area.unwrapped, whole) if whole is not None else area.unwrapped
    if whole is not None and (not clip or not shapely.area(shape)):
        shape = whole
    found = Aoi(_simpler(_polygons_of(shape)))
    merged = mapping_of(found)
    return merged, bbox_of(found)


def mapping_of(area: Aoi) -> dict[str, Any]:
    """Return an area as GeoJSON, a Polygon if it is one."""
    multi = shapely.geometry.shape(area.geojson())
    parts = shapely.get_parts(multi)
    made: dict[str, Any] = dict(mapping(parts[0] if len(parts) == 1 else multi))
    return {"type": made["type"], "coordinates": _rounded(made["coordinates"])}


def bbox_of(area: Aoi) -> BBox:
    """Return (west, south, east, north); west > east where the area lies across 180°."""
    west, south, east, north = area.unwrapped.bounds
    if east - west >= _WORLD:
        west, east = -_HALF, _HALF
    elif len(area.sides) > 1 or west < -_HALF or east > _HALF:
        west, east = _within(west, _HALF), _within(east, -_HALF)
    return _round(west), _round(south), _round(east), _round(north)


def united(one: BBox, other: BBox) -> BBox:
    """Return the smallest box around two, of which each may lie across 180°."""
    south, north = min(one[1], other[1]), max(one[3], other[3])
    west, east = _span(one)
    found = [
        (min(west, first + turn), max(east, last + turn))
        for first, last in [_span(other)]
        for turn in (-_WORLD, 0.0, _WORLD)
    ]
    west, east = min(found, key=lambda span: span[1] - span[0])
    if east - west >= _WORLD:
        return -_HALF, south, _HALF, north
    return _round(_within(west, _HALF)), south, _round(_within(east, -_HALF)), north


def _span(box: BBox) -> tuple[float, float]:
    return box[0], box[2] if box[2] >= box[0] else box[2] + _WORLD


def _within(lon: float, edge: float) -> float:
    """Return a longitude within ±180; one on the edge, 180 or -180, stays on its own side."""
    turned = (lon + _HALF) % _WORLD - _HALF
    return -edge if turned == -_HALF and lon != -_HALF and edge < 0 else turned


def _outline(grid: PixelGrid, area: Aoi) -> Polygon | None:
    """Return a grid's edge in the area's own picture of the Earth; None where it is not on it."""
    ring = grid.outline()
    if not all(math.isfinite(value) for position in ring for value in position):
        return None
    if is_geographic(grid.crs):  # the last pixels may reach beyond ±180°
        ring = [(max(-_HALF, min(_HALF, lon)), lat) for lon, lat in ring]
    around = unwrapped(ring)
    if around is None:
        return None
    west, south, east, _ = area.unwrapped.bounds
    made = Polygon(beside(around, [(west, south), (east, south)]))
    return made if made.is_valid and made.area else None


def _polygons_of(shape: shapely.Geometry) -> shapely.MultiPolygon:
    every = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and part.area]
    return shapely.MultiPolygon(every)


def _simpler(shape: shapely.MultiPolygon) -> shapely.MultiPolygon:
    """Return a shape of few enough vertices to be a place on a map."""
    if shapely.get_num_coordinates(shape) <= MAX_VERTICES:
        return shape
    west, south, east, north = shape.bounds
    step = max(east - west, north - south) / 4096
    for _ in range(_COARSER):
        coarse = _polygons_of(shapely.simplify(shape, step))
        if 0 < shapely.get_num_coordinates(coarse) <= MAX_VERTICES:
            return coarse
        step *= 2
    return _polygons_of(shapely.convex_hull(shape))


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, float | int):
        return _round(coordinates)
    return [_rounded(each) for each in coordinates]


def _round(value: float) -> float:
    return round(float(value), _DECIMALS) + 0.0

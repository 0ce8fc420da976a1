"""Edges of shapes: how they run between vertices, and how they run in another projection."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.longitudes import on_the_cut, single_parts, wrapped
from local_earthengine.geo.projection import coordinate_system, transformer
from local_earthengine.geo.rings import areas_of, on_sphere

# Earth Engine's geodesics are great circles.
SPHERE = Geod(a=6378137.0, b=6378137.0)
ELLIPSOID = Geod(ellps="WGS84")

# A chord of 1 km leaves its great circle by 2 cm; the longest edges get coarser chords.
_CHORD = 1_000.0
_MAX_POINTS = 2_000
# Of the largest coordinate: a millimetre in ten thousand kilometres.
_LAST_DIGITS = 1e-10


def _great_circle(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the vertices from `start` up to, without, `end` along a great circle."""
    _, _, length = SPHERE.inv(start[0], start[1], end[0], end[1])
    if not math.isfinite(length):
        raise EarthEngineError(f"Invalid geometry: no edge leads from {start} to {end}.")
    pieces = min(_MAX_POINTS, math.ceil(length / _CHORD))
    if pieces < 2:
        return start[None]
    between = SPHERE.npts(start[0], start[1], end[0], end[1], pieces - 1)
    return np.vstack([start[None], np.asarray(between)])


def along_geodesics(shape: BaseGeometry) -> BaseGeometry:
    """Return a lon/lat shape with great circles for edges, wrapped, with many short planar ones."""

    def bend(line: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the line with points along its great circles."""
        if len(line) < 2:
            return line
        parts = [_great_circle(a, b) for a, b in pairwise(line)]
        return np.vstack([*parts, line[-1:]])

    return on_sphere(_each_line(shape, bend))


def _each_line(shape: BaseGeometry, change: Any) -> BaseGeometry:
    """Apply a change of an (n, 2) array to every ring and line, which may change n."""
    kind = shape.geom_type
    if kind == "Polygon" and not shape.is_empty:
        shell = change(shapely.get_coordinates(shape.exterior))
        holes = [change(shapely.get_coordinates(ring)) for ring in shape.interiors]
        return shapely.Polygon(shell, holes)
    if kind in {"LineString", "LinearRing"}:
        return shapely.LineString(change(shapely.get_coordinates(shape)))
    if hasattr(shape, "geoms"):
        parts = [_each_line(part, change) for part in shape.geoms]
        return type(shape)(parts)
    return shape


def reprojected(shape: BaseGeometry, source: str, target: str) -> BaseGeometry:
    """Return a planar shape in another coordinate system, its edges bent as they must be.

    A shape in degrees comes and goes wrapped; elsewhere what was cut at 180 degrees is whole.
    """
    from_degrees, to_degrees = (coordinate_system(crs).is_geographic for crs in (source, target))
    if source == target or shape.is_empty:
        return wrapped(shape) if from_degrees else shape
    placed = wrapped(shape) if from_degrees else shape
    moved = _moved(placed, source, target)
    if to_degrees:
        return wrapped(moved) if from_degrees else on_sphere(moved)
    return _without_cut(moved) if from_degrees and on_the_cut(placed) else moved


def _moved(shape: BaseGeometry, source: str, target: str) -> BaseGeometry:
    step = 0.005 if coordinate_system(source).is_geographic else 500.0
    west, south, east, north = shape.bounds
    # Large shapes get coarser steps: at most some thousand vertices an edge.
    step = max(step, max(east - west, north - south) / _MAX_POINTS)
    dense = shapely.segmentize(shape, step)
    change = transformer(source, target).transform
    moved: BaseGeometry = shapely.transform(dense, change, interleaved=False)
    return moved


def _without_cut(shape: BaseGeometry) -> BaseGeometry:
    """Return a projected shape whose parts were cut at 180 degrees, or slit up to a pole, whole."""
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all():
        return shape
    parts = [
        areas_of(part) if part.geom_type == "Polygon" else part for part in single_parts(shape)
    ]
    # The two sides of the cut agree but for the last digits: a slit is closed by rounding them.
    digits = _LAST_DIGITS * float(np.abs(points).max())
    whole = shapely.set_precision(shapely.union_all(parts, grid_size=digits), digits)
    whole = shapely.set_precision(whole, 0.0)  # what is made of it is not rounded
    return shapely.line_merge(whole) if shapely.get_dimensions(whole) == 1 else whole

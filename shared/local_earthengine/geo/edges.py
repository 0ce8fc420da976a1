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
from local_earthengine.geo.projection import coordinate_system, transformer

# Earth Engine's geodesics are great circles.
SPHERE = Geod(a=6378137.0, b=6378137.0)
ELLIPSOID = Geod(ellps="WGS84")

# A chord of 1 km leaves its great circle by 2 cm; the longest edges get coarser chords.
_CHORD = 1_000.0
_MAX_POINTS = 2_000


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
    """Return a lon/lat shape with great circles for edges, as one with many short planar ones."""

    def bend(line: NDArray[np.float64]) -> NDArray[np.float64]:
        if len(line) < 2:
            return line
        parts = [_great_circle(a, b) for a, b in pairwise(line)]
        return np.vstack([*parts, line[-1:]])

    return _each_line(shape, bend)


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
    """Return a planar shape in another coordinate system, its edges bent as they must be."""
    if source == target:
        return shape
    step = 0.005 if coordinate_system(source).is_geographic else 500.0
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    # Large shapes get coarser steps: at most some thousand vertices an edge.
    step = max(step, max(east - west, north - south) / _MAX_POINTS)
    dense = shapely.segmentize(shape, step)
    change = transformer(source, target).transform
    moved: BaseGeometry = shapely.transform(dense, change, interleaved=False)
    return moved

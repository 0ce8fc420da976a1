"""Points strewn over a geometry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.geometry import Geometry, build
from local_earthengine.geo.longitudes import wrap
from local_earthengine.values.collection import Collection, Lazy
from local_earthengine.values.element import INDEX, Element, Feature

_MAX_POINTS: Final = 1_000_000
# Boxes that a shape all but misses: more attempts would be no answer.
_MAX_ROUNDS: Final = 1_000


@algorithm("FeatureCollection.randomPoints")
def random_points(region: Geometry, count: int, seed: int, margin: float) -> Collection:
    """Strew points: evenly over the sphere in an area, along a line, or among the points of points.

    Unsettled: the seed decides, but the points are not the same as Earth Engine's.
    """
    del margin
    if not 0 <= count <= _MAX_POINTS:
        raise EarthEngineError(
            f"The number of points must lie between 0 and {_MAX_POINTS}, not {count}."
        )
    shape = region.whole
    if shape.is_empty:
        raise EarthEngineError("The region is empty.")

    def source() -> Iterator[Element]:
        """Yield the points, numbered."""
        generator = np.random.default_rng(abs(seed))
        for i, (lon, lat) in enumerate(_strewn(shape, count, generator)):
            yield Feature({INDEX: str(i)}, build("Point", [float(wrap(lon)), float(lat)]))

    return Collection(elements=Lazy(source))


def _strewn(shape: BaseGeometry, count: int, generator: np.random.Generator) -> NDArray[Any]:
    match shapely.get_dimensions(shape):
        case 2:
            return _in_area(shape, count, generator)
        case 1:
            distances = np.sort(generator.random(count)) * shapely.length(shape)
            lines = shapely.line_merge(shapely.MultiLineString(_lines(shape)))
            if lines.geom_type != "LineString":
                parts = shapely.get_parts(lines)
                edges = np.cumsum(shapely.length(parts))
                which = np.minimum(np.searchsorted(edges, distances), len(parts) - 1)
                starts = edges[which] - shapely.length(parts)[which]
                points = shapely.line_interpolate_point(parts[which], distances - starts)
                return np.asarray(shapely.get_coordinates(points))
            return np.asarray(
                shapely.get_coordinates(shapely.line_interpolate_point(lines, distances))
            )
    known = shapely.get_coordinates(shape)
    return np.asarray(known[generator.integers(len(known), size=count)])


def _lines(shape: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(shape) if shapely.get_dimensions(part) == 1]


def _in_area(shape: BaseGeometry, count: int, generator: np.random.Generator) -> NDArray[Any]:
    """Draw from the box around it until there are enough: equal areas by the latitude's sine."""
    west, south, east, north = shape.bounds
    low, high = np.sin(np.radians([south, north]))
    found: list[NDArray[Any]] = []
    lacking = count
    for _ in range(_MAX_ROUNDS):
        if lacking <= 0:
            break
        draws = max(64, 2 * lacking)
        lons = west + generator.random(draws) * (east - west)
        lats = np.degrees(np.arcsin(low + generator.random(draws) * (high - low)))
        inside = shapely.intersects_xy(shape, lons, lats)
        found.append(np.stack([lons[inside], lats[inside]], axis=1)[:lacking])
        lacking -= len(found[-1])
    if lacking > 0:
        raise EarthEngineError("The region is too thin to strew points over it.")
    return np.concatenate(found) if found else np.zeros((0, 2))

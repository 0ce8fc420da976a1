"""Points strewn over areas and lines."""

from __future__ import annotations

import math

import ee
import numpy as np
import pytest
from shapely.geometry import Point, Polygon

from tests.unit.local_earthengine.world import World

COMPUTE = World().compute


def test_points_are_strewn_evenly_over_the_sphere() -> None:
    ring = [(0, 0), (40, 0), (40, 70), (0, 60)]
    region = ee.Geometry.Polygon([ring], None, False)
    points = rows_of_points(ee.FeatureCollection.randomPoints(region, 2000, 7))
    assert len(points) == 2000
    assert all(Polygon(ring).covers(Point(*point)) for point in points)
    north = sum(lat > 30 for _, lat in points) / 2000
    share = zone(30, 90, ring) / zone(0, 90, ring)
    assert north == pytest.approx(share, abs=0.04)
    assert points == rows_of_points(ee.FeatureCollection.randomPoints(region, 2000, 7))
    assert points != rows_of_points(ee.FeatureCollection.randomPoints(region, 2000, 8))
    line = ee.Geometry.LineString([[0, 0], [10, 0]], None, False)
    along = rows_of_points(ee.FeatureCollection.randomPoints(line, 50))
    assert all(lat == 0 and 0 <= lon <= 10 for lon, lat in along)


def rows_of_points(collection: ee.FeatureCollection) -> list[list[float]]:
    return [f["geometry"]["coordinates"] for f in COMPUTE(collection)["features"]]


def zone(south: float, north: float, ring: list[tuple[int, int]]) -> float:
    """The share of a polygon between two latitudes, by many thin slices of a sphere."""
    total = 0.0
    for lat in np.arange(max(south, 0) + 0.05, min(north, 70), 0.1):
        inside = Polygon(ring).intersection(Polygon([(-9, lat), (99, lat), (99, lat + 1e-9)]))
        total += (inside.bounds[2] - inside.bounds[0]) * math.cos(math.radians(lat))
    return total

"""Geometries on the Earth: areas, edges, and what they make together."""

from __future__ import annotations

import math

import ee
import pytest
from shapely.geometry import box

from tests.unit.local_earthengine.world import NAME, World, speckle


def test_geometries_know_their_area_and_the_rest_of_the_earth() -> None:
    made = World()
    ring = [[[14, -18], [15, -18], [15, -17], [14, -17], [14, -18]]]
    clockwise = [ring[0][::-1]]
    earth = 510_065_621_724_089

    area = made.compute(ee.Geometry.Polygon(ring, None, False).area())
    same_area = made.compute(ee.Geometry.Polygon(clockwise, None, False).area())
    rest = made.compute(ee.Geometry.Polygon(clockwise, None, False, None, False).area())

    assert area == pytest.approx(1.174e10, rel=5e-3)
    assert same_area == pytest.approx(area)
    assert rest == pytest.approx(earth - area, rel=1e-3)


def test_geometries_are_combined_and_compared() -> None:
    made = World()
    one = ee.Geometry.Rectangle([0, 0, 2, 2], None, False)
    other = ee.Geometry.Rectangle([1, 1, 3, 3], None, False)

    assert made.compute(one.intersects(other))
    assert made.compute(one.intersection(other).bounds().coordinates()) == [
        [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    ]
    assert not made.compute(one.contains(other))
    buffered = made.compute(ee.Geometry.Point([15, -18]).buffer(1000).area())
    assert buffered == pytest.approx(math.pi * 1e6, rel=0.01)


def test_geodesic_edges_bulge_towards_the_pole_and_planar_ones_do_not() -> None:
    made = World()
    ring = [[[0, 50], [60, 50], [60, 40], [0, 40], [0, 50]]]
    point = ee.Geometry.Point([30, 52])

    assert made.compute(ee.Geometry.Polygon(ring).contains(point))
    assert not made.compute(ee.Geometry.Polygon(ring, None, False).contains(point))


def test_collections_cover_the_union_of_their_scenes() -> None:
    made = World()
    made.add({"v": speckle((3, 3), 1)}, footprint=box(0, 0, 2, 2))
    made.add({"v": speckle((3, 3), 1)}, footprint=box(1, 0, 3, 2))
    bounds = made.compute(ee.ImageCollection(NAME).geometry().bounds().coordinates())
    assert bounds == [[[0, 0], [3, 0], [3, 2], [0, 2], [0, 0]]]

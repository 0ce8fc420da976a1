"""Geometries: made, combined and measured; lengths on a sphere of the same size, within 0.6 %."""

from __future__ import annotations

import math
from typing import Any

import ee
import pytest
from shapely.geometry import shape

from tests.unit.local_earthengine.world import World

RADIUS = 6_371_008.8
DEGREE = math.radians(1) * RADIUS


def box(west: float, south: float, east: float, north: float) -> Any:
    return ee.Geometry.Rectangle([west, south, east, north], None, False)


def compute(value: Any) -> Any:
    return World().compute(value)


def constructed(kind: str, *arguments: Any) -> Any:
    """By the server: coordinates that are computed are not put together in the client."""
    return ee.Geometry(ee.ApiFunction.call_(f"GeometryConstructors.{kind}", *arguments))


MADE: dict[str, tuple[Any, str, Any]] = {
    "a line": (lambda: constructed("LineString", [[0, 0], [1, 2]]), "LineString", [[0, 0], [1, 2]]),
    "numbers in a row": (
        lambda: constructed("LineString", [0, 0, 1, 2]), "LineString", [[0, 0], [1, 2]]),
    "a ring is closed": (
        lambda: constructed("LinearRing", [[0, 0], [1, 0], [1, 2]]), "LinearRing",
        [[0, 0], [1, 0], [1, 2], [0, 0]]),
    "points": (lambda: constructed("MultiPoint", [[0, 1], [2, 3]]), "MultiPoint", [[0, 1], [2, 3]]),
    "lines": (
        lambda: constructed("MultiLineString", [[[0, 0], [1, 2]], [[3, 3], [4, 4]]]),
        "MultiLineString", [[[0, 0], [1, 2]], [[3, 3], [4, 4]]]),
    "a box": (
        lambda: constructed("BBox", -1, -2, 3, 4), "Polygon",
        [[[-1, -2], [3, -2], [3, 4], [-1, 4], [-1, -2]]]),
}  # fmt: skip


@pytest.mark.parametrize("case", MADE)
def test_a_constructor_makes_its_kind_with_its_coordinates(case: str) -> None:
    make, kind, coordinates = MADE[case]
    assert compute(make().type()) == kind
    assert compute(make().coordinates()) == coordinates


def test_a_geometry_collection_gives_its_geometries() -> None:
    line = ee.Geometry.LineString([[0, 0], [1, 1]])
    whole = constructed("MultiGeometry", [ee.Geometry.Point([5, 5]), line, box(3, 0, 4, 1)])
    assert compute(whole.type()) == "GeometryCollection"
    parts = whole.geometries().map(lambda part: ee.Geometry(part).type())
    assert compute(parts) == ["Point", "LineString", "Polygon"]
    assert compute(line.geometries().size()) == 1


ONE, OTHER, APART = (0, 0, 2, 2), (1, 1, 3, 3), (7, 7, 8, 8)
AREAS = {"union": 7.0, "intersection": 1.0, "difference": 3.0, "symmetricDifference": 6.0}


@pytest.mark.parametrize("name", AREAS)
def test_two_boxes_combine_to_the_area_they_should(name: str) -> None:
    found = shape(compute(getattr(box(*ONE), name)(box(*OTHER))))
    assert found.area == pytest.approx(AREAS[name])
    assert found.bounds[:2] == ((1, 1) if name == "intersection" else (0, 0))


def test_disjoint_and_contained_boxes_are_told() -> None:
    assert compute(box(*ONE).disjoint(box(*APART))) is True
    assert compute(box(*ONE).disjoint(box(*OTHER))) is False
    assert compute(box(1, 1, 2, 2).containedIn(box(*ONE))) is True
    assert compute(box(*ONE).containedIn(box(1, 1, 2, 2))) is False


def test_hulls_dissolved_and_simplified_shapes_are_as_drawn() -> None:
    points = ee.Geometry.MultiPoint([[0, 0], [4, 0], [4, 4], [0, 4], [1, 1]])
    hull = shape(compute(points.convexHull()))
    assert hull.equals(shape({"type": "Polygon", "coordinates": [
        [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]}))  # fmt: skip
    assert compute(ee.Geometry.Point([3, 4]).convexHull().type()) == "Point"
    parts = ee.Geometry.MultiPolygon([[box_ring(*ONE)], [box_ring(*OTHER)]], None, False)
    united = shape(compute(parts.dissolve()))
    assert (united.geom_type, united.area) == ("Polygon", pytest.approx(7))
    bent = ee.Geometry.LineString([[0, 0], [1, 0.0001], [2, 0]], None, False)
    assert compute(bent.simplify(100).coordinates()) == [[0, 0], [2, 0]]
    assert compute(bent.simplify(1).coordinates()) == [[0, 0], [1, 0.0001], [2, 0]]


def box_ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def test_the_centre_is_that_of_the_parts_of_most_dimensions() -> None:
    assert compute(box(0, 0, 2, 2).centroid().coordinates()) == pytest.approx([1, 1], abs=1e-3)
    mixed = constructed("MultiGeometry", [ee.Geometry.Point([50, 50]), box(0, 0, 2, 2)])
    assert compute(mixed.centroid().coordinates()) == pytest.approx([1, 1], abs=1e-3)


LINE = [[0.0, 0.0], [0.0, 1.0], [2.0, 1.0]]
LENGTH = DEGREE + 2 * DEGREE * math.cos(math.radians(1))
AROUND = 2 * DEGREE + DEGREE * (1 + math.cos(math.radians(1)))
MEASURES: dict[str, tuple[Any, float]] = {
    "the length of a line": (lambda: ee.Geometry.LineString(LINE).length(), LENGTH),
    "of lines": (
        lambda: ee.Geometry.MultiLineString([LINE, [[5, 0], [6, 0]]]).length(), LENGTH + DEGREE),
    "of an area": (lambda: box(0, 0, 1, 1).length(), 0),
    "of a point": (lambda: ee.Geometry.Point([1, 1]).length(), 0),
    "the perimeter of a box": (lambda: box(0, 0, 1, 1).perimeter(), AROUND),
    "of two boxes": (
        lambda: ee.Geometry.MultiPolygon(
            [[box_ring(0, 0, 1, 1)], [box_ring(5, 0, 6, 1)]], None, False).perimeter(), 2 * AROUND),
    "of a line": (lambda: ee.Geometry.LineString(LINE).perimeter(), 0),
    "of a place": (lambda: ee.Geometry.Point([1, 1]).perimeter(), 0),
    "a distance": (lambda: ee.Geometry.Point([0, 0]).distance(box(3, -1, 4, 1)), 3 * DEGREE),
    "no distance": (lambda: box(*ONE).distance(box(*OTHER)), 0),
}  # fmt: skip


@pytest.mark.parametrize("case", MEASURES)
def test_a_measure_is_that_of_a_sphere_of_the_same_size(case: str) -> None:
    make, expected = MEASURES[case]
    assert compute(make()) == pytest.approx(expected, rel=6e-3)


def test_a_geometry_tells_its_edges_ends_and_projection() -> None:
    geodesic = ee.Geometry.LineString(LINE)
    planar = ee.Geometry.LineString(LINE, None, False)
    assert [compute(line.geodesic()) for line in (geodesic, planar)] == [True, False]
    assert [compute(line.edgesAreGeodesics()) for line in (geodesic, planar)] == [True, False]
    assert compute(box(*ONE).isUnbounded()) is False
    assert compute(ee.Image(1).geometry().isUnbounded()) is True
    assert compute(geodesic.projection().crs()) == "EPSG:4326"
    metric = ee.Geometry.LineString([[5e5, 0], [5e5, 10]], "EPSG:32633")
    assert compute(metric.projection().crs()) == "EPSG:32633"

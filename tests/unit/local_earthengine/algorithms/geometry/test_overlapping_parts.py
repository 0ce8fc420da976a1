"""Geometry algebra of MultiPolygons whose parts overlap, against counted squares."""

from __future__ import annotations

from itertools import product
from typing import Any

import ee
import pytest

from tests.unit.local_earthengine.world import World

Box = tuple[int, int, int, int]
COMPUTE = World().compute
OTHER: Box = (3, 3, 7, 5)
CASES: dict[str, list[Box]] = {
    "two that overlap": [(0, 0, 4, 4), (2, 2, 6, 6)],
    "three in a row": [(0, 0, 3, 2), (2, 0, 5, 2), (4, 0, 8, 4)],
    "one within another": [(0, 0, 8, 8), (2, 2, 4, 4)],
    "the same twice": [(1, 1, 5, 5), (1, 1, 5, 5)],
    "two that share an edge": [(0, 0, 4, 4), (4, 0, 8, 4)],
    "two apart": [(0, 0, 2, 2), (5, 6, 7, 8)],
}


def ring(box: Box) -> list[list[float]]:
    west, south, east, north = (value / 100 for value in box)
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def many(boxes: list[Box]) -> Any:
    return ee.Geometry.MultiPolygon([[ring(box)] for box in boxes], None, False)


def squares(boxes: list[Box]) -> set[tuple[int, int]]:
    return {
        place
        for west, south, east, north in boxes
        for place in product(range(west, east), range(south, north))
    }


@pytest.mark.parametrize("case", CASES)
def test_what_two_make_is_the_squares_that_they_cover(case: str) -> None:
    boxes = CASES[case]
    geometry, other = many(boxes), ee.Geometry.Polygon([ring(OTHER)], None, False)
    mine, theirs = squares(boxes), squares([OTHER])

    def count(made: Any) -> float:
        return float(COMPUTE(made.area(1, ee.Projection("EPSG:4326")))) * 10_000

    assert count(geometry.union(other, 1)) == pytest.approx(len(mine | theirs))
    assert count(geometry.intersection(other, 1)) == pytest.approx(len(mine & theirs))
    assert count(geometry.difference(other, 1)) == pytest.approx(len(mine - theirs))
    assert count(other.difference(geometry, 1)) == pytest.approx(len(theirs - mine))
    assert count(geometry.symmetricDifference(other, 1)) == pytest.approx(len(mine ^ theirs))
    assert bool(COMPUTE(geometry.intersects(other, 1))) == bool(mine & theirs)
    assert bool(COMPUTE(geometry.contains(other, 1))) == (theirs <= mine)
    assert count(geometry) == pytest.approx(len(mine))
    each = COMPUTE(ee.Geometry.Polygon([ring((0, 0, 1, 1))], None, False).area(1))
    assert COMPUTE(geometry.area(1)) == pytest.approx(len(mine) * each, rel=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_its_coordinates_stay_as_given(case: str) -> None:
    boxes = CASES[case]
    assert COMPUTE(many(boxes))["coordinates"] == [[ring(box)] for box in boxes]
    assert COMPUTE(many(boxes).geometries().size()) == len(boxes)

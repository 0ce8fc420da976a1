"""Boxes as wide as the Earth: the slices over them are found, and the others not looked at."""

from __future__ import annotations

import pytest
from shapely import box

from local_earthengine.scenes.synthetic.passes import (
    SLICES_IN_ORBIT,
    Slice,
    slices_near,
    slices_over,
)

ORBITS = (1, 60, 175)
BELTS = [
    (-180.0, 81.0, 180.0, 81.5),
    (-180.0, 82.0, 180.0, 90.0),
    (-180.0, -1.0, 180.0, 1.0),
    (-180.0, -79.0, 180.0, -78.0),
    (-100.0, 40.0, 100.0, 41.0),
    (100.0, 40.0, 300.0, 41.0),
]


@pytest.mark.parametrize("bounds", BELTS)
def test_the_slices_over_a_belt_are_all_that_meet_it(
    bounds: tuple[float, float, float, float],
) -> None:
    west, south, east, north = bounds
    areas = [box(west - turn, south, east - turn, north) for turn in (0, 360)]
    made = [Slice(orbit, number) for orbit in ORBITS for number in range(SLICES_IN_ORBIT)]
    meeting = {
        (piece.relative_orbit, piece.number)
        for piece in made
        if any(piece.footprint.intersects(area) for area in areas)
    }
    found = {(piece.relative_orbit, piece.number) for piece in slices_over(bounds)}
    assert {each for each in found if each[0] in ORBITS} == meeting
    assert slices_near(bounds) < 175 * SLICES_IN_ORBIT / 4

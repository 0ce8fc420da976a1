"""Grids: their tiles, and whether two lie on one lattice."""

from __future__ import annotations

import pytest

from local_earthengine.geo.pixelgrid import PixelGrid


@pytest.mark.parametrize("size", [1, 3, 7])
def test_tiles_cover_a_grid_once(size: int) -> None:
    grid = PixelGrid("EPSG:4326", (0.1, 0.0, 3.0, 0.0, -0.1, 7.0), 10, 8)
    covered = [
        (place[0] + col, place[1] + row)
        for tile in grid.tiles(size)
        for place in [grid.offset(tile)]
        if place is not None
        for row in range(tile.height)
        for col in range(tile.width)
    ]
    assert sorted(covered) == [(col, row) for col in range(10) for row in range(8)]


def test_lattices_that_are_half_a_pixel_apart_are_not_one() -> None:
    grid = PixelGrid("EPSG:4326", (0.1, 0.0, 3.0, 0.0, -0.1, 7.0), 10, 8)
    assert grid.offset(grid.window(2, -3, 4, 4)) == (2, -3)
    shifted = PixelGrid("EPSG:4326", (0.1, 0.0, 3.05, 0.0, -0.1, 7.0), 4, 4)
    assert grid.offset(shifted) is None
    assert grid.contains(grid.window(2, 3, 8, 5))
    assert not grid.contains(grid.window(2, 3, 9, 5))
    assert grid.bounds == pytest.approx((3.0, 6.2, 4.0, 7.0))

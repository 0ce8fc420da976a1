"""Parts of an area that lie far apart: a grid each, where one over all would be mostly sea."""

from collections.abc import Sequence
from itertools import accumulate

import shapely

from s1ratio import grid
from s1ratio.aoi import Aoi
from s1ratio.crs import is_geographic, projected
from s1ratio.grid import PixelGrid

MAX_PARTS = 8  # each is an export task of its own for each orbit
# Pixels that a cut saves at least: a gigabyte of each band. Neighbours stay in one file.
WORTH_A_CUT = 250_000_000
_AXES = (0, 1)
Box = tuple[int, int, int, int]  # left, bottom, right, top in whole pixels


def grids_of_parts(aoi: Aoi, crs: str, scale: float) -> list[PixelGrid]:
    """Return grids that cover an area, on one lattice; `scale` in metres.

    They are those of `grid.grids`, cut along rows or columns without any of the area as long as a
    cut leaves at most half of the pixels, and saves very many.
    """
    whole = grid.grids(aoi, crs, scale)
    shapes = aoi.sides if is_geographic(whole[0].crs) else (aoi.unwrapped,)
    found = []
    for one, shape in zip(whole, shapes, strict=True):
        if one.pixels <= WORTH_A_CUT:
            found.append([_box(one)])
        else:
            found.append(_apart([_box(each) for each in _coverings(shape, one)]))
    first = whole[0]
    return [
        PixelGrid(first.crs, first.size, left, top, right - left, top - bottom)
        for boxes in found
        for left, bottom, right, top in boxes
    ]


def _coverings(shape: shapely.Geometry, one: PixelGrid) -> list[PixelGrid]:
    parts = shapely.get_parts(shape)
    return [grid.covering(projected(part, one.crs).bounds, one.crs, one.size) for part in parts]


def _box(one: PixelGrid) -> Box:
    return one.left, one.top - one.height, one.left + one.width, one.top


def _apart(boxes: list[Box]) -> list[Box]:
    """Return few boxes that hold all others: the one around them, cut where that saves most."""
    groups = [boxes]
    while len(groups) < MAX_PARTS:
        cuts = [(saved, i, halves) for i, each in enumerate(groups) for saved, halves in _cut(each)]
        if not cuts:
            break
        _, i, halves = max(cuts, key=lambda cut: cut[0])
        groups[i : i + 1] = halves
    return [_around(group) for group in groups]


def _cut(boxes: list[Box]) -> list[tuple[int, list[list[Box]]]]:
    """Return the best cut of some boxes in two, with the pixels that it saves; none without."""
    if len(boxes) < 2:
        return []
    whole = _pixels(_around(boxes))
    best: tuple[int, list[list[Box]]] | None = None
    for axis in _AXES:
        order = sorted(boxes, key=lambda box: box[axis])
        before = list(accumulate(order, _joined))
        after = list(accumulate(order[::-1], _joined))[::-1]
        for i in range(1, len(order)):
            left = _pixels(before[i - 1]) + _pixels(after[i])
            apart = before[i - 1][axis + 2] <= after[i][axis]
            worth = apart and 2 * left <= whole and whole - left >= WORTH_A_CUT
            if worth and (best is None or whole - left > best[0]):
                best = whole - left, [order[:i], order[i:]]
    return [] if best is None else [best]


def _joined(one: Box, other: Box) -> Box:
    return (
        min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]),
    )  # fmt: skip


def _around(boxes: Sequence[Box]) -> Box:
    *_, last = accumulate(boxes, _joined)
    return last


def _pixels(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])

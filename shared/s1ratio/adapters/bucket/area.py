"""How much of an area has data, told by those blocks of a GeoTIFF that are decoded anyway.

Where these are all of its pixels, they are counted. Of a larger file an overview shows where data
lie, but not how densely: one of its pixels may have data where a single one under it has. How many
have, is asked of the decoded pixels that lie under such as it (an estimate by strata).
"""

from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import box

from s1ratio.adapters.bucket.levels import Level, Pixels, Window
from s1ratio.ports import AreaSample

_PARTS = 4  # of an overview's pixel, down and across: how much of it lies in the area
_BESIDE = 0.01  # the weight of a pixel beside the area: it tells only where few inside do
_AROUND = 9  # a pixel and its neighbours


@dataclass(frozen=True)
class _Block:
    """Pixels, of shape (height, width): how much of each lies in the area, which have data.

    `twice`: which have data of two passes.
    """

    window: Window
    inside: Any
    valid: Any
    twice: Any


class AreaTally:
    """One file's pixels in an area (in its crs) as they are decoded; the first band tells of data.

    `counts` tells which bands count passes: there what is over 0 is data.
    """

    def __init__(self, area: shapely.Geometry, base: Level, counts: tuple[bool, ...]) -> None:
        self._area, self._base = area, base
        self._first_counts = counts[:1] == (True,)
        self._count = counts.index(True) if True in counts else None
        self._blocks: list[_Block] = []
        self._overview: list[_Block] = []

    def add(self, level: Level, window: Window, pixels: Pixels) -> None:
        """Take in a block that was decoded: once, and of overviews those of one alone."""
        valid = pixels.valid[0]
        if self._first_counts:
            valid = valid & (pixels.values[0] > 0)
        twice = valid & False
        if self._count is not None:
            twice = pixels.valid[self._count] & (pixels.values[self._count] >= 2)
        block = _Block(window, self._inside(level, window), valid, twice)
        (self._overview if level.number else self._blocks).append(block)

    def measure(self, survey: Level | None) -> AreaSample | None:
        """Return what the file has of the area; None where nothing of that can be told.

        `survey` is the level that was added as a whole, if one was.
        """
        counted, valid, twice = _sums(self._blocks)
        pixels = self._size()
        if survey is not None and survey.number == 0:
            pixels = counted
        elif survey is not None:
            each = self._base.height * self._base.width / (survey.height * survey.width)
            valid = min(pixels, each * self._estimate(survey, "valid"))
            twice = min(pixels, each * self._estimate(survey, "twice"))
        elif counted:
            valid, twice = valid / counted * pixels, twice / counted * pixels
        elif pixels:
            return None
        return AreaSample(pixels, valid, None if self._count is None else twice, counted)

    def _inside(self, level: Level, window: Window) -> Any:
        """Return how much of each pixel lies in the area: by its centre, or its parts' centres."""
        import numpy as np  # noqa: PLC0415 - comes with rasterio
        from rasterio.features import rasterize  # noqa: PLC0415
        from rasterio.transform import Affine  # noqa: PLC0415

        parts = _PARTS if level.number else 1
        height, width = window.bottom - window.top, window.right - window.left
        if self._area.is_empty:
            return np.zeros((height, width), np.float32)
        mask = rasterize(
            [(self._area, 1)],
            out_shape=(height * parts, width * parts),
            transform=Affine(*level.transform_at(window.left, window.top, parts)),
            dtype="uint8",
        )
        return mask.reshape(height, parts, width, parts).mean(axis=(1, 3), dtype=np.float32)

    def _size(self) -> float:
        """Return the area's size within the file, in pixels."""
        base = self._base
        a, b, left, d, e, top = base.transform_at(0, 0, 1)
        _, _, right, _, _, bottom = base.transform_at(base.width, base.height, 1)
        within = shapely.intersection(self._area, box(left, bottom, right, top))
        return float(within.area) / abs(a * e - b * d)

    def _estimate(self, survey: Level, name: str) -> float:
        """Return how many pixels of an overview lie in the area and have data, as far as they do.

        Its pixels are told apart by how many of them and their neighbours show data; of each kind
        as many are taken to have data as of those finer pixels under it that were counted.
        """
        import numpy as np  # noqa: PLC0415 - comes with rasterio

        shape = survey.height, survey.width
        inside, data = np.zeros(shape, np.float32), np.zeros(shape, bool)
        for part in self._overview:
            window = part.window
            place = np.s_[window.top : window.bottom, window.left : window.right]
            inside[place], data[place] = part.inside, getattr(part, name)
        kinds = _count_around(data)
        seen, filled = np.zeros(_AROUND + 1), np.zeros(_AROUND + 1)
        for block in self._blocks:
            down = _over(block.window.top, block.window.bottom, survey.height / self._base.height)
            across = _over(block.window.left, block.window.right, survey.width / self._base.width)
            kind = kinds[np.ix_(down, across)].ravel()
            weight = block.inside + _BESIDE
            seen += np.bincount(kind, weight.ravel(), _AROUND + 1)
            filled += np.bincount(kind, (weight * getattr(block, name)).ravel(), _AROUND + 1)
        unseen = np.arange(_AROUND + 1) / _AROUND
        density = np.divide(filled, seen, out=unseen, where=seen > 0)
        return float(density @ np.bincount(kinds.ravel(), inside.ravel(), _AROUND + 1))


def _sums(blocks: list[_Block]) -> tuple[float, float, float]:
    inside = sum(float(block.inside.sum(dtype=float)) for block in blocks)
    valid = sum(float(block.inside[block.valid].sum(dtype=float)) for block in blocks)
    twice = sum(float(block.inside[block.twice].sum(dtype=float)) for block in blocks)
    return inside, valid, twice


def _count_around(data: Any) -> Any:
    """Return of each pixel how many have data of it and its eight neighbours."""
    import numpy as np  # noqa: PLC0415 - comes with rasterio

    wide = np.pad(data, 1)
    height, width = data.shape
    found = np.zeros(data.shape, np.intp)
    for down in range(3):
        for across in range(3):
            found += wide[down : down + height, across : across + width]
    return found


def _over(start: int, stop: int, factor: float) -> list[int]:
    """Return for each pixel from start to stop that of the overview over its centre."""
    return [int((pixel + 0.5) * factor) for pixel in range(start, stop)]

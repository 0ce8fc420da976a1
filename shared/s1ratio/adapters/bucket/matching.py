"""Matching: how the pixels of an overview agree with the finer ones that lie under them.

Each is compared with its own finer pixels and those of its eight neighbours: whatever made it,
took it from there.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from s1ratio.adapters.bucket.levels import Pixels
from s1ratio.ports import LevelMatch

_MARGIN = 0.25  # of a neighbourhood's range: what a sharp filter overshoots
_FEW = 64  # pixels: fewer tell nothing


@dataclass(frozen=True)
class Cells:
    """Where in finer pixels those of an overview begin, and where the last one ends."""

    rows: list[int]
    columns: list[int]

    @property
    def sizes(self) -> Any:
        """How many finer pixels lie under each."""
        return np.outer(np.diff(self.rows), np.diff(self.columns))

    def reduce(self, by: Any, array: Any) -> Any:
        """Return what each cell of an array of finer pixels is reduced to."""
        inside = array[: self.rows[-1], : self.columns[-1]]
        return by.reduceat(by.reduceat(inside, self.rows[:-1], axis=0), self.columns[:-1], axis=1)

    def reduce_around(self, by: Any, array: Any) -> Any:
        """Return the same of each cell with its eight neighbours, but for the outermost."""
        cells = self.reduce(by, array)
        across = by(by(cells[:, :-2], cells[:, 1:-1]), cells[:, 2:])
        return by(by(across[:-2], across[1:-1]), across[2:])


def match(level: int, fine: Pixels, coarse: Pixels, cells: Cells) -> list[LevelMatch]:
    """Compare an overview's pixels with the finer ones in their cells, in each band."""
    with np.errstate(all="ignore"):  # garbled pixels may be any number
        return [_match_band(level, band, fine, coarse, cells) for band in range(len(fine.values))]


def _match_band(level: int, band: int, fine: Pixels, coarse: Pixels, cells: Cells) -> LevelMatch:
    values, valid = fine.values[band].astype(np.float64), fine.valid[band]
    shown = coarse.values[band].astype(np.float64)[1:-1, 1:-1]
    shows = coarse.valid[band][1:-1, 1:-1]
    low = cells.reduce_around(np.minimum, np.where(valid, values, np.inf))
    high = cells.reduce_around(np.maximum, np.where(valid, values, -np.inf))
    full = cells.reduce_around(np.logical_and, valid)
    empty = ~cells.reduce_around(np.logical_or, valid)
    margin = _MARGIN * (high - low) + 1e-5 * np.abs(high)
    strange = ~shows | ~((shown >= low - margin) & (shown <= high + margin))
    both = full & shows
    means = cells.reduce(np.add, np.where(valid, values, 0.0)) / cells.sizes
    squares = cells.reduce(np.add, np.where(valid, values, 0.0) ** 2) / cells.sizes
    within = np.maximum(squares - means**2, 0)[1:-1, 1:-1][both]
    return LevelMatch(
        level,
        band,
        int(full.sum() + empty.sum()),
        int(((full & strange) | (empty & shows)).sum()),
        *_likeness(_beside(means, both), shown[both], within, math.sqrt(cells.sizes.mean())),
    )


def _beside(means: Any, where: Any) -> list[Any]:
    """Return the means of cells under an overview's pixels, then of those beside them."""
    height, width = where.shape
    shifts = [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)]
    return [means[1 + y : 1 + y + height, 1 + x : 1 + x + width][where] for y, x in shifts]


def _likeness(
    beside: list[Any], shown: Any, within: Any, side: float
) -> tuple[float, float, float]:
    """Return (alike, least, shift) of an overview's pixels and the means under them.

    `within` are the variances of the cells, `side` is a cell's side. A finer pixel correlates with
    the mean of its cell by 1 / side if all are noise alone, and more where cells differ more than
    what is in them. An overview may lie askew: what is beside it counts as well.
    """
    means = beside[0]
    if means.size < _FEW:
        return math.nan, math.nan, 0.0
    between, inside = float(means.std()), math.sqrt(within.mean())
    spread = math.hypot(between, inside)
    shift = abs(float(shown.mean() - means.mean())) / spread if spread else 0.0
    least = math.nan
    if means.size >= (10 * side) ** 2:  # then chance gives less than that
        least = 0.4 / side
    if between > inside:
        least = 0.3
    if not between or not shown.std() or math.isnan(least):
        return math.nan, math.nan, shift
    ranks = _ranks(shown)
    return max(_correlate(_ranks(each), ranks) for each in beside), least, shift


def _correlate(one: Any, other: Any) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _ranks(values: Any) -> Any:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable")

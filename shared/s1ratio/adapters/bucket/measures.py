"""Measures: what some decoded pixels hold, band by band."""

import math
from typing import Any

import numpy as np

from s1ratio.adapters.bucket.levels import Pixels
from s1ratio.ports import BandSample

CELL = 8  # px a side


def measure(pixels: Pixels, counts: tuple[bool, ...]) -> tuple[BandSample, ...]:
    """Return what each band holds; `counts` tells which of them are counts."""
    with np.errstate(all="ignore"):  # garbled pixels may be any number
        return tuple(
            _measure_band(values, valid, is_count)
            for values, valid, is_count in zip(pixels.values, pixels.valid, counts, strict=True)
        )


def _measure_band(values: Any, valid: Any, is_count: bool) -> BandSample:
    filled = valid & (values > 0) if is_count else valid
    some = values[valid].astype(np.float64)
    low, high = (float(some.min()), float(some.max())) if some.size else (math.nan, math.nan)
    most = np.quantile(some, [0.05, 0.95]) if some.size else (math.nan, math.nan)
    area = _cell_areas(values.shape)
    zero = _cells(np.logical_and, valid & (values == 0)) & (area == CELL * CELL)
    return BandSample(
        valid=int(valid.sum()),
        filled=int(filled.sum()),
        seen=int(area[_cells(np.logical_or, filled)].sum()),
        zero_cells=int(zero.sum()),
        fractions=int(np.count_nonzero(some != np.floor(some))) if is_count else 0,
        low=low,
        high=high,
        most=(float(most[0]), float(most[1])),
    )


def _cells(reduce: Any, array: Any) -> Any:
    rows, columns = (np.arange(0, side, CELL) for side in array.shape)
    return reduce.reduceat(reduce.reduceat(array, rows, axis=0), columns, axis=1)


def _cell_areas(shape: tuple[int, int]) -> Any:
    sides = (np.diff([*range(0, side, CELL), side]) for side in shape)
    return np.outer(*sides)

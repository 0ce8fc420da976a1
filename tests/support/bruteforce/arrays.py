"""Windows in space and statistics in time, over stacks in which NaN is masked."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.support.bruteforce.lattice import Array


def margin_of(speckle: Mapping[str, Any], metres: float) -> int:
    if speckle["filter"] == "none":
        return 0
    if speckle["filter"] == "boxcar":
        return int(speckle["size_px"]) // 2
    return math.floor(float(speckle["radius_m"]) / metres + 1e-9)


def smooth(band: Array, speckle: Mapping[str, Any], metres: float) -> Array:
    """The filtered band: over the window's valid pixels, whether the centre is one or not."""
    reach = margin_of(speckle, metres)
    if speckle["filter"] == "none":
        return band
    if speckle["filter"] == "boxcar":
        return _mean(_windows(band, reach, lambda *_: True))
    radius = float(speckle["radius_m"]) / metres + 1e-9
    return median(_windows(band, reach, lambda dx, dy: dx * dx + dy * dy <= radius * radius))


def _windows(band: Array, reach: int, within: Callable[[int, int], bool]) -> Array:
    """The band shifted by every offset of a window, stacked; NaN comes in at the borders."""
    height, width = band.shape
    wide = np.pad(band, reach, constant_values=np.nan)
    span = range(-reach, reach + 1)
    shifts = [(dx, dy) for dy in span for dx in span if within(dx, dy)]
    return np.array([wide[reach + dy :, reach + dx :][:height, :width] for dx, dy in shifts])


def median(stack: Array) -> Array:
    """The median of the valid values along the first axis; of an even count, the middle two's."""
    count = np.sum(~np.isnan(stack), axis=0)
    ordered = np.sort(stack, axis=0)  # NaN last
    low = np.take_along_axis(ordered, np.maximum((count - 1) // 2, 0)[None], axis=0)[0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, len(stack) - 1)[None], axis=0)[0]
    return np.asarray(np.where(count > 0, (low + high) / 2, np.nan))


def _count(stack: Array) -> Array:
    return np.asarray(np.sum(~np.isnan(stack), axis=0), float)


def _mean(stack: Array) -> Array:
    count = _count(stack)
    total = np.sum(np.nan_to_num(stack), axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _std_dev(stack: Array) -> Array:
    """Of the population: divided by n."""
    return np.sqrt(_mean((stack - _mean(stack)) ** 2))


def _extreme(worst: float, choose: Callable[..., Array]) -> Callable[[Array], Array]:
    def of(stack: Array) -> Array:
        found = choose(np.where(np.isnan(stack), worst, stack), axis=0)
        return np.where(_count(stack) > 0, found, np.nan)

    return of


STATISTICS: dict[str, Callable[[Array], Array]] = {
    "median": median,
    "stdDev": _std_dev,
    "mean": _mean,
    "min": _extreme(np.inf, np.min),
    "max": _extreme(-np.inf, np.max),
    "count": _count,
}

"""Statistics of the neighbourhood of every pixel: moments, medians, extremes, and the stack itself.

Margins as the package says: (h + kh - 1, w + kw - 1) in, (h, w) out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy import ndimage

Values = NDArray[Any]
Mask = NDArray[np.bool_]
Result = tuple[Values, Mask]

# The rows of a chunk: what is gathered for them should stay in the processor's cache.
_CHUNK_BYTES = 4_000_000
_ROUNDING = 1e-14
_THREADS = os.cpu_count() or 1


def weighted_sum(values: Values, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of the weighted neighbours, in double precision.

    An equal weight for all is fast.
    """
    data = values.astype(np.float64, copy=False)
    height, width = weights.shape
    if np.all(weights == weights.flat[0]):
        rows = ndimage.correlate1d(data, np.ones(height), axis=0, mode="constant")
        sums = ndimage.correlate1d(rows, np.ones(width), axis=1, mode="constant") * weights.flat[0]
    else:
        sums = ndimage.correlate(data, weights, mode="constant")
    return _inner(sums, weights.shape)


def _inner(array: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return where the whole footprint lies within the array."""
    height, width = array.shape[0] - shape[0] + 1, array.shape[1] - shape[1] + 1
    top, left = shape[0] // 2, shape[1] // 2
    return array[top : top + height, left : left + width]


def mean(values: Values, valid: Mask, weights: NDArray[np.float64]) -> Result:
    """Return the weighted mean of the valid neighbours; masked where they have no weight."""
    weight = _total_weight(valid, weights)
    # In double precision: a mean of zeros and their opposites must be 0, not a rounding.
    sums = weighted_sum(np.where(valid, values, 0), weights)
    some = weight > 0.0
    return np.where(some, sums / np.where(some, weight, 1.0), 0.0), some


def variance(values: Values, valid: Mask, weights: NDArray[np.float64]) -> Result:
    """Return the population's weighted variance of the valid neighbours; masked as the mean is."""
    # Centred first: a variance by the mean of squares loses the digits that the mean takes.
    centre = float(values[valid].mean(dtype=np.float64)) if valid.any() else 0.0
    data = np.where(valid, values.astype(np.float64, copy=False) - centre, 0.0)
    weight = _total_weight(valid, weights)
    some = weight > 0.0
    divisor = np.where(some, weight, 1.0)
    shift = weighted_sum(data, weights) / divisor
    squares = weighted_sum(data * data, weights) / divisor
    spread = squares - shift * shift
    # What is within the rounding of the difference is none: equal neighbours have no variance.
    return np.where(some & (spread > _ROUNDING * squares), spread, 0.0), some


def _total_weight(valid: Mask, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weight of the valid neighbours.

    One that is but rounding of an empty window is none.
    """
    weight = weighted_sum(valid, weights)
    weight[np.abs(weight) < 1e-9 * np.abs(weights).sum()] = 0.0
    return weight


def count(valid: Mask, footprint: Mask) -> NDArray[np.int64]:
    """Return how many neighbours are valid."""
    height, width = _output(valid, footprint)
    sums = np.zeros((valid.shape[0], valid.shape[1] + 1), np.int64)
    np.cumsum(valid, axis=1, out=sums[:, 1:])
    found = np.zeros((height, width), np.int64)
    for row, col, length in _runs(footprint):
        band = sums[row : row + height]
        found += band[:, col + length : col + length + width] - band[:, col : col + width]
    return found


def smallest(values: Values, valid: Mask, footprint: Mask) -> Result:
    """Return the least valid neighbour."""
    low, some = largest(-_signed(values), valid, footprint)
    return (-low).astype(values.dtype), some


def largest(values: Values, valid: Mask, footprint: Mask) -> Result:
    """Return the greatest valid neighbour."""
    kind = values.dtype
    bottom = -np.inf if kind.kind == "f" else np.iinfo(kind).min
    best = np.full(_output(values, footprint), bottom, kind)
    some = np.zeros(best.shape, np.bool_)
    filled = np.where(valid, values, kind.type(bottom))
    for row, col in np.argwhere(footprint):
        window = slice(row, row + best.shape[0]), slice(col, col + best.shape[1])
        np.maximum(best, filled[window], out=best)
        some |= valid[window]
    return np.where(some, best, kind.type(0)), some


def _signed(values: Values) -> Values:
    return values if values.dtype.kind == "f" else values.astype(np.int64)


def median(values: Values, valid: Mask, footprint: Mask) -> Result:
    """Return the median of the valid neighbours.

    That of an even number is the mean of the two in the middle.
    """
    data = values if values.dtype.kind == "f" else values.astype(np.float64)
    data = np.where(valid, data, data.dtype.type(np.inf))
    number = count(valid, footprint)
    out = np.zeros(number.shape, data.dtype)

    def fill(rows: slice) -> None:
        """Write the medians of some rows."""
        margin = slice(rows.start, rows.stop + footprint.shape[0] - 1)
        if number[rows].any():
            for part, stack in _gathered(data[margin], footprint):
                out[rows][part] = _middle(stack, number[rows][part])

    # Copies and partitions leave the interpreter to others: two threads take half the time.
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(fill, _shares(len(out), 4 * _THREADS)))
    return out, number > 0


def _shares(length: int, count: int) -> Iterator[slice]:
    step = max(1, -(-length // count))
    return (slice(start, min(start + step, length)) for start in range(0, length, step))


def _middle(stack: Values, number: NDArray[np.int64]) -> Values:
    """Return medians along the last axis, where what is masked is infinite.

    `stack` is overwritten.
    """
    size = stack.shape[-1]
    low, high = (size - 1) // 2, size // 2
    stack.partition((low, high) if low != high else high, axis=-1)
    with np.errstate(invalid="ignore"):
        out = stack[..., low] + (stack[..., high] - stack[..., low]) / 2
    part = number != size
    if part.any():
        ordered, n = np.sort(stack[part], axis=-1), number[part][:, None]
        ends = [np.take_along_axis(ordered, np.maximum(k, 0), axis=-1)[:, 0]
                for k in ((n - 1) // 2, n // 2)]  # fmt: skip
        least, most = (np.where(number[part] > 0, end, 0) for end in ends)
        out[part] = least + (most - least) / 2
    return out


def neighbors(values: Values, valid: Mask, footprint: Mask) -> Iterator[tuple[Values, Mask]]:
    """Yield chunks of rows from the top: each pixel's neighbours and masks, (rows, w, n)."""
    step = _chunk_rows(values, footprint)
    masks = _gathered(valid, footprint, step)
    for (_, stack), (_, valid_stack) in zip(_gathered(values, footprint, step), masks, strict=True):
        yield stack, valid_stack


def _chunk_rows(values: Values, footprint: Mask) -> int:
    _, width = _output(values, footprint)
    return max(1, _CHUNK_BYTES // max(1, int(footprint.sum()) * width * values.dtype.itemsize))


def _gathered(
    values: Values, footprint: Mask, step: int | None = None
) -> Iterator[tuple[slice, Values]]:
    """Yield chunks of `step` rows with each pixel's neighbours in row-major order, (rows, w, n)."""
    height, width = _output(values, footprint)
    runs = list(_runs(footprint))
    step = step or _chunk_rows(values, footprint)
    for start in range(0, height, step):
        rows = slice(start, min(start + step, height))
        stack = np.empty((rows.stop - start, width, int(footprint.sum())), values.dtype)
        place = 0
        for row, col, length in runs:
            # A run of neighbours is contiguous in the image's row: one copy for all of them.
            band = values[start + row : rows.stop + row, col : col + width + length - 1]
            stack[:, :, place : place + length] = sliding_window_view(band, length, axis=1)
            place += length
        yield rows, stack


def _runs(footprint: Mask) -> Iterator[tuple[int, int, int]]:
    """Yield (row, first column, length) of each unbroken run of the footprint."""
    for row, line in enumerate(footprint):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(np.int8), [0]))))
        for begin, end in edges.reshape(-1, 2):
            yield row, int(begin), int(end - begin)


def _output(values: Values, footprint: Mask) -> tuple[int, int]:
    return values.shape[0] - footprint.shape[0] + 1, values.shape[1] - footprint.shape[1] + 1

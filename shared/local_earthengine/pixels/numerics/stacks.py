"""Statistics over the first axis of a masked stack, shape (n, ...) to (...)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Mask = NDArray[np.bool_]
Result = tuple[Values, Mask]


def count(values: Values, valid: Mask) -> Result:
    """Return how many are valid; itself valid everywhere."""
    del values
    total = valid.sum(axis=0, dtype=np.int64)
    return total, np.ones(total.shape, np.bool_)


def total(values: Values, valid: Mask) -> Result:
    """Return the sum of what is valid, in double precision."""
    return np.where(valid, values, 0).sum(axis=0, dtype=np.float64), _somewhere(valid)


def product(values: Values, valid: Mask) -> Result:
    """Return the product of what is valid, in double precision."""
    factors = np.where(valid, values, 1).prod(axis=0, dtype=np.float64)
    some = _somewhere(valid)
    return np.where(some, factors, 0.0), some


def mean(values: Values, valid: Mask) -> Result:
    """Return the arithmetic mean, in double precision."""
    sums, some = total(values, valid)
    return sums / np.maximum(valid.sum(axis=0), 1), some


def variance(values: Values, valid: Mask, sample: bool = False) -> Result:
    """Return the population's variance in two passes; or the sample's, from two values on."""
    centre, _ = mean(values, valid)
    number = valid.sum(axis=0)
    squares = np.where(valid, values - centre, 0.0) ** 2
    degrees = number - 1 if sample else number
    return squares.sum(axis=0) / np.maximum(degrees, 1), degrees > 0


def deviation(values: Values, valid: Mask, sample: bool = False) -> Result:
    """Return the square root of `variance`."""
    spread, some = variance(values, valid, sample)
    return np.sqrt(spread), some


def smallest(values: Values, valid: Mask) -> Result:
    """Return the least valid value, in the type of the values."""
    return _settled(np.where(valid, values, _top(values)).min(axis=0), _somewhere(valid))


def largest(values: Values, valid: Mask) -> Result:
    """Return the greatest valid value, in the type of the values."""
    return _settled(np.where(valid, values, _bottom(values)).max(axis=0), _somewhere(valid))


def first(values: Values, valid: Mask) -> Result:
    """Return the first valid value along the axis."""
    index = np.argmax(valid, axis=0)
    chosen = np.take_along_axis(values, index[None], axis=0)[0]
    return _settled(chosen, _somewhere(valid))


def last(values: Values, valid: Mask) -> Result:
    """Return the last valid value along the axis."""
    return first(values[::-1], valid[::-1])


def median(values: Values, valid: Mask) -> Result:
    """Return the middle value; of an even number the mean of the two in the middle."""
    number = valid.sum(axis=0)
    ordered = _sorted(values, valid)
    low = _rank(ordered, (number - 1) // 2)
    high = _rank(ordered, number // 2)
    some = number > 0
    low, high = np.where(some, low, 0), np.where(some, high, 0)
    return low + (high - low) / 2, some


def percentile(values: Values, valid: Mask, percent: float) -> Result:
    """Return the value below which `percent` % lie, by the nearest rank."""
    number = valid.sum(axis=0)
    rank = np.rint((number - 1) * (percent / 100.0)).astype(np.int64)
    return _settled(_rank(_sorted(values, valid), rank), number > 0)


def mode(values: Values, valid: Mask) -> Result:
    """Return the most frequent value; of several the least."""
    ordered = _sorted(values, valid)
    inside = np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1)) < valid.sum(axis=0)
    best, longest = ordered[0], np.zeros(values.shape[1:], np.int64)
    run = np.zeros(values.shape[1:], np.int64)
    for i, layer in enumerate(ordered):
        same = (layer == ordered[i - 1]) if i else np.zeros(layer.shape, np.bool_)
        run = np.where(same, run + 1, 1)
        better = inside[i] & (run > longest)
        best, longest = np.where(better, layer, best), np.where(better, run, longest)
    return _settled(best, _somewhere(valid))


def every(values: Values, valid: Mask) -> Result:
    """Return 1 where every valid value differs from 0, else 0."""
    return ((values != 0) | ~valid).all(axis=0).astype(np.uint8), _somewhere(valid)


def some(values: Values, valid: Mask) -> Result:
    """Return 1 where a valid value differs from 0, else 0."""
    return ((values != 0) & valid).any(axis=0).astype(np.uint8), _somewhere(valid)


def _somewhere(valid: Mask) -> Mask:
    """Return where any of the stack is valid, shape (...)."""
    return np.asarray(valid.any(axis=0))


def _settled(values: Values, valid: Mask) -> Result:
    return (values if valid.all() else np.where(valid, values, values.dtype.type(0))), valid


def _sorted(values: Values, valid: Mask) -> Values:
    """Sort in ascending order, what is masked behind all else."""
    return np.sort(np.where(valid, values, _top(values)), axis=0)


def _rank(ordered: Values, rank: NDArray[np.int64]) -> Values:
    layer: Values = np.take_along_axis(ordered, np.maximum(rank, 0)[None], axis=0)[0]
    return layer


def _top(values: Values) -> Any:
    kind = values.dtype
    return kind.type(np.inf) if kind.kind == "f" else np.iinfo(kind).max


def _bottom(values: Values) -> Any:
    kind = values.dtype
    return kind.type(-np.inf) if kind.kind == "f" else np.iinfo(kind).min

"""Further statistics over the first axis of a masked stack, shape (n, ...) to (...)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Mask = NDArray[np.bool_]
Result = tuple[Values, Mask]


def _moment(values: Values, valid: Mask, power: int) -> Values:
    number = np.maximum(valid.sum(axis=0), 1)
    centre = np.where(valid, values, 0).sum(axis=0, dtype=np.float64) / number
    found: Values = np.where(valid, values - centre, 0.0).__pow__(power).sum(axis=0) / number
    return found


def skew(values: Values, valid: Mask) -> Result:
    """Return the third central moment over the population's deviation cubed."""
    return _scaled(values, valid, 3)


def kurtosis(values: Values, valid: Mask) -> Result:
    """Return the fourth central moment over the variance squared, less 3."""
    found, some = _scaled(values, valid, 4)
    return np.where(some, found - 3, 0.0), some


def _scaled(values: Values, valid: Mask, power: int) -> Result:
    spread = _moment(values, valid, 2)
    some = spread > 0
    return _moment(values, valid, power) / np.where(some, spread, 1) ** (power / 2), some


def distinct(values: Values, valid: Mask) -> Result:
    """Return how many different values there are; itself valid everywhere."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    known = np.take_along_axis(valid, order, axis=0)
    return _changes(ordered, known)


def runs(values: Values, valid: Mask) -> Result:
    """Return how often the value changes along the axis, and 1 more.

    What is masked is passed over.
    """
    return _changes(values, valid)


def _changes(values: Values, valid: Mask) -> Result:
    count = np.zeros(values.shape[1:], np.int64)
    before, begun = values[0], np.zeros(values.shape[1:], np.bool_)
    for layer, known in zip(values, valid, strict=True):
        count += known & (~begun | (layer != before))
        before, begun = np.where(known, layer, before), begun | known
    return count, np.ones(count.shape, np.bool_)


def every(values: Values, valid: Mask) -> Result:
    """Return how many there are, masked ones included."""
    del valid
    count = np.full(values.shape[1:], len(values), np.int64)
    return count, np.ones(count.shape, np.bool_)


def bits_of_all(values: Values, valid: Mask) -> Result:
    """Return the bits that all have."""
    filled = np.where(valid, values, 0).astype(np.int64) | np.where(valid, 0, -1)
    some = np.asarray(valid.any(axis=0))
    return np.where(some, np.bitwise_and.reduce(filled, axis=0), 0), some


def bits_of_any(values: Values, valid: Mask) -> Result:
    """Return the bits that any has."""
    filled = np.where(valid, values, 0).astype(np.int64)
    return np.bitwise_or.reduce(filled, axis=0), np.asarray(valid.any(axis=0))


def _resultant(values: Values, valid: Mask) -> tuple[Values, Values, Mask]:
    """Return the length and the direction of the mean of unit vectors."""
    number = np.maximum(valid.sum(axis=0), 1)
    # Of small integers numpy's cosine has few digits.
    angles = values.astype(np.float64)
    x = np.where(valid, np.cos(angles), 0).sum(axis=0) / number
    y = np.where(valid, np.sin(angles), 0).sum(axis=0) / number
    return np.hypot(x, y), np.arctan2(y, x), np.asarray(valid.any(axis=0))


def circular_mean(values: Values, valid: Mask) -> Result:
    """Return the mean direction of angles, in radians."""
    _, direction, some = _resultant(values, valid)
    return direction, some


def circular_variance(values: Values, valid: Mask) -> Result:
    """Return 1 less the length of the mean of the angles' unit vectors."""
    length, _, some = _resultant(values, valid)
    return np.where(some, 1 - length, 0.0), some


def circular_deviation(values: Values, valid: Mask) -> Result:
    """Return the square root of -2 ln of that length."""
    length, _, some = _resultant(values, valid)
    return np.sqrt(-2 * np.log(np.where(some, np.minimum(length, 1), 1))), some

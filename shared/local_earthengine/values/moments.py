"""Sums of weighted numbers that come piece by piece: what a mean and a variance need."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass
class Moments:
    """`mean` and `squares`, the weighted squares of the distances from it, run along.

    Joining two parts loses no digits, however far the mean lies from 0.
    """

    count: int = 0
    weight: float = 0.0
    mean: float = 0.0
    squares: float = 0.0
    low: float = math.inf
    high: float = -math.inf

    def add(self, values: NDArray[np.generic], weights: NDArray[np.float64]) -> None:
        """Join a piece; weights of 0 count for nothing but `count`, `low` and `high`."""
        if not len(values):
            return
        numbers = values.astype(np.float64, copy=False)
        self.count += len(numbers)
        self.low, self.high = min(self.low, numbers.min()), max(self.high, numbers.max())
        weight = float(weights.sum())
        if weight <= 0:
            return
        # An anchor near the values keeps the digits that the weights' sums would lose.
        anchor = float(numbers[0])
        mean = anchor + float(weights @ (numbers - anchor)) / weight
        squares = float(weights @ (numbers - mean) ** 2)
        gap, whole = mean - self.mean, self.weight + weight
        self.squares += squares + gap * gap * self.weight * weight / whole
        self.mean += gap * weight / whole
        self.weight = whole


def mean_of(moments: Moments) -> float | None:
    """Return the weighted mean."""
    return moments.mean if moments.weight else None


def sum_of(moments: Moments) -> float:
    """Return the weighted sum; 0 of nothing."""
    return moments.mean * moments.weight


def variance_of(moments: Moments) -> float | None:
    """Return the weighted variance of the population."""
    return moments.squares / moments.weight if moments.weight else None


def deviation_of(moments: Moments) -> float | None:
    """Return the square root of `variance_of`."""
    found = variance_of(moments)
    return None if found is None else math.sqrt(found)


def sample_variance_of(moments: Moments) -> float | None:
    """Return the sample's variance, each value of weight 1; from two values on."""
    return moments.squares / (moments.count - 1) if moments.count > 1 else None


def sample_deviation_of(moments: Moments) -> float | None:
    """Return the square root of `sample_variance_of`."""
    found = sample_variance_of(moments)
    return None if found is None else math.sqrt(found)


def low_of(moments: Moments) -> float | None:
    """Return the least value."""
    return float(moments.low) if moments.count else None


def high_of(moments: Moments) -> float | None:
    """Return the greatest value."""
    return float(moments.high) if moments.count else None

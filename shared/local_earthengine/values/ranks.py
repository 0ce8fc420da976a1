"""Statistics of weighted values by their order and their frequency."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.pixels.numerics import stacks
from local_earthengine.values.reducer import Columns, Weights
from local_earthengine.values.reduction import numbers

Numbers = NDArray[Any]
# How far a sum of many weights may be from the half that it reaches, of that half.
_SLACK = 1e-9


def _ordered(columns: Columns, weights: Weights) -> tuple[Numbers, Weights]:
    values = numbers(columns[0])
    order = np.argsort(values, kind="stable")
    return values[order], weights[order]


def _equal(weights: Weights) -> bool:
    return bool((weights == weights[:1]).all())


def median(columns: Columns, weights: Weights) -> float | None:
    """Return the value at half the weight; between two values, the middle of both."""
    values = numbers(columns[0])
    if not len(values):
        return None
    if _equal(weights):
        return float(np.median(values))
    values, weights = _ordered(columns, weights)
    reached, half = np.cumsum(weights), weights.sum() / 2
    low = int(np.searchsorted(reached, half * (1 - 1e-12)))
    high = int(np.searchsorted(reached, half * (1 + 1e-12)))
    return float(values[low]) / 2 + float(values[min(high, len(values) - 1)]) / 2


def medians(
    columns: Columns, weights: Weights, owner: NDArray[np.int64], size: int
) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the `median` of each owner's values at once, and which of `size` owners have one.

    Owners come in ascending order.
    """
    values = numbers(columns[0])
    order = np.lexsort((values, owner))
    ranked, reached = values[order].astype(np.float64), np.cumsum(weights[order])
    counts = np.bincount(owner, minlength=size)
    some = counts > 0
    last = np.cumsum(counts)[some] - 1
    ends = reached[last]
    begun = np.concatenate([[0.0], ends[:-1]])
    half = (ends - begun) / 2
    low, high = (
        np.minimum(np.searchsorted(reached, begun + half * (1 + slack)), last)
        for slack in (-_SLACK, _SLACK)
    )
    found = np.zeros(size)
    found[some] = ranked[low] / 2 + ranked[high] / 2
    return found, some


def percentile(columns: Columns, weights: Weights, percent: float) -> Any:
    """Return it by the nearest rank, where each value takes as many ranks as its weight."""
    values = numbers(columns[0])
    if not len(values):
        return None
    if _equal(weights):
        found, _ = stacks.percentile(values, np.ones(len(values), np.bool_), percent)
        return _plain(found)
    values, weights = _ordered(columns, weights)
    whole, each = weights.sum(), weights.mean()
    target = percent / 100 * (whole - each) + each / 2
    return _plain(values[min(int(np.searchsorted(np.cumsum(weights), target)), len(values) - 1)])


def mode(columns: Columns, weights: Weights) -> float | None:
    """Return the value of the greatest weight; of several the least."""
    table = frequencies(columns[:1], weights)
    return max(table, key=lambda value: (table[value], -value)) if table else None


def frequencies(columns: Columns, weights: Weights) -> dict[float, float]:
    """Return the weight of each value, in ascending order."""
    values = numbers(columns[0])
    known, group = np.unique(values, return_inverse=True)
    sums = np.bincount(group.ravel(), weights, len(known))
    return {_plain(value): float(total) for value, total in zip(known, sums, strict=True)}


def interval_mean(columns: Columns, weights: Weights, low: float, high: float) -> float | None:
    """Return the weighted mean of what lies between two percentiles, both included."""
    values = numbers(columns[0])
    ends = [percentile(columns, weights, percent) for percent in (low, high)]
    if ends[0] is None or ends[1] is None:
        return None
    inside = (values >= ends[0]) & (values <= ends[1])
    total = weights[inside].sum()
    return float(values[inside] @ weights[inside] / total) if total else None


def histogram(
    columns: Columns, weights: Weights, most: int, narrowest: float | None
) -> dict[str, Any] | None:
    """Return equal buckets: the narrowest power of 2 (times `narrowest`) to need few enough.

    An empty bucket's mean is its middle.
    """
    values = numbers(columns[0]).astype(np.float64, copy=False)
    if not len(values):
        return None
    low, width, count = buckets(values, most, narrowest)
    place = np.minimum(np.floor(values / width).astype(np.int64) - round(low / width), count - 1)
    totals = np.bincount(place, weights, count)
    sums = np.bincount(place, weights * values, count)
    middles = low + (np.arange(count) + 0.5) * width
    means = np.where(totals > 0, sums / np.where(totals > 0, totals, 1), middles)
    return {
        "bucketMeans": means.tolist(),
        "bucketMin": low,
        "bucketWidth": width,
        "histogram": totals.tolist(),
    }


def buckets(values: Numbers, most: int, narrowest: float | None) -> tuple[float, float, int]:
    """Return (lower end, width, count) of a histogram's buckets.

    A single value gets a width of 1.
    """
    allowed = 2 ** math.ceil(math.log2(max(1, most)))
    low, high = float(values.min()), float(values.max())
    unit = narrowest or 1.0
    width = unit
    if high > low:
        power = math.ceil(math.log2((high - low) / allowed / unit))
        width = unit * 2.0 ** (max(0, power) if narrowest else power)
    while math.floor(high / width) - math.floor(low / width) + 1 > allowed:
        width *= 2
    first = math.floor(low / width)
    return first * width, width, math.floor(high / width) - first + 1


def _plain(value: Any) -> Any:
    return value.item()

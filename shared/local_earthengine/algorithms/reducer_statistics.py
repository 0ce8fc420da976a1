"""Reducers of one input beside the common ones: shapes, counts, histograms.

Unsettled: skew and kurtosis are the population's, kurtosis less 3; circularVariance is 1 less the
mean vector's length.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import DOUBLE, LONG, NAMED, PixelType
from local_earthengine.pixels.numerics import shapes
from local_earthengine.values import ranks
from local_earthengine.values.array import array_of
from local_earthengine.values.reducer import (
    Columns,
    OfColumns,
    OfStack,
    Output,
    Reducer,
    Weights,
    checked,
    needs_more,
)
from local_earthengine.values.reduction import numbers

_BUCKETS: Final = 256


def _double(_: PixelType) -> PixelType:
    return DOUBLE


def _whole(_: PixelType) -> PixelType:
    return NAMED["int"]


def _circular(statistic: OfStack) -> OfColumns:
    """With weights: by as many copies of the unit vectors."""

    def of_columns(columns: Columns, weights: Weights) -> float | None:
        angles, total = numbers(columns[0]), weights.sum()
        if not total:
            return None
        x, y = (np.sum(weights * part(angles)) / total for part in (np.cos, np.sin))
        # A pair of angles about the mean, as far apart as makes their mean vector as long.
        half = math.acos(min(1.0, math.hypot(x, y)))
        pair = math.atan2(y, x) + np.array([half, -half])
        return float(statistic(pair, np.ones(2, np.bool_))[0])

    return of_columns


def _distinct(columns: Columns, weights: Weights) -> int:
    del weights
    column = columns[0]
    if isinstance(column, np.ndarray) and column.dtype.kind != "O":
        return len(np.unique(column))
    return len({str(to_json(value)) for value in column})


def _runs(columns: Columns, weights: Weights) -> int:
    del weights
    column = columns[0]
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    shown = [str(to_json(value)) for value in values]
    return sum(i == 0 or value != shown[i - 1] for i, value in enumerate(shown))


def _size(columns: Columns, weights: Weights) -> int:
    del columns
    return len(weights)


_TABLE: Final = {
    "skew": Output("skew", shapes.skew, _double),
    "kurtosis": Output("kurtosis", shapes.kurtosis, _double),
    "countDistinct": Output("count", shapes.distinct, _whole, of_columns=_distinct),
    "countDistinctNonNull": Output("count", shapes.distinct, _whole, of_columns=_distinct),
    "countRuns": Output("count", shapes.runs, _whole, of_columns=_runs),
    "countEvery": Output("count", shapes.every, _whole, of_columns=_size, required=0),
    "bitwiseAnd": Output("bitwiseAnd", shapes.bits_of_all, lambda _: LONG),
    "bitwiseOr": Output("bitwiseOr", shapes.bits_of_any, lambda _: LONG),
    **{
        name: Output(label, rule, _double, of_columns=_circular(rule), weighted=True)
        for name, label, rule in (
            ("circularMean", "circularMean", shapes.circular_mean),
            ("circularVariance", "circularVariance", shapes.circular_variance),
            ("circularStddev", "circularStdDev", shapes.circular_deviation),
        )
    },
}


def _plain(output: Output) -> Callable[[], Reducer]:
    return lambda: Reducer((output,))


for _name, _output in _TABLE.items():
    add(f"Reducer.{_name}", _plain(_output))


def _of_values(
    name: str, of_columns: OfColumns, weighted: bool, required: int = -1, dimensions: int = 0
) -> Reducer:
    """A reducer without a statistic of stacks."""
    output = Output(
        name, needs_more(name, 1), _double, of_columns=of_columns, weighted=weighted,
        required=required, dimensions=dimensions,
    )  # fmt: skip
    return Reducer((output,))


@algorithm("Reducer.frequencyHistogram")
def frequency_histogram() -> Reducer:
    """The weight of each value, by the value as text."""

    def of_columns(columns: Columns, weights: Weights) -> dict[str, float]:
        column = columns[0]
        if isinstance(column, np.ndarray) and column.dtype.kind != "O":
            found = ranks.frequencies(columns, weights)
            return {str(to_json(value)): total for value, total in found.items()}
        counts: dict[str, float] = {}
        for value, weight in zip(column, weights.tolist(), strict=True):
            shown = str(to_json(value))
            counts[shown] = counts.get(shown, 0.0) + weight
        return counts

    return _of_values("histogram", of_columns, weighted=True)


@algorithm("Reducer.histogram")
def histogram(most: int | None, narrowest: float | None, raw: int | None) -> Reducer:
    """A dictionary: `bucketMin`, `bucketWidth`, and for each bucket its weight and its mean.

    Exact: the width is found from all values, not from the first `raw` of them.

    Unsettled: an empty bucket's mean is its middle; buckets of one value are 1 wide.
    """
    del raw
    rule = partial(ranks.histogram, most=_positive(most), narrowest=narrowest)
    return _of_values("histogram", rule, weighted=True)


def _positive(most: int | None) -> int:
    return _BUCKETS if most is None else checked(most, "'maxBuckets'")


@algorithm("Reducer.autoHistogram")
def auto_histogram(
    most: int | None, narrowest: float | None, raw: int | None, cumulative: bool
) -> Reducer:
    """The buckets of `histogram` as an array: lower bounds and weights, one row a bucket."""
    del raw
    limit = _positive(most)

    def of_columns(columns: Columns, weights: Weights) -> Any:
        found = ranks.histogram(columns, weights, limit, narrowest)
        if found is None:
            return None
        totals = np.array(found["histogram"])
        edges = found["bucketMin"] + np.arange(len(totals)) * found["bucketWidth"]
        return _table(edges, totals, cumulative)

    return _of_values("histogram", of_columns, weighted=True, dimensions=2)


def _table(edges: Any, totals: Any, cumulative: bool) -> Any:
    return array_of(np.stack([edges, np.cumsum(totals) if cumulative else totals], axis=1), DOUBLE)


@algorithm("Reducer.fixedHistogram")
def fixed_histogram(low: float, high: float, steps: int, cumulative: bool) -> Reducer:
    """An array of lower bounds and weights, one row for each of `steps` buckets."""
    if not low < high:
        raise EarthEngineError("A histogram's 'min' must be below its 'max'.")
    checked(steps, "'steps'")
    edges = low + np.arange(steps) * (high - low) / steps

    def of_columns(columns: Columns, weights: Weights) -> Any:
        values = numbers(columns[0])
        inside = (values >= low) & (values < high)
        place = np.searchsorted(edges, values[inside], side="right") - 1
        return _table(edges, np.bincount(place, weights[inside], steps), cumulative)

    return _of_values("histogram", of_columns, weighted=True, dimensions=2)


@algorithm("Reducer.intervalMean")
def interval_mean(
    low: float, high: float, most: int | None, narrowest: float | None, raw: int | None
) -> Reducer:
    """The mean of the values between two percentiles, both included."""
    del most, narrowest, raw
    if not 0 <= low <= high <= 100:
        raise EarthEngineError("Percentiles lie between 0 and 100.")
    rule = partial(ranks.interval_mean, low=low, high=high)
    return _of_values("mean", rule, weighted=True)

"""Reducers that count how often values occur."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import numpy as np

from local_earthengine.algorithms.reducers.kinds import double
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.values import ranks
from local_earthengine.values.array import array_of
from local_earthengine.values.reducer import (
    Columns,
    OfColumns,
    Output,
    Reducer,
    Weights,
    checked,
    needs_more,
)
from local_earthengine.values.reduction import numbers

_BUCKETS: Final = 256


def of_values(
    name: str, of_columns: OfColumns, weighted: bool, required: int = -1, dimensions: int = 0
) -> Reducer:
    """Return a reducer without a statistic of stacks."""
    output = Output(
        name, needs_more(name, 1), double, of_columns=of_columns, weighted=weighted,
        required=required, dimensions=dimensions,
    )  # fmt: skip
    return Reducer((output,))


@algorithm("Reducer.frequencyHistogram")
def frequency_histogram() -> Reducer:
    """Return the weight of each value, by the value as text."""

    def of_columns(columns: Columns, weights: Weights) -> dict[str, float]:
        """Return the weights by text."""
        column = columns[0]
        if isinstance(column, np.ndarray) and column.dtype.kind != "O":
            found = ranks.frequencies(columns, weights)
            return {str(to_json(value)): total for value, total in found.items()}
        counts: dict[str, float] = {}
        for value, weight in zip(column, weights.tolist(), strict=True):
            shown = str(to_json(value))
            counts[shown] = counts.get(shown, 0.0) + weight
        return counts

    return of_values("histogram", of_columns, weighted=True)


@algorithm("Reducer.histogram")
def histogram(most: int | None, narrowest: float | None, raw: int | None) -> Reducer:
    """Return a dictionary: `bucketMin`, `bucketWidth`, and for each bucket its weight and its mean.

    Exact: the width is found from all values, not from the first `raw` of them.

    Unsettled: an empty bucket's mean is its middle; buckets of one value are 1 wide.
    """
    del raw
    rule = partial(ranks.histogram, most=_positive(most), narrowest=narrowest)
    return of_values("histogram", rule, weighted=True)


def _positive(most: int | None) -> int:
    return _BUCKETS if most is None else checked(most, "'maxBuckets'")


@algorithm("Reducer.autoHistogram")
def auto_histogram(
    most: int | None, narrowest: float | None, raw: int | None, cumulative: bool
) -> Reducer:
    """Return the buckets of `histogram` as an array: lower bounds and weights, one row a bucket."""
    del raw
    limit = _positive(most)

    def of_columns(columns: Columns, weights: Weights) -> Any:
        """Return the table; null where nothing is."""
        found = ranks.histogram(columns, weights, limit, narrowest)
        if found is None:
            return None
        totals = np.array(found["histogram"])
        edges = found["bucketMin"] + np.arange(len(totals)) * found["bucketWidth"]
        return _table(edges, totals, cumulative)

    return of_values("histogram", of_columns, weighted=True, dimensions=2)


def _table(edges: Any, totals: Any, cumulative: bool) -> Any:
    return array_of(np.stack([edges, np.cumsum(totals) if cumulative else totals], axis=1), DOUBLE)


@algorithm("Reducer.fixedHistogram")
def fixed_histogram(low: float, high: float, steps: int, cumulative: bool) -> Reducer:
    """Return an array of lower bounds and weights, one row for each of `steps` buckets."""
    if not low < high:
        raise EarthEngineError("A histogram's 'min' must be below its 'max'.")
    checked(steps, "'steps'")
    edges = low + np.arange(steps) * (high - low) / steps

    def of_columns(columns: Columns, weights: Weights) -> Any:
        """Return the table of what lies in the range."""
        values = numbers(columns[0])
        inside = (values >= low) & (values < high)
        place = np.searchsorted(edges, values[inside], side="right") - 1
        return _table(edges, np.bincount(place, weights[inside], steps), cumulative)

    return of_values("histogram", of_columns, weighted=True, dimensions=2)

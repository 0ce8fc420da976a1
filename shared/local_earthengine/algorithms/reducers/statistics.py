"""The common statistics of one input, as reducers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.reducers.kinds import boolean, double, floating, same, whole
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import LONG
from local_earthengine.pixels.numerics import shapes, stacks, windows
from local_earthengine.values import moments, ranks
from local_earthengine.values.reducer import Columns, OfColumns, OfWindow, Output, Reducer, Result

Mask = NDArray[np.bool_]
Weights = NDArray[np.float64]


def _flat(statistic: Callable[[NDArray[Any], Mask, Mask], Result]) -> OfWindow:
    """Return the statistic for neighbours of weight above 0, all alike."""
    return lambda values, valid, weights: statistic(values, valid, weights > 0)


def _window_deviation(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    variance, some = windows.variance(values, valid, weights)
    return np.sqrt(variance), some


def _window_sum(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    sums = windows.weighted_sum(np.where(valid, values, 0), weights)
    return sums, windows.count(valid, weights > 0) > 0


def _window_count(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    del values
    number = windows.count(valid, weights > 0)
    return number, np.ones(number.shape, np.bool_)


def _length(columns: Columns, weights: Weights) -> int:
    del weights
    return len(columns[0])


def _at(place: int) -> OfColumns:
    """Return the statistic that is the value at a place, of whatever type.

    It is null if there is none.
    """
    return lambda columns, _: _scalar(columns[0][place]) if len(columns[0]) else None


def _scalar(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


_TABLE: Final = (
    Output("count", stacks.count, whole, _window_count, of_columns=_length),
    Output("sum", stacks.total, double, _window_sum, of_moments=moments.sum_of, weighted=True),
    Output("product", stacks.product, double),
    Output("mean", stacks.mean, floating, windows.mean, of_moments=moments.mean_of, weighted=True),
    Output(
        "variance",
        stacks.variance,
        floating,
        windows.variance,
        of_moments=moments.variance_of,
        weighted=True,
    ),
    Output(
        "stdDev",
        stacks.deviation,
        floating,
        _window_deviation,
        of_moments=moments.deviation_of,
        weighted=True,
    ),
    Output("min", stacks.smallest, same, _flat(windows.smallest), of_moments=moments.low_of),
    Output("max", stacks.largest, same, _flat(windows.largest), of_moments=moments.high_of),
    Output(
        "median",
        stacks.median,
        floating,
        _flat(windows.median),
        of_columns=ranks.median,
        weighted=True,
    ),
    Output("mode", stacks.mode, same, of_columns=ranks.mode, weighted=True),
    Output("first", stacks.first, same, of_columns=_at(0)),
    Output("last", stacks.last, same, of_columns=_at(-1)),
    Output("all", stacks.every, boolean),
    Output("any", stacks.some, boolean),
)
OUTPUTS: Final[Mapping[str, Output]] = {output.name: output for output in _TABLE}
# What Earth Engine calls the reducer, where that isn't the output's name.
_NAMED: Final[Mapping[str, Output]] = {
    **{
        name: OUTPUTS[name]
        for name in ("count", "sum", "product", "mean", "variance", "stdDev", "first", "last")
    },
    "allNonZero": OUTPUTS["all"],
    "anyNonZero": OUTPUTS["any"],
    "and": OUTPUTS["all"],
    "or": OUTPUTS["any"],
    "firstNonNull": OUTPUTS["first"],
    "lastNonNull": OUTPUTS["last"],
    "bitwiseAnd": Output("bitwiseAnd", shapes.bits_of_all, lambda _: LONG),
    "bitwiseOr": Output("bitwiseOr", shapes.bits_of_any, lambda _: LONG),
    "sampleVariance": Output(
        "variance",
        partial(stacks.variance, sample=True),
        floating,
        of_moments=moments.sample_variance_of,
    ),
    "sampleStdDev": Output(
        "stdDev",
        partial(stacks.deviation, sample=True),
        floating,
        of_moments=moments.sample_deviation_of,
    ),
}


def single_output(output: Output) -> Callable[[], Reducer]:
    """Return what makes a reducer of one output; it takes no arguments."""
    return lambda: Reducer((output,))


for _name, _output in _NAMED.items():
    add(f"Reducer.{_name}", single_output(_output))


@algorithm("Reducer.minMax")
def min_max() -> Reducer:
    """Return the least and the greatest."""
    return Reducer((OUTPUTS["min"], OUTPUTS["max"]))


def _bucketed(name: str) -> Callable[[Any, Any, Any], Reducer]:
    """Return an exact reducer's algorithm: the sizes of a histogram's buckets don't matter."""

    def make(buckets: int | None, width: float | None, raw: int | None) -> Reducer:
        """Return the exact reducer."""
        del buckets, width, raw
        return Reducer((OUTPUTS[name],))

    return make


for _name in ("median", "mode"):
    add(f"Reducer.{_name}", _bucketed(_name))


@algorithm("Reducer.percentile")
def percentile(
    percents: list[float],
    names: list[str] | None,
    buckets: int | None,
    width: float | None,
    raw: int | None,
) -> Reducer:
    """Return outputs `p25`, ..., or the names given; by the nearest rank."""
    del buckets, width, raw
    labels = names or [f"p{percent:g}" for percent in percents]
    if len(labels) != len(percents) or not all(0 <= percent <= 100 for percent in percents):
        raise EarthEngineError("Percentiles lie between 0 and 100, with a name for each.")
    outputs = (
        Output(
            label,
            partial(stacks.percentile, percent=percent),
            same,
            of_columns=partial(ranks.percentile, percent=percent),
            weighted=True,
        )
        for label, percent in zip(labels, percents, strict=True)
    )
    return Reducer(tuple(outputs))

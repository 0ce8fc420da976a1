"""Reducers that tell how inputs go together: lines, correlations, covariances.

Unsettled: the offset of `sensSlope` is the median of y - slope x.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from local_earthengine.algorithms.reducers.kinds import double
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import DOUBLE, PixelType
from local_earthengine.pixels.numerics import tuples
from local_earthengine.values.array import array_of
from local_earthengine.values.reducer import (
    Columns,
    OfColumns,
    OfStack,
    Output,
    Reducer,
    Weights,
    needs_more,
)
from local_earthengine.values.reduction import numbers


def tuple_output(  # noqa: PLR0917 - what an output is made of
    name: str,
    statistic: OfStack,
    count: int,
    dimensions: int = 0,
    of_columns: OfColumns | None = None,
    kind: Callable[[PixelType], PixelType] = double,
) -> Output:
    """Return an output of doubles over the first `count` inputs."""
    return Output(
        name, needs_more(name, count), kind, inputs=tuple(range(count)), of_tuples=statistic,
        dimensions=dimensions, of_columns=of_columns, weighted=of_columns is not None,
    )  # fmt: skip


def _line(part: int) -> OfColumns:
    """Return the statistic that is the slope (0) or the offset (1) of the least squares line."""

    def of_columns(columns: Columns, weights: Weights) -> float | None:
        """Return the slope or the offset; null where x is the same everywhere."""
        x, y = numbers(columns[0]), numbers(columns[1])
        total = weights.sum()
        if not total:
            return None
        middle, level = weights @ x / total, weights @ y / total
        spread = weights @ (x - middle) ** 2
        if spread <= 0:
            return None
        slope = weights @ ((x - middle) * (y - level)) / spread
        return float(level - slope * middle if part else slope)

    return of_columns


_PAIRS: Final = {
    "linearFit": (
        tuple_output("scale", tuples.fit_scale, 2, of_columns=_line(0)),
        tuple_output("offset", tuples.fit_offset, 2, of_columns=_line(1)),
    ),
    "pearsonsCorrelation": (
        tuple_output("correlation", tuples.correlation, 2),
        tuple_output("p-value", tuples.correlation_p, 2),
    ),
    "spearmansCorrelation": (tuple_output("correlation", tuples.spearman, 2),),
    "sensSlope": (
        tuple_output("slope", tuples.sens_slope, 2),
        tuple_output("offset", tuples.sens_offset, 2),
    ),
}


def _pair(outputs: tuple[Output, ...]) -> Callable[[], Reducer]:
    return lambda: Reducer(outputs, 2)


for _name, _outputs in _PAIRS.items():
    add(f"Reducer.{_name}", _pair(_outputs))


@algorithm("Reducer.kendallsCorrelation")
def kendall(count: int) -> Reducer:
    """Return tau-b as `tau`; the test's p-value is not given."""
    if count not in {1, 2}:
        raise EarthEngineError("Kendall's correlation takes 1 or 2 inputs.")
    return Reducer((tuple_output("tau", tuples.kendall, count),), count)


def _covariance(columns: Columns, weights: Weights, centred: bool) -> Any:
    """Return that of vectors of one length; the sample's, over n - 1."""
    del weights
    vectors: list[Any] = [getattr(value, "values", value) for value in columns[0]]
    if len(vectors) < 2:
        return None
    if len({vector.shape for vector in map(np.asarray, vectors)}) > 1 or np.ndim(vectors[0]) != 1:
        raise EarthEngineError("The reducer takes 1-D arrays of one length.")
    table = np.stack(vectors).astype(np.float64)
    if not centred:
        table = table - table.mean(axis=0)
    return array_of(table.T @ table / (len(table) - 1), DOUBLE)


def _covariances(centred: bool) -> Callable[[], Reducer]:
    output = Output(
        "array", needs_more("array", 1), double, of_columns=partial(_covariance, centred=centred),
        dimensions=2,
    )  # fmt: skip
    return lambda: Reducer((output,))


add("Reducer.covariance", _covariances(centred=False))
add("Reducer.centeredCovariance", _covariances(centred=True))

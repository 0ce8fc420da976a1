"""Reducers that tell how values are spread: skew, kurtosis, the mean within percentiles.

Unsettled: skew and kurtosis are the population's, kurtosis less 3.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from local_earthengine.algorithms.reducers.histograms import of_values
from local_earthengine.algorithms.reducers.kinds import double
from local_earthengine.algorithms.reducers.statistics import single_output
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.pixels.numerics import shapes
from local_earthengine.values import ranks
from local_earthengine.values.reducer import Output, Reducer

_TABLE: Final = {
    "skew": Output("skew", shapes.skew, double),
    "kurtosis": Output("kurtosis", shapes.kurtosis, double),
}
for _name, _output in _TABLE.items():
    add(f"Reducer.{_name}", single_output(_output))


@algorithm("Reducer.intervalMean")
def interval_mean(
    low: float, high: float, most: int | None, narrowest: float | None, raw: int | None
) -> Reducer:
    """Return the mean of the values between two percentiles, both included."""
    del most, narrowest, raw
    if not 0 <= low <= high <= 100:
        raise EarthEngineError("Percentiles lie between 0 and 100.")
    rule = partial(ranks.interval_mean, low=low, high=high)
    return of_values("mean", rule, weighted=True)

"""Reducers of angles in radians, on the circle.

Unsettled: circularVariance is 1 less the mean vector's length.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from local_earthengine.algorithms.reducers.kinds import double
from local_earthengine.algorithms.reducers.statistics import single_output
from local_earthengine.expression.registry import add
from local_earthengine.pixels.numerics import shapes
from local_earthengine.values.reducer import Columns, OfColumns, OfStack, Output, Weights
from local_earthengine.values.reduction import numbers


def _circular(statistic: OfStack) -> OfColumns:
    """Return the statistic with weights: by as many copies of the unit vectors."""

    def of_columns(columns: Columns, weights: Weights) -> float | None:
        """Return the weighted statistic of angles; null where nothing has weight."""
        angles, total = numbers(columns[0]), weights.sum()
        if not total:
            return None
        x, y = (np.sum(weights * part(angles)) / total for part in (np.cos, np.sin))
        # A pair of angles about the mean, as far apart as makes their mean vector as long.
        half = math.acos(min(1.0, math.hypot(x, y)))
        pair = math.atan2(y, x) + np.array([half, -half])
        return float(statistic(pair, np.ones(2, np.bool_))[0])

    return of_columns


_TABLE: Final = {
    name: Output(label, rule, double, of_columns=_circular(rule), weighted=True)
    for name, label, rule in (
        ("circularMean", "circularMean", shapes.circular_mean),
        ("circularVariance", "circularVariance", shapes.circular_variance),
        ("circularStddev", "circularStdDev", shapes.circular_deviation),
    )
}
for _name, _output in _TABLE.items():
    add(f"Reducer.{_name}", single_output(_output))

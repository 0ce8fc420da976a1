"""Linear regressions of several inputs.

Unsettled: they take no weights, and their residuals are over all tuples.
"""

from __future__ import annotations

from functools import partial

from local_earthengine.algorithms.reducers.correlations import tuple_output
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.numerics import regressions
from local_earthengine.values.reducer import Reducer, checked


def _regression(count_x: int, count_y: int, solve: regressions.Solve) -> Reducer:
    checked(count_x, "'numX'")
    checked(count_y, "'numY'")
    rule = partial(regressions.regressed, inputs=count_x, solve=solve)
    outputs = (
        tuple_output("coefficients", partial(rule, part=0), count_x + count_y, 2),
        tuple_output("residuals", partial(rule, part=1), count_x + count_y, 1),
    )
    return Reducer(outputs, count_x + count_y)


@algorithm("Reducer.linearRegression")
def linear_regression(count_x: int, count_y: int) -> Reducer:
    """Return `coefficients` (numX, numY) and `residuals`.

    It takes no weights, and has no constant.
    """
    return _regression(count_x, count_y, regressions.least_squares)


@algorithm("Reducer.robustLinearRegression")
def robust_regression(count_x: int, count_y: int, beta: float | None) -> Reducer:
    """Reweight by Talwar's rule.

    Unsettled: Earth Engine does not publish its default beta: 2.795 median residuals / 0.6745.
    """
    return _regression(count_x, count_y, partial(regressions.talwar, beta=beta))


@algorithm("Reducer.ridgeRegression")
def ridge_regression(count_x: int, count_y: int, penalty: float) -> Reducer:
    """Return `coefficients` with the intercept last, and `residuals`; no p-values are given."""
    return _regression(count_x, count_y, partial(regressions.ridge, penalty=penalty))

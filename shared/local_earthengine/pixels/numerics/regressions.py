"""Regressions: stacks of tuples (n, numX + numY, ...) to coefficients and residuals per place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Mask = NDArray[np.bool_]
Result = tuple[Values, Mask]
# x (n, numX) and y (n, numY) to (coefficients, rms of the residuals); None if there is none.
Solve = Callable[[Values, Values], tuple[Values, Values] | None]

# Where Talwar's weight function drops a residual, in robust standard deviations.
_TALWAR = 2.795
_MAX_ROUNDS = 50


def least_squares(x: Values, y: Values) -> tuple[Values, Values] | None:
    """Solve; return none unless there are more tuples than unknowns, and x is of full rank."""
    count, unknowns = x.shape
    if count <= unknowns or np.linalg.matrix_rank(x) < unknowns:
        return None
    found, *_ = np.linalg.lstsq(x, y, rcond=None)
    return found, _rms(y - x @ found)


def _rms(residuals: Values) -> Values:
    """Return the root mean square: over all tuples."""
    squares: Values = np.sqrt((residuals**2).mean(axis=0))
    return squares


def talwar(x: Values, y: Values, beta: float | None) -> tuple[Values, Values] | None:
    """Solve by least squares without outliers, found again until they stay the same.

    An outlier's residuals have an RMS of more than `beta`; by default 2.795 times the median
    absolute residual over 0.6745.
    """
    found = least_squares(x, y)
    kept = np.ones(len(x), np.bool_)
    for _ in range(_MAX_ROUNDS):
        if found is None:
            return None
        size = np.sqrt(((y - x @ found[0]) ** 2).mean(axis=1))
        limit = _TALWAR * float(np.median(size)) / 0.6745 if beta is None else beta
        inside = size <= limit
        if (inside == kept).all() or not limit:
            break
        kept, found = inside, least_squares(x[inside], y[inside])
    return found


def ridge(x: Values, y: Values, penalty: float) -> tuple[Values, Values] | None:
    """Solve with a penalty on the coefficients, and an intercept, without one, in the last row."""
    count, unknowns = x.shape
    if count < unknowns + 1:
        return None
    middle, level = x.mean(axis=0), y.mean(axis=0)
    dx, dy = x - middle, y - level
    try:
        slopes = np.linalg.solve(dx.T @ dx + penalty * np.eye(unknowns), dx.T @ dy)
    except np.linalg.LinAlgError:
        return None
    found = np.vstack([slopes, level - middle @ slopes])
    return found, _rms(y - x @ slopes - found[-1])


def regressed(values: Values, valid: Mask, inputs: int, solve: Solve, part: int) -> Result:
    """Return `part` 0 of a solution, the coefficients, or 1, the residuals, at each place."""
    places = values.shape[2:]
    flat = values.reshape(*values.shape[:2], -1).astype(np.float64)
    masks = valid.reshape(len(valid), -1)
    found = [solve(flat[m, :inputs, i], flat[m, inputs:, i]) for i, m in enumerate(masks.T)]
    some = np.array([solution is not None for solution in found], np.bool_)
    shape = next((s[part].shape for s in found if s is not None), (1,) * (2 - part))
    out = np.zeros((len(found), *shape))
    for i, solution in enumerate(found):
        if solution is not None:
            out[i] = solution[part]
    return out.reshape(*places, *shape), some.reshape(places)

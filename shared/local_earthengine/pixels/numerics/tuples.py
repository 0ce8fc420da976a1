"""Statistics of stacks of tuples, (n, inputs, ...) under masks (n, ...), to (...)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from local_earthengine.pixels.numerics import stacks

Values = NDArray[Any]
Mask = NDArray[np.bool_]
Result = tuple[Values, Mask]


def _centred(values: Values, valid: Mask) -> tuple[Values, Values, Values, Values]:
    """Return inputs x and y less their means, 0 where masked; and the means."""
    number = np.maximum(valid.sum(axis=0), 1)
    x, y = (np.where(valid, values[:, i], 0).astype(np.float64) for i in (0, 1))
    middle, level = x.sum(axis=0) / number, y.sum(axis=0) / number
    return np.where(valid, x - middle, 0.0), np.where(valid, y - level, 0.0), middle, level


def fit_scale(values: Values, valid: Mask) -> Result:
    """Return the slope of the least squares line; none where x does not vary."""
    dx, dy, _, _ = _centred(values, valid)
    spread = (dx * dx).sum(axis=0)
    some = spread > 0
    return np.where(some, (dx * dy).sum(axis=0) / np.where(some, spread, 1), 0.0), some


def fit_offset(values: Values, valid: Mask) -> Result:
    """Return the value of the least squares line at 0."""
    slope, some = fit_scale(values, valid)
    _, _, x, y = _centred(values, valid)
    return np.where(some, y - slope * x, 0.0), some


def correlation(values: Values, valid: Mask) -> Result:
    """Return Pearson's coefficient; none where x or y does not vary."""
    dx, dy, _, _ = _centred(values, valid)
    norm = np.sqrt((dx * dx).sum(axis=0) * (dy * dy).sum(axis=0))
    some = norm > 0
    found = (dx * dy).sum(axis=0) / np.where(some, norm, 1)
    return np.where(some, np.clip(found, -1, 1), 0.0), some


def correlation_p(values: Values, valid: Mask) -> Result:
    """Return the two-sided probability of such a coefficient by chance; from three tuples on."""
    found, some = correlation(values, valid)
    degrees = valid.sum(axis=0) - 2
    some = some & (degrees > 0)
    rest = np.maximum(1 - found * found, 0)
    # The incomplete beta function is Student's t in the coefficient itself.
    chance = special.betainc(np.maximum(degrees, 1) / 2, 0.5, rest)
    return np.where(some, chance, 0.0), some


def sens_slope(values: Values, valid: Mask) -> Result:
    """Return the median of the slopes of all pairs of tuples whose x differ."""
    x, y = values[:, 0].astype(np.float64), values[:, 1].astype(np.float64)
    slopes, known = [], []
    for i, j in combinations(range(len(values)), 2):
        dx = x[j] - x[i]
        apart = valid[i] & valid[j] & (dx != 0)
        slopes.append(np.where(apart, (y[j] - y[i]) / np.where(apart, dx, 1), 0.0))
        known.append(apart)
    if not slopes:
        return np.zeros(values.shape[2:]), np.zeros(values.shape[2:], np.bool_)
    return stacks.median(np.stack(slopes), np.stack(known))


def sens_offset(values: Values, valid: Mask) -> Result:
    """Return the median of y - slope x."""
    slope, some = sens_slope(values, valid)
    rest, _ = stacks.median(values[:, 1] - slope * values[:, 0], valid)
    return np.where(some, rest, 0.0), some


def at_extreme(values: Values, valid: Mask, place: int, greatest: bool) -> Result:
    """Return the input at `place` where the first input is first least or greatest."""
    first = values[:, 0]
    top: Any = np.inf if first.dtype.kind == "f" else np.iinfo(first.dtype).max
    low: Any = -np.inf if first.dtype.kind == "f" else np.iinfo(first.dtype).min
    ordered = np.where(valid, first, first.dtype.type(low if greatest else top))
    index = ordered.argmax(axis=0) if greatest else ordered.argmin(axis=0)
    # What is masked may equal the extreme: among equals the valid one counts.
    best = np.take_along_axis(ordered, index[None], axis=0)
    index = np.argmax(valid & (ordered == best), axis=0)
    some = np.asarray(valid.any(axis=0))
    chosen = np.take_along_axis(values[:, place], index[None], axis=0)[0]
    return np.where(some, chosen, chosen.dtype.type(0)), some


def spearman(values: Values, valid: Mask) -> Result:
    """Return Pearson's coefficient of the ranks, equals sharing the mean of theirs."""
    return correlation(_ranks(values, valid), valid)


def _ranks(values: Values, valid: Mask) -> Values:
    """Return the ranks of what is valid, from 1, else 0. To load scipy.stats for it takes long."""
    given = np.where(valid[:, None], values.astype(np.float64), np.nan)
    twice = np.ones(given.shape, np.int32)
    for other in given:
        twice += other < given
        twice += other <= given
    return np.where(np.isnan(given), 0.0, twice / 2)


def kendall(values: Values, valid: Mask) -> Result:
    """Return Kendall's tau-b of x and y; of a single input, of its order and it."""
    x = values[:, 0].astype(np.float64)
    y = values[:, -1].astype(np.float64)
    if values.shape[1] == 1:
        x = np.cumsum(valid, axis=0).astype(np.float64)
    score = np.zeros(values.shape[2:])
    apart = [np.zeros(values.shape[2:]), np.zeros(values.shape[2:])]
    for i, j in combinations(range(len(values)), 2):
        both = valid[i] & valid[j]
        signs = [np.where(both, np.sign(part[j] - part[i]), 0) for part in (x, y)]
        score += signs[0] * signs[1]
        apart = [total + abs(sign) for total, sign in zip(apart, signs, strict=True)]
    norm = np.sqrt(apart[0] * apart[1])
    some = norm > 0
    return np.where(some, score / np.where(some, norm, 1), 0.0), some

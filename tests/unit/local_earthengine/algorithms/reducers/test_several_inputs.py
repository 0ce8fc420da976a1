"""Reducers of several inputs, over lists, against scipy and normal equations."""

from __future__ import annotations

import itertools
import statistics
from typing import Any

import ee
import numpy as np
import pytest
from scipy import stats

from tests.unit.local_earthengine.world import NAME, World, native

X = [1.0, 2.0, 2.0, 4.0, 7.0, -3.0]
Y = [2.5, 3.0, 5.0, 3.0, -1.0, 8.0]
PAIRS = [list(pair) for pair in zip(X, Y, strict=True)]


def reduced(rows: list[Any], reducer: ee.Reducer) -> Any:
    return World().compute(ee.List(rows).reduce(reducer))


def near(value: Any) -> Any:
    return pytest.approx(np.asarray(value).tolist(), rel=1e-9, abs=1e-9)


def same_table(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(np.array(found), expected, rtol=1e-8, atol=1e-10)


def test_correlations_are_scipys() -> None:
    pearson = stats.pearsonr(X, Y)
    found = reduced(PAIRS, ee.Reducer.pearsonsCorrelation())
    assert found == {"correlation": near(pearson[0]), "p-value": near(pearson[1])}
    spearman = reduced(PAIRS, ee.Reducer.spearmansCorrelation())
    assert spearman == near(stats.spearmanr(X, Y)[0])
    tau = reduced(PAIRS, ee.Reducer.kendallsCorrelation(2))
    assert tau == near(stats.kendalltau(X, Y)[0])
    alone = reduced(Y, ee.Reducer.kendallsCorrelation(1))
    assert alone == near(stats.kendalltau(range(len(Y)), Y)[0])


@pytest.mark.parametrize("name", ["pearsonsCorrelation", "spearmansCorrelation", "sensSlope"])
def test_there_is_no_relation_to_what_does_not_vary(name: str) -> None:
    found = reduced([[1, 2], [1, 5], [1, 9]], getattr(ee.Reducer, name)())
    assert set(found.values() if isinstance(found, dict) else [found]) == {None}


def test_sens_slope_is_the_median_of_all_slopes() -> None:
    slopes = [(d - b) / (c - a) for (a, b), (c, d) in itertools.combinations(PAIRS, 2) if a != c]
    slope = statistics.median(slopes)
    offset = statistics.median(y - slope * x for x, y in PAIRS)
    found = reduced(PAIRS, ee.Reducer.sensSlope())
    assert found == {"slope": near(slope), "offset": near(offset)}


def test_extremes_bring_their_company() -> None:
    rows = [[3, 1], [9, 2], [-4, 3], [9, 5]]
    assert reduced(rows, ee.Reducer.max(2)) == {"max": 9, "max1": 2}
    assert reduced(rows, ee.Reducer.min(2)) == {"min": -4, "min1": 3}


def test_linear_regression_solves_the_normal_equations() -> None:
    rows = [[1.0, x, y, x * x - y] for x, y in PAIRS]
    table = np.array(rows)
    x, y = table[:, :2], table[:, 2:]
    expected = np.linalg.inv(x.T @ x) @ x.T @ y
    found = reduced(rows, ee.Reducer.linearRegression(2, 2))
    same_table(found["coefficients"], expected)
    same_table(found["residuals"], np.sqrt(((y - x @ expected) ** 2).mean(axis=0)))


def test_robust_regression_leaves_the_outlier_out() -> None:
    rows = [[1.0, float(x), 2.0 + 3 * x + 0.01 * (-1) ** x] for x in range(12)]
    rows[5][2] = 500.0
    x, y = np.array(rows)[:, :2], np.array(rows)[:, 2:]
    kept = np.arange(12) != 5
    expected = np.linalg.inv(x[kept].T @ x[kept]) @ x[kept].T @ y[kept]
    found = reduced(rows, ee.Reducer.robustLinearRegression(2, 1))
    same_table(found["coefficients"], expected)
    plain = reduced(rows, ee.Reducer.linearRegression(2, 1))
    same_table(reduced(rows, ee.Reducer.robustLinearRegression(2, 1, 1e6))["coefficients"],
               plain["coefficients"])  # fmt: skip


def test_ridge_regression_does_not_punish_its_constant() -> None:
    x, y = np.array(X), np.array(Y)
    dx, dy = x - x.mean(), y - y.mean()
    for penalty in (0.1, 5.0):
        slope = (dx @ dy) / (dx @ dx + penalty)
        found = reduced(PAIRS, ee.Reducer.ridgeRegression(1, 1, penalty))
        same_table(found["coefficients"], [[slope], [y.mean() - slope * x.mean()]])


def test_covariances_are_numpys() -> None:
    table = np.array([X, Y]).T
    rows = [ee.Array(row) for row in PAIRS]
    same_table(reduced(rows, ee.Reducer.covariance()), np.cov(table.T))
    centred = table - table.mean(axis=0)
    arrays = [ee.Array(row) for row in centred.tolist()]
    same_table(reduced(arrays, ee.Reducer.centeredCovariance()), np.cov(table.T))


RULES: dict[str, tuple[str, Any]] = {
    "pearsonsCorrelation": ("correlation", lambda x, y: stats.pearsonr(x, y)[0]),
    "spearmansCorrelation": ("correlation", lambda x, y: stats.spearmanr(x, y)[0]),
    "kendallsCorrelation": ("tau", lambda x, y: stats.kendalltau(x, y)[0]),
    "sensSlope": (
        "slope",
        lambda x, y: statistics.median(
            (y[j] - y[i]) / (x[j] - x[i])
            for i, j in itertools.combinations(range(len(x)), 2)
            if x[i] != x[j]
        ),
    ),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("dtype", ["int8", "float32"])
def test_pairs_of_bands_are_reduced_at_each_pixel(name: str, dtype: str) -> None:
    rng, made, layers = np.random.default_rng(4), World(), []
    for _ in range(8):
        x, y = rng.integers(-120, 120, (2, 4, 5)).astype(dtype)
        valid = rng.random((2, 4, 5)) > 0.2
        valid[:, 0, 0] = False
        layers.append((x, y, valid[0] & valid[1]))
        made.add({"x": (x, valid[0]), "y": (y, valid[1])})
    reducer = getattr(ee.Reducer, name)(*([2] if name == "kendallsCorrelation" else []))
    output, rule = RULES[name]

    found = made.pixels(ee.ImageCollection(NAME).reduce(reducer), native(5, 4))[output]

    for place in np.ndindex(4, 5):
        pairs = [(float(x[place]), float(y[place])) for x, y, known in layers if known[place]]
        if len(pairs) > 2:
            assert found[1][place]
            expected = rule(*map(list, zip(*pairs, strict=True)))
            assert found[0][place] == pytest.approx(expected, abs=1e-6)
    assert not found[1][0, 0]

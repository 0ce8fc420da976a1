"""Reducers of one input, over lists and pixel by pixel over a stack; histograms, structures."""

from __future__ import annotations

import cmath
import functools
import itertools
import math
import operator
import statistics
from collections.abc import Callable
from typing import Any

import ee
import numpy as np
import pytest
from scipy import stats

from tests.unit.local_earthengine.world import NAME, Layer, World, native, same

SHAPE = (5, 6)
Values = list[Any]


def reducer_of(name: str) -> ee.Reducer:
    """By the name that code sends; of some the client warns that they are deprecated."""
    return ee.Reducer(ee.ApiFunction.call_(f"Reducer.{name}"))


def spread(values: Values) -> bool:
    return len(set(values)) > 1


def vector(values: Values) -> complex:
    """The mean of the unit vectors of angles."""
    return sum(cmath.exp(1j * value) for value in values) / len(values)


def sample(rule: Callable[[Values], float]) -> Callable[[Values], Any]:
    return lambda values: rule(values) if len(values) > 1 else None


# Reducer to (output, rule); None stands for null, or a masked pixel.
RULES: dict[str, tuple[str, Callable[[Values], Any]]] = {
    "allNonZero": ("all", lambda v: int(all(v)) if v else None),
    "and": ("all", lambda v: int(all(v)) if v else None),
    "or": ("any", lambda v: int(any(v)) if v else None),
    "firstNonNull": ("first", lambda v: v[0] if v else None),
    "lastNonNull": ("last", lambda v: v[-1] if v else None),
    "bitwiseAnd": ("bitwiseAnd", lambda v: functools.reduce(operator.and_, v) if v else None),
    "bitwiseOr": ("bitwiseOr", lambda v: functools.reduce(operator.or_, v) if v else None),
    "countDistinct": ("count", lambda v: len(set(v))),
    "countDistinctNonNull": ("count", lambda v: len(set(v))),
    "countRuns": ("count", lambda v: len(list(itertools.groupby(v)))),
    "sampleVariance": ("variance", sample(statistics.variance)),
    "sampleStdDev": ("stdDev", sample(statistics.stdev)),
    "skew": ("skew", lambda v: stats.skew(v) if spread(v) else None),
    "kurtosis": ("kurtosis", lambda v: stats.kurtosis(v) if spread(v) else None),
    "circularMean": ("circularMean", lambda v: cmath.phase(vector(v)) if v else None),
    "circularVariance": ("circularVariance", lambda v: 1 - abs(vector(v)) if v else None),
    "circularStddev": (
        "circularStdDev",
        lambda v: math.sqrt(max(0, -2 * math.log(abs(vector(v))))) if v else None),
}  # fmt: skip
LISTS: list[list[int]] = [[5], [0, 0], [3, 3, 3], [1, 0, 2], [6, -3, 6, 6, 7], [-1, 12, 12, 40, 9]]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("values", LISTS)
def test_a_statistic_of_a_list_is_pythons(name: str, values: list[int]) -> None:
    found = World().compute(ee.List(values).reduce(reducer_of(name)))
    expected = RULES[name][1](values)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-7))


def stack(count: int) -> tuple[World, list[Layer]]:
    """Small whole numbers with gaps, one pixel without any."""
    rng = np.random.default_rng(count)
    layers, made = [], World()
    for _ in range(count):
        valid = rng.random(SHAPE) > 0.3
        valid[0, 0] = False
        layers.append((np.where(valid, rng.integers(-2, 5, SHAPE), 99).astype("int16"), valid))
        made.add({"v": layers[-1]})
    return made, layers


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("count", [1, 6])
def test_a_statistic_of_a_stack_is_that_of_each_pixels_list(name: str, count: int) -> None:
    made, layers = stack(count)
    output, rule = RULES[name]

    found = made.pixels(ee.ImageCollection(NAME).reduce(reducer_of(name)), native(6, 5))[
        f"v_{output}"
    ]

    expected = np.zeros(SHAPE), np.zeros(SHAPE, np.bool_)
    for place in np.ndindex(SHAPE):
        known = [int(values[place]) for values, valid in layers if valid[place]]
        value = rule(known)
        expected[0][place], expected[1][place] = value or 0, value is not None
    if name == "circularMean":
        # Either end of the circle is the same direction.
        found = np.cos(found[0]), found[1]
        expected = np.cos(expected[0]), expected[1]
    same(found, expected, 2e-6)


def test_count_every_counts_what_is_masked_too() -> None:
    made, _ = stack(6)
    found = made.pixels(ee.ImageCollection(NAME).reduce(ee.Reducer.countEvery()), native(6, 5))
    same(found["v_count"], (np.full(SHAPE, 6), np.ones(SHAPE, np.bool_)))
    assert World().compute(ee.List([1, None, 1]).reduce(ee.Reducer.countEvery())) == 3


def reduced(values: Values, reducer: ee.Reducer) -> Any:
    return World().compute(ee.List(values).reduce(reducer))


def test_histograms_count_what_falls_into_each_bucket() -> None:
    values = [0.5, 1.5, 1.25, 3.0, 7.9, -0.5]

    assert reduced([2, 1, 2, "2"][:3], ee.Reducer.frequencyHistogram()) == {"1": 1, "2": 2}
    assert reduced([0, 1, 2.5, 4, 9, -1], ee.Reducer.fixedHistogram(0, 4, 2)) == [[0, 2], [2, 1]]
    assert reduced([0, 1, 2.5, 3, 9], ee.Reducer.fixedHistogram(0, 4, 4, True)) == [
        [0, 1], [1, 2], [2, 3], [3, 4],
    ]  # fmt: skip
    found = reduced(values, ee.Reducer.histogram(16, 1))
    assert found["bucketWidth"] == 1
    assert found["bucketMin"] == -1
    assert found["histogram"] == [1, 1, 2, 0, 1, 0, 0, 0, 1]
    assert found["bucketMeans"][:3] == [-0.5, 0.5, 1.375]
    assert reduced(values, ee.Reducer.autoHistogram(16, 1)) == [
        [-1, 1], [0, 1], [1, 2], [2, 0], [3, 1], [4, 0], [5, 0], [6, 0], [7, 1],
    ]  # fmt: skip
    assert reduced(values, ee.Reducer.autoHistogram(4, 2, None, True)) == [
        [-4, 1], [0, 5], [4, 6],
    ]  # fmt: skip


def test_the_mean_of_an_interval_leaves_out_what_lies_beyond() -> None:
    values = [100, 1, 2, 3, -50]
    assert reduced(values, ee.Reducer.intervalMean(0, 100)) == pytest.approx(11.2)
    assert reduced(values, ee.Reducer.intervalMean(20, 80)) == pytest.approx(2)


def test_reducers_made_of_reducers_give_all_their_outputs() -> None:
    both = ee.Reducer.minMax()
    mean = ee.Reducer.mean()
    pairs = [[1, 10], [2, 20], [6, 60]]
    named = {"a_min": 1, "a_max": 6, "b_min": 10, "b_max": 60}

    assert World().compute(both.getOutputs()) == ["min", "max"]
    assert reduced([4, 9], both.setOutputs(["low", "high"])) == {"low": 4, "high": 9}
    assert reduced([4, 9], both.setOutputs(["", "high"])) == 9
    assert reduced(pairs, mean.repeat(2)) == [3, 30]
    assert reduced(pairs, both.repeat(2)) == {"min": [1, 10], "max": [6, 60]}
    assert reduced(pairs, mean.forEach(["a", "b"])) == {"a": 3, "b": 30}
    assert reduced(pairs, both.forEach(["a", "b"])) == named
    bands = ee.Image([0, 1]).rename(["a", "b"])
    assert reduced(pairs, both.forEachBand(bands)) == named
    assert reduced([[1, 3], [5, 1]], mean.splitWeights()) == 2
    assert reduced([1, 2, 6], mean.unweighted()) == 3


def test_groups_are_reduced_apart_in_order() -> None:
    rows = [[1, 7], [5, 3], [3, 7], [4, None]]
    reducer = ee.Reducer.sum().group(1, "class")
    assert reduced(rows, reducer) == [{"class": 3, "sum": 5}, {"class": 7, "sum": 4}]


def test_inputs_become_features() -> None:
    reducer = ee.Reducer.toCollection(["a", "b"], 1)
    found = ee.FeatureCollection(ee.List([[1, 2], [3, None], [None, 4]]).reduce(reducer))
    assert World().compute(found.aggregate_array("a")) == [1, 3]
    assert World().compute(found.aggregate_array("b")) == [2]

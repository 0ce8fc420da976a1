"""The family of reducers on lists, on tables and on stacks, against plain Python and scipy."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from itertools import combinations, groupby
from typing import Any

import ee
import numpy as np
import pytest
from scipy import stats

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import NAME, UTM, Layer, World, native, same, speckle

SHAPE = (4, 5)
GRID = native(5, 4)
NUMBERS = [3.5, -1.25, 8.0, 3.5, 0.5, 12.0, 7.75]
X = [1.0, 2.0, 4.0, 5.5, 7.0, 8.0, 11.0]
PAIRS = [list(pair) for pair in zip(X, NUMBERS, strict=True)]
COMPUTE = World().compute


def regression(rows: list[list[float]], unknowns: int) -> tuple[Any, Any]:
    table = np.array(rows)
    found, *_ = np.linalg.lstsq(table[:, :unknowns], table[:, unknowns:])
    rest = table[:, unknowns:] - table[:, :unknowns] @ found
    return found, np.sqrt((rest**2).mean(axis=0))


def line(rows: list[list[float]]) -> list[float]:
    """Slope and offset of the least squares line."""
    table = np.array(rows, float)
    found: list[float] = np.polyfit(table[:, 0], table[:, 1], 1).tolist()
    return found


def slopes(rows: list[list[float]]) -> float:
    pairs = combinations(rows, 2)
    return statistics.median((b[1] - a[1]) / (b[0] - a[0]) for a, b in pairs if a[0] != b[0])


def angles(values: list[float]) -> complex:
    return sum(complex(math.cos(v), math.sin(v)) for v in values) / len(values)


@pytest.mark.parametrize(
    ("reducer", "rule"),
    [
        ("skew", stats.skew),
        ("kurtosis", stats.kurtosis),
        ("countDistinct", lambda known: len(set(known))),
        (
            "countRuns",
            lambda known: len(list(groupby(known))),
        ),
        ("circularMean", lambda known: math.atan2(angles(known).imag, angles(known).real)),
        ("circularVariance", lambda known: 1 - abs(angles(known))),
        ("circularStddev", lambda known: math.sqrt(-2 * math.log(abs(angles(known))))),
        ("countEvery", len),
    ],
)
def test_a_statistic_is_the_same_of_a_list_and_of_a_stack(
    reducer: str, rule: Callable[[list[float]], float]
) -> None:
    made = getattr(ee.Reducer, reducer)()
    assert COMPUTE(ee.List(NUMBERS).reduce(made)) == pytest.approx(rule(NUMBERS))

    world, layers = stack(5, gaps=0.0)
    (found,) = world.pixels(ee.ImageCollection(NAME).reduce(made), GRID).values()
    same(found, each_pixel(layers, lambda rows: rule([row[0] for row in rows]), least=1), 1e-5)


def stack(count: int, gaps: float = 0.3, bands: str = "v") -> tuple[World, list[list[Layer]]]:
    world, layers = World(), []
    for number in range(count):
        layers.append([speckle(SHAPE, 10 * number + i, gaps) for i in range(len(bands))])
        world.add(dict(zip(bands, layers[-1], strict=True)))
    return world, layers


def each_pixel(
    layers: list[list[Layer]], rule: Callable[[list[list[float]]], float], least: int
) -> Layer:
    """A rule of the tuples of valid values at each pixel; masked where there are too few."""
    values, valid = np.zeros(SHAPE), np.zeros(SHAPE, bool)
    for place in np.ndindex(SHAPE):
        rows = [
            [float(layer[0][place]) for layer in image]
            for image in layers
            if all(layer[1][place] for layer in image)
        ]
        if len(rows) >= least:
            values[place], valid[place] = rule(rows), True
    return values, valid


LINES: dict[str, tuple[str, Callable[[list[list[float]]], float], int]] = {
    "scale": ("linearFit", lambda rows: line(rows)[0], 2),
    "offset": ("linearFit", lambda rows: line(rows)[1], 2),
    "correlation": ("pearsonsCorrelation", lambda rows: np.corrcoef(np.array(rows).T)[0, 1], 2),
    "p-value": ("pearsonsCorrelation", lambda rows: stats.pearsonr(*np.array(rows).T)[1], 3),
    "slope": ("sensSlope", slopes, 2),
}


@pytest.mark.parametrize("output", LINES)
def test_a_reducer_of_pairs_is_the_same_on_lists_and_stacks(output: str) -> None:
    name, rule, least = LINES[output]
    made = getattr(ee.Reducer, name)()
    assert COMPUTE(ee.List(PAIRS).reduce(made))[output] == pytest.approx(rule(PAIRS))

    world, layers = stack(6, bands="xy")
    found = world.pixels(ee.ImageCollection(NAME).reduce(made), GRID)
    same(found[output], each_pixel(layers, rule, least), 1e-4)


def test_sens_offset_is_the_median_of_what_the_slope_leaves() -> None:
    found = COMPUTE(ee.List(PAIRS).reduce(ee.Reducer.sensSlope()))
    rest = statistics.median(y - slopes(PAIRS) * x for x, y in PAIRS)
    assert found["offset"] == pytest.approx(rest)


def test_rank_correlations_are_scipys() -> None:
    spearman = COMPUTE(ee.List(PAIRS).reduce(ee.Reducer.spearmansCorrelation()))
    kendall = COMPUTE(ee.List(PAIRS).reduce(ee.Reducer.kendallsCorrelation(2)))
    alone = COMPUTE(ee.List(NUMBERS).reduce(ee.Reducer.kendallsCorrelation(1)))
    assert spearman == pytest.approx(stats.spearmanr(X, NUMBERS)[0])
    assert kendall == pytest.approx(stats.kendalltau(X, NUMBERS)[0])
    assert alone == pytest.approx(stats.kendalltau(range(7), NUMBERS)[0])


def test_extremes_bring_their_company() -> None:
    rows = [[3, "a"], [1, "b"], [1, "c"]]
    numbers = [[a, ord(b), place] for place, (a, b) in enumerate(rows)]  # type: ignore[arg-type]
    found = COMPUTE(ee.List(numbers).reduce(ee.Reducer.min(3)))
    assert found == {"min": 1, "min1": ord("b"), "min2": 1}

    world, layers = stack(5, bands="qw")
    pixels = world.pixels(ee.ImageCollection(NAME).reduce(ee.Reducer.max(2)), GRID)
    same(pixels["max"], each_pixel(layers, lambda rows: max(rows)[0], 1))
    same(pixels["max1"], each_pixel(layers, lambda rows: max(rows)[1], 1))


def test_linear_regression_gives_arrays() -> None:
    rows = [[1.0, x, y, y * y] for x, y in PAIRS]
    found = COMPUTE(ee.List(rows).reduce(ee.Reducer.linearRegression(2, 2)))
    coefficients, residuals = regression(rows, 2)
    np.testing.assert_allclose(found["coefficients"], coefficients, rtol=1e-9)
    np.testing.assert_allclose(found["residuals"], residuals, rtol=1e-9)
    few = COMPUTE(ee.List(rows[:2]).reduce(ee.Reducer.linearRegression(2, 2)))
    assert few == {"coefficients": None, "residuals": None}


def test_every_pixel_has_its_own_regression() -> None:
    world, layers = stack(6, bands="xy")
    with_one = ee.ImageCollection(NAME).map(lambda i: ee.Image(1).toFloat().addBands(i))
    found = with_one.reduce(ee.Reducer.linearRegression(2, 1)).select("coefficients")
    slope = world.pixels(found.arrayGet([1, 0]), GRID)["coefficients"]
    expected = each_pixel(layers, lambda rows: line(rows)[0], 3)
    same(slope, expected, 1e-4)


def test_robust_regression_leaves_outliers_out() -> None:
    rows = [[1, x, 2 * x + 1] for x in range(20)]
    rows[4][2], rows[13][2] = 900, -500
    plain = COMPUTE(ee.List(rows).reduce(ee.Reducer.linearRegression(2)))["coefficients"]
    robust = COMPUTE(ee.List(rows).reduce(ee.Reducer.robustLinearRegression(2, 1, 40)))
    assert abs(plain[1][0] - 2) > 1
    np.testing.assert_allclose(robust["coefficients"], [[1], [2]], atol=1e-9)


def test_ridge_regression_shrinks_and_has_an_intercept() -> None:
    found = COMPUTE(ee.List(PAIRS).reduce(ee.Reducer.ridgeRegression(1, 1, 3.0)))["coefficients"]
    x, y = np.array(X), np.array(NUMBERS)
    slope = ((x - x.mean()) @ (y - y.mean())) / (((x - x.mean()) ** 2).sum() + 3.0)
    np.testing.assert_allclose(found, [[slope], [y.mean() - slope * x.mean()]], rtol=1e-9)


def test_covariances_of_vectors_are_numpys() -> None:
    vectors = [ee.Array([x, y]) for x, y in PAIRS]
    found = COMPUTE(ee.List(vectors).reduce(ee.Reducer.covariance()))
    np.testing.assert_allclose(found, np.cov(np.array(PAIRS).T), rtol=1e-9)


def test_histograms_have_buckets_of_equal_width() -> None:
    values = [0.1, 0.2, 0.9, 1.4, 1.4, 3.9, 5.0, -1.0]
    fixed = COMPUTE(ee.List(values).reduce(ee.Reducer.fixedHistogram(0, 5, 5)))
    assert fixed == [[0, 3], [1, 2], [2, 0], [3, 1], [4, 0]]
    summed = COMPUTE(ee.List(values).reduce(ee.Reducer.fixedHistogram(0, 5, 5, True)))
    assert [row[1] for row in summed] == [3, 5, 5, 6, 6]
    wide = COMPUTE(ee.List(values).reduce(ee.Reducer.histogram(8, 1)))
    assert wide["bucketMin"] == -1
    assert wide["bucketWidth"] == 1
    assert wide["histogram"] == [1, 3, 2, 0, 1, 0, 1]
    assert wide["bucketMeans"][:4] == pytest.approx([-1, 0.4, 1.4, 2.5])
    auto = COMPUTE(ee.List(values).reduce(ee.Reducer.autoHistogram(4)))
    assert auto == [[-2, 1], [0, 5], [2, 1], [4, 1]]
    table = COMPUTE(ee.List([1, 2, 2, 7]).reduce(ee.Reducer.frequencyHistogram()))
    assert table == {"1": 1, "2": 2, "7": 1}


def test_inputs_are_kept_as_lists_and_tables() -> None:
    assert COMPUTE(ee.List([3, None, 1]).reduce(ee.Reducer.toList())) == [3, 1]
    pairs = ee.List([[1, 2], [None, 4], [5, None]])
    assert COMPUTE(pairs.reduce(ee.Reducer.toList(2))) == [[1, 2]]
    assert COMPUTE(pairs.reduce(ee.Reducer.toList(2, 1))) == [[1, 2], [5, None]]
    found = COMPUTE(pairs.reduce(ee.Reducer.toCollection(["a", "b"], 1)))["features"]
    assert [f["properties"] for f in found] == [{"a": 1, "b": 2}, {"a": 5}]


def test_pixels_make_arrays_of_their_own_length() -> None:
    world, layers = stack(4)
    found = ee.ImageCollection(NAME).reduce(ee.Reducer.toList())
    (lengths,) = world.pixels(found.arrayLength(0), GRID).values()
    same(lengths, each_pixel(layers, len, 1))
    (last,) = world.pixels(found.arraySlice(0, -1).arrayGet([0]), GRID).values()
    same(last, each_pixel(layers, lambda rows: rows[-1][0], 1))


def test_interval_means_and_bits_are_those_of_plain_python() -> None:
    found = COMPUTE(ee.List(NUMBERS).reduce(ee.Reducer.intervalMean(20, 80)))
    ordered = sorted(NUMBERS)
    assert found == pytest.approx(statistics.fmean(ordered[1:6]))
    assert COMPUTE(ee.List([13, 7, 5]).reduce(ee.Reducer.bitwiseAnd())) == 13 & 7 & 5
    assert COMPUTE(ee.List([8, 3]).reduce(ee.Reducer.bitwiseOr())) == 11


def columns(reducer: Any, selectors: list[str], weights: list[str] | None = None) -> Any:
    rows = [("a", 1.0, 4, 1.0), ("b", 2.0, 5, 3.0), ("a", 6.0, None, 1.0), (None, 7.0, 2, 0.0)]
    names = ("k", "v", "w", "weight")
    features = [
        ee.Feature(None, {n: v for n, v in zip(names, row, strict=True) if v is not None})
        for row in rows
    ]
    return COMPUTE(ee.FeatureCollection(features).reduceColumns(reducer, selectors, weights))


def test_columns_of_a_collection_are_reduced() -> None:
    assert columns(ee.Reducer.mean(), ["v"]) == {"mean": 4}
    assert columns(ee.Reducer.mean(), ["v"], ["weight"]) == {"mean": pytest.approx(13 / 5)}
    assert columns(ee.Reducer.sum().repeat(2), ["v", "w"]) == {"sum": [16, 11]}
    assert columns(ee.Reducer.countDistinctNonNull(), ["k"]) == {"count": 2}
    assert columns(ee.Reducer.frequencyHistogram(), ["k"]) == {"histogram": {"a": 2, "b": 1}}
    assert columns(ee.Reducer.toList(2), ["k", "w"]) == {"list": [["a", 4], ["b", 5]]}
    grouped = columns(
        ee.Reducer.mean().combine(ee.Reducer.count(), "", True).group(1, "k"), ["v", "k"]
    )
    assert grouped == {
        "groups": [{"k": "a", "mean": 3.5, "count": 2}, {"k": "b", "mean": 2, "count": 1}]
    }
    with pytest.raises(EarthEngineError, match="takes 1 inputs, but 2 selectors"):
        columns(ee.Reducer.mean(), ["v", "w"])


def test_combined_reducers_share_their_inputs_or_do_not() -> None:
    apart = ee.Reducer.mean().combine(ee.Reducer.max(), "top_")
    assert columns(apart, ["v", "w"]) == {"mean": 4, "top_max": 5}
    shared = ee.Reducer.mean().combine(ee.Reducer.max(), "", True)
    assert columns(shared, ["v"]) == {"mean": 4, "max": 7}
    with pytest.raises(EarthEngineError, match="same number of inputs; they have 1 and 2"):
        columns(ee.Reducer.mean().combine(ee.Reducer.linearFit(), "", True), ["v"])


def test_outputs_are_renamed_dropped_and_repeated() -> None:
    made = ee.Reducer.minMax().setOutputs(["", "top"])
    assert columns(made, ["v"]) == {"top": 7}
    each = ee.Reducer.max().forEach(["a", "b"])
    assert columns(each, ["v", "w"]) == {"a": 7, "b": 5}
    both = ee.Reducer.minMax().forEach(["a", "b"])
    assert columns(both, ["v", "w"]) == {"a_min": 1, "a_max": 7, "b_min": 2, "b_max": 5}
    split = ee.Reducer.mean().splitWeights()
    assert columns(split, ["v", "weight"]) == {"mean": pytest.approx(13 / 5)}


def test_weights_move_medians_and_percentiles() -> None:
    rows = [(1.0, 1.0), (2.0, 5.0), (9.0, 1.0)]
    features = ee.FeatureCollection([ee.Feature(None, {"v": v, "w": w}) for v, w in rows])
    for made in (ee.Reducer.median(), ee.Reducer.percentile([50]), ee.Reducer.mode()):
        (found,) = COMPUTE(features.reduceColumns(made, ["v"], ["w"])).values()
        assert found == 2


def test_what_pixels_cannot_hold_is_refused() -> None:
    world, _ = stack(2)
    images = ee.ImageCollection(NAME)
    with pytest.raises(EarthEngineError, match="'histogram' can't be computed"):
        world.pixels(images.reduce(ee.Reducer.histogram()), GRID)
    with pytest.raises(EarthEngineError, match="takes 2 inputs, but the collection has 1 bands"):
        world.pixels(images.reduce(ee.Reducer.linearFit()), GRID)
    with pytest.raises(EarthEngineError, match="must have a single input, not 2"):
        world.pixels(images.first().reduce(ee.Reducer.linearFit()), GRID)


@pytest.mark.parametrize("reducer", ["linearFit", "minMax"])
def test_coarser_pixels_are_reductions_of_finer_ones(reducer: str) -> None:
    world, ((x, y),) = stack(1, gaps=0.4, bands="xy")
    image = ee.ImageCollection(NAME).first()
    made = getattr(ee.Reducer, reducer)()
    coarse = image.reduceResolution(made).reproject(UTM, None, 20)
    found = world.pixels(coarse, native(5, 4))
    block = (slice(0, 2), slice(2, 4))
    known = x[1][block] & y[1][block]
    if reducer == "minMax":
        expected = x[0][block][x[1][block]]
        assert found["x_min"][0][0, 2] == pytest.approx(float(expected.min()))
        assert found["x_max"][0][1, 3] == pytest.approx(float(expected.max()))
    elif known.sum() > 1:
        slope = np.polyfit(x[0][block][known], y[0][block][known], 1)[0]
        assert found["scale"][0][0, 2] == pytest.approx(slope, rel=1e-4)

"""Arrays as values, against plain lists and loops."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable
from itertools import product
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

GRID: list[list[float]] = [[3, -1, 4], [1, -5, 9]]
CUBE = [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]]
EMPTY: list[Any] = []


def value(of: Any) -> Any:
    return World().compute(of)


def none() -> Any:
    return ee.Array(EMPTY, ee.PixelType.int8())


def each(values: Any, change: Callable[[float], Any]) -> Any:
    """A function of every number of lists within lists."""
    return [each(v, change) for v in values] if isinstance(values, list) else change(values)


def test_arrays_are_made_of_numbers_lists_and_arrays() -> None:
    assert value(ee.Array(7)) == 7
    assert value(ee.Array(CUBE)) == CUBE
    assert value(ee.Array(ee.List.sequence(0, 10, 5))) == [0, 5, 10]
    assert value(ee.Array(ee.List([ee.Array([1, 2]), ee.Array([3, 4])]))) == [[1, 2], [3, 4]]
    assert value(ee.Array([1.7, -300], ee.PixelType.uint8())) == [1, 0]
    assert value(none()) == []
    assert value(ee.Array([[], []], ee.PixelType.float())) == [[], []]
    assert value(ee.Algorithms.ObjectType(ee.Array([1]))) == "Array"
    assert value(ee.Array.identity(3)) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert value(ee.Array(CUBE).toList()) == CUBE
    assert value(ee.Array(CUBE).length()) == [2, 3, 2]


@pytest.mark.parametrize("bad", [[[1, 2], [3]], [1, [2]], ["a"], [[1], 2], EMPTY, [None]])
def test_what_is_no_array_is_refused(bad: list[Any]) -> None:
    with pytest.raises(EarthEngineError, match="Array"):
        value(ee.Array(bad).length())


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("add", lambda a, b: a + b), ("subtract", lambda a, b: a - b),
        ("multiply", lambda a, b: a * b), ("divide", lambda a, b: a / b if b else 0),
        ("max", max), ("min", min), ("eq", lambda a, b: int(a == b)),
        ("lt", lambda a, b: int(a < b)), ("gte", lambda a, b: int(a >= b)),
        ("And", lambda a, b: int(bool(a and b))), ("Or", lambda a, b: int(bool(a or b))),
        ("mod", lambda a, b: math.fmod(a, b) if b else 0), ("first", lambda a, _: a),
        ("firstNonZero", lambda a, b: a or b), ("hypot", math.hypot),
        ("atan2", lambda a, b: math.atan2(b, a)), ("bitwiseAnd", lambda a, b: a & b),
    ],
)  # fmt: skip
def test_arithmetic_goes_number_by_number(name: str, number: Callable[[Any, Any], float]) -> None:
    other = [[2, 0, -3], [1, 4, 0]]
    expected = [[number(a, b) for a, b in zip(*rows, strict=True)]
                for rows in zip(GRID, other, strict=True)]  # fmt: skip
    found = value(getattr(ee.Array(GRID), name)(other))
    assert all(isinstance(row, list) for row in found)
    assert found == [pytest.approx(row, rel=1e-6) for row in expected]
    scalar = value(getattr(ee.Array(GRID), name)(2))
    assert scalar == [pytest.approx([number(a, 2) for a in row], rel=1e-6) for row in GRID]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("abs", abs), ("Not", lambda a: int(not a)), ("floor", math.floor), ("ceil", math.ceil),
        ("round", lambda a: math.floor(a + 0.5)), ("exp", math.exp), ("cos", math.cos),
        ("signum", lambda a: (a > 0) - (a < 0)), ("toInt8", int), ("atan", math.atan),
        ("erf", math.erf), ("double", float),
    ],
)  # fmt: skip
def test_functions_go_number_by_number(name: str, number: Callable[[float], float]) -> None:
    numbers = [[1.5, -0.25], [0, 2.75]]
    found = value(getattr(ee.Array(numbers), name)())
    assert found == [pytest.approx(row) for row in each(numbers, number)]


def test_what_is_not_finite_stays() -> None:
    assert value(ee.Array([0, 0, 1]).pow([-2, 0, -1])) == ["Infinity", 1, 1]
    assert value(ee.Array([-1.0, 1]).log()) == ["NaN", 0]


def test_arrays_of_different_shapes_are_not_added() -> None:
    with pytest.raises(EarthEngineError, match=r"Array.add: .*same shape.*\[2\] and \[3\]"):
        value(ee.Array([1, 2]).add([1, 2, 3]))
    with pytest.raises(EarthEngineError, match=r"Array.add: .*same shape.*\[1\] and \[1, 1\]"):
        value(ee.Array([1]).add([[1]]))
    assert value(none().add(none())) == []


def test_arrays_are_joined_along_any_axis_and_one_behind() -> None:
    one, other = [[1, 2], [3, 4]], [[5, 6], [7, 8]]
    assert value(ee.Array.cat([one, other])) == one + other
    assert value(ee.Array.cat([one, other], 1)) == [a + b for a, b in zip(one, other, strict=True)]
    assert value(ee.Array.cat([one, other], 2)) == [
        [list(pair) for pair in zip(*rows, strict=True)] for rows in zip(one, other, strict=True)
    ]
    assert value(ee.Array.cat([none(), [1], none()])) == [1]
    with pytest.raises(EarthEngineError, match=r"Array.cat: .*same length"):
        value(ee.Array.cat([[[1, 2]], [[1]]]))
    with pytest.raises(EarthEngineError, match=r"Array.cat: .*number of dimensions"):
        value(ee.Array.cat([[1], [[1]]]))
    with pytest.raises(EarthEngineError, match=r"Array.cat: Axis 3 is out of range"):
        value(ee.Array.cat([one, other], 3))


@pytest.mark.parametrize("start", [-9, -2, 0, 1, 4, 7])
@pytest.mark.parametrize("end", [None, -9, -1, 0, 3, 9])
@pytest.mark.parametrize("step", [1, 2, 5])
def test_slices_are_those_of_lists(start: int, end: int | None, step: int) -> None:
    numbers = [4, 8, 15, 16, 23]
    assert value(ee.Array(numbers).slice(0, start, end, step)) == numbers[start:end:step]
    turned = value(ee.Array([numbers, numbers]).slice(1, start, end, step))
    assert turned == [numbers[start:end:step]] * 2


def test_slices_need_an_axis_and_a_positive_step() -> None:
    with pytest.raises(EarthEngineError, match=r"Array.slice: Axis 1 is out of range"):
        value(ee.Array([1, 2]).slice(1))
    with pytest.raises(EarthEngineError, match=r"Array.slice: 'step' must be positive"):
        value(ee.Array([1, 2]).slice(0, 0, 2, 0))


def test_sorting_is_stable_and_by_keys() -> None:
    rng = random.Random(1)  # noqa: S311 - no secret
    numbers = [rng.randrange(9) for _ in range(20)]
    keys = [rng.randrange(4) for _ in range(20)]
    assert value(ee.Array(numbers).sort()) == sorted(numbers)
    by_keys = [n for _, n in sorted(zip(keys, numbers, strict=True), key=lambda pair: pair[0])]
    assert value(ee.Array(numbers).sort(keys)) == by_keys
    assert value(ee.Array(GRID).sort([[3, 1, 2]])) == [[-1, 4, 3], [-5, 9, 1]]
    assert value(ee.Array(GRID).sort([[2], [1]])) == GRID[::-1]
    with pytest.raises(EarthEngineError, match=r"Array.sort: .*along one axis"):
        value(ee.Array(GRID).sort())
    with pytest.raises(EarthEngineError, match=r"Array.sort: There must be a key for each"):
        value(ee.Array([1, 2, 3]).sort([1, 2]))


def test_arrays_are_reshaped_padded_and_turned() -> None:
    flat = [n for row in GRID for n in row]
    assert value(ee.Array(GRID).reshape([3, 2])) == [flat[:2], flat[2:4], flat[4:]]
    assert value(ee.Array(GRID).reshape([-1])) == flat
    assert value(ee.Array(CUBE).transpose()) == [list(pair) for pair in zip(*CUBE, strict=True)]
    assert value(ee.Array(CUBE).transpose(1, 2)) == [
        [list(line) for line in zip(*matrix, strict=True)] for matrix in CUBE
    ]
    assert value(ee.Array([[[1], [2]]]).project([1])) == [1, 2]
    assert value(ee.Array([[[1], [2]]]).project([1, 0])) == [[1], [2]]
    assert value(ee.Array([1, 2]).repeat(0, 2)) == [1, 2, 1, 2]
    assert value(ee.Array([1, 2]).repeat(1, 3)) == [[1, 1, 1], [2, 2, 2]]
    assert value(ee.Array([[1, 2]]).pad([2, 3], 9)) == [[1, 2, 9], [9, 9, 9]]
    assert value(ee.Array([1, 2, 3]).pad([2])) == [1, 2, 3]
    assert value(ee.Array(GRID).cut([-1, 1])) == [[-1], [-5]]
    assert value(ee.Array(GRID).cut([1, 2])) == [[9]]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ee.Array(GRID).reshape([4]), r"Array.reshape: .*cannot be reshaped"),
        (lambda: ee.Array(GRID).reshape([-1, -1]), r"Array.reshape: .*cannot be reshaped"),
        (lambda: ee.Array(GRID).project([0]), r"Array.project: Cannot drop axis 1"),
        (lambda: ee.Array(GRID).transpose(0, 2), r"Array.transpose: Axis 2 is out of range"),
        (lambda: ee.Array(GRID).get([0]), r"Array.get: The position must have"),
        (lambda: ee.Array(GRID).get([0, 3]), r"Array.get: Position 3 is out of range"),
        (lambda: ee.Array(GRID).get([0, -4]), r"Array.get: Position -4 is out of range"),
        (lambda: ee.Array(GRID).get([-3, 0]), r"Array.get: Position -3 is out of range"),
        (lambda: ee.Array([], ee.PixelType.int8()).get([-1]), r"Array.get: Position -1 is out"),
        (lambda: ee.Array(GRID).cut([2, 0]), r"Array.cut: Position 2 is out of range"),
        (lambda: ee.Array(GRID).mask(GRID), r"Array.mask: The mask must have"),
        (lambda: ee.Array([1, 2]).mask([1]), r"Array.mask: A mask of shape"),
        (lambda: ee.Array([1, 2]).dotProduct([1]), r"Array.dotProduct: Expected vectors"),
        (lambda: ee.Array.identity(10**5), r"Array.identity: The array is too large"),
        (lambda: ee.Array([1]).repeat(0, 10**9), r"Array.repeat: The array is too large"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(EarthEngineError, match=words):
        value(make())


def test_masks_keep_positions_along_one_axis() -> None:
    assert value(ee.Array([0, 1, 2, 3]).mask([0, 4, -1, 1.2])) == [1, 2, 3]
    assert value(ee.Array(GRID).mask([[1, 0, 2]])) == [[3, 4], [1, 9]]
    assert value(ee.Array(GRID).mask([[0], [1]])) == [GRID[1]]
    assert value(ee.Array(GRID).mask([[0, 0, 0]])) == [[], []]
    assert value(none().mask(none())) == []


@pytest.mark.parametrize(
    ("array", "position"),
    [([4, 9, 7], [-1]), ([4, 9, 7], [-3]), ([5], [-1]), (GRID, [-1, -1]), (GRID, [0, -2]),
     (GRID, [-2, 1]), (CUBE, [-1, -2, 0])],
)  # fmt: skip
def test_a_negative_position_counts_from_the_end(array: Any, position: list[int]) -> None:
    expected: Any = array
    for place in position:
        expected = expected[place]
    assert value(ee.Array(array).get(position)) == expected


def test_otsus_threshold_is_the_mean_of_the_greatest_variance() -> None:
    counts, means = [40, 30, 5, 2, 20, 45], [-22.0, -20.0, -17.0, -14.0, -10.0, -8.0]
    total, weighted = sum(counts), sum(c * m for c, m in zip(counts, means, strict=True))

    def between(size: int) -> float:
        below, some = (
            sum(counts[:size]),
            sum(c * m for c, m in zip(counts[:size], means[:size], strict=True)),
        )
        above = total - below
        if not above:
            return below * (some / below - weighted / total) ** 2
        low, high = some / below, (weighted - some) / above
        return below * (low - weighted / total) ** 2 + above * (high - weighted / total) ** 2

    spread = [between(size) for size in range(1, len(counts) + 1)]
    found = ee.Array(means).sort(ee.Array(spread)).get([-1])
    assert value(found) == means[spread.index(max(spread))]


def test_an_element_is_found_by_its_position() -> None:
    for place in product(range(2), range(3), range(2)):
        assert value(ee.Array(CUBE).get(list(place))) == CUBE[place[0]][place[1]][place[2]]
    assert value(ee.Array([[3, 9, 2], [9, 5, 7]]).argmax()) == [0, 1]
    assert value(none().argmax()) is None
    assert value(ee.Array([1, 2, 3]).dotProduct([4, 5, -6])) == 4 + 10 - 18
    assert value(ee.Array.bitsToArray(6)) == [0, 1, 1]
    assert value(ee.Array.bitsToArray(0)) == [0]
    assert value(ee.Array.bitsToArray(-1)) == [1] * 64


@pytest.mark.parametrize(
    ("name", "statistic"),
    [
        ("mean", statistics.fmean), ("median", statistics.median), ("max", max), ("sum", sum),
        ("stdDev", statistics.pstdev), ("count", len), ("product", math.prod),
    ],
)  # fmt: skip
def test_a_reduction_along_axes_is_numpys(
    name: str, statistic: Callable[[list[float]], float]
) -> None:
    reducer = getattr(ee.Reducer, name)()
    columns = [statistic(list(column)) for column in zip(*GRID, strict=True)]
    assert value(ee.Array(GRID).reduce(reducer, [0])) == [pytest.approx(columns)]
    rows = [[pytest.approx(statistic(row))] for row in GRID]
    assert value(ee.Array(GRID).reduce(reducer, [1])) == rows
    whole = statistic([n for row in GRID for n in row])
    assert value(ee.Array(GRID).reduce(reducer, [0, 1])) == [[pytest.approx(whole)]]
    grown = [statistic(GRID[1][: i + 1]) for i in range(3)]
    assert value(ee.Array(GRID[1]).accum(0, reducer)) == pytest.approx(grown)


def test_reductions_of_several_outputs_lie_along_the_field_axis() -> None:
    column = [[3], [-1], [4]]
    assert value(ee.Array(column).reduce(ee.Reducer.minMax(), [0], 1)) == [[-1, 4]]
    with pytest.raises(EarthEngineError, match=r"Array.reduce: .*needs a 'fieldAxis'"):
        value(ee.Array(column).reduce(ee.Reducer.minMax(), [0]))
    with pytest.raises(EarthEngineError, match=r"Array.reduce: The 'fieldAxis' 1 must have"):
        value(ee.Array(GRID).reduce(ee.Reducer.minMax(), [0], 1))


def test_reducers_of_several_inputs_take_them_along_the_field_axis() -> None:
    pairs: list[list[float]] = [[1, 5], [2, 7], [4, 11.5]]
    fit = value(ee.Array(pairs).reduce(ee.Reducer.linearFit(), [0], 1))
    slope, offset = statistics.linear_regression(*zip(*pairs, strict=True))
    assert fit == [pytest.approx([slope, offset])]
    both = ee.Reducer.max().combine(ee.Reducer.mean())
    assert value(ee.Array(pairs).reduce(both, [0], 1)) == [[4, pytest.approx(23.5 / 3)]]
    with pytest.raises(EarthEngineError, match=r"Array.reduce: .*must have length 2"):
        value(ee.Array(GRID).reduce(ee.Reducer.linearFit(), [0], 1))
    with pytest.raises(EarthEngineError, match=r"Array.reduce: .*is not a number"):
        value(ee.Array([[1], [2]]).reduce(ee.Reducer.toList(), [0], 1))


def test_of_nothing_there_is_a_count_and_a_sum_and_no_mean() -> None:
    assert value(none().reduce(ee.Reducer.count(), [0])) == [0]
    assert value(none().reduce(ee.Reducer.sum(), [0])) == [0]
    assert value(ee.Array([3, 4]).slice(0, 2).reduce(ee.Reducer.sum(), [0]).get([0])) == sum([])
    assert value(ee.Array([[3, 4], [5, 6]]).slice(1, 2).reduce(ee.Reducer.sum(), [1])) == [[0], [0]]
    assert value(ee.Array([[3, 4], [5, 6]]).slice(0, 0, 0).reduce(ee.Reducer.sum(), [0])) == [
        [0, 0]
    ]
    assert value(ee.Array([[3], [5]]).slice(0, 2).reduce(ee.Reducer.sum(), [0, 1])) == [[0]]
    with pytest.raises(EarthEngineError, match=r"Array.reduce: .*empty array"):
        value(none().reduce(ee.Reducer.mean(), [0]))


def test_sums_accumulate_by_default() -> None:
    assert value(ee.Array([[1, 3], [5, 7]]).accum(0)) == [[1, 3], [6, 10]]
    assert value(ee.Array([[1, 3], [5, 7]]).accum(1)) == [[1, 4], [5, 12]]


def test_dictionaries_and_features_become_arrays() -> None:
    assert value(ee.Dictionary({"b": 2, "a": 1}).toArray()) == [1, 2]
    assert value(ee.Dictionary({"b": 2, "a": 1}).toArray(["b", "a", "b"])) == [2, 1, 2]
    assert value(ee.Dictionary({"b": ee.Array([1, 2]), "a": ee.Array([3, 4])}).toArray(axis=1)) == [
        [3, 1],
        [4, 2],
    ]
    assert value(ee.Feature(None, {"p": 5, "q": 6}).toArray(["q", "p"])) == [6, 5]
    with pytest.raises(EarthEngineError, match=r"Dictionary.toArray: .*'z'"):
        value(ee.Dictionary({"a": 1}).toArray(["z"]))


def test_arrays_are_read_from_properties_lists_and_dictionaries() -> None:
    array = ee.Array([[1, 2]])
    assert value(ee.Feature(None, {"p": array}).getArray("p").get([0, 1])) == 2
    assert value(ee.Feature(None, {"p": array}).getArray("q")) is None
    assert value(ee.List([0, array]).getArray(-1).length()) == [1, 2]
    assert value(ee.Dictionary({"k": [3, 4]}).getArray("k").add(1)) == [4, 5]
    with pytest.raises(EarthEngineError, match=r"Element.getArray: (?s:.*)Expected type: Array"):
        value(ee.Feature(None, {"p": "text"}).getArray("p"))

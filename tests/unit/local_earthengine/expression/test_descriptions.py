"""What `getInfo` shows of kernels, reducers, filters and joins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ee
import pytest

from tests.unit.local_earthengine.world import World


def value(of: Any) -> Any:
    return World().compute(of)


@pytest.mark.parametrize(
    "name", ["mean", "median", "stdDev", "max", "frequencyHistogram", "linearFit"]
)
def test_a_reducer_is_told_by_its_type(name: str) -> None:
    found = value(getattr(ee.Reducer, name)())
    assert found["type"].split(".") == ["Reducer", name]


def test_reducers_made_of_reducers_tell_their_parts() -> None:
    found = value(ee.Reducer.mean().combine(ee.Reducer.count(), "n_", True))
    assert found["type"] == "Reducer.combine"
    assert found["reducer1"] == {"type": "Reducer.mean"}
    assert found["reducer2"] == {"type": "Reducer.count"}
    assert found["outputPrefix"] == "n_"
    assert value(ee.Reducer.percentile([5, 95]))["percentiles"] == [5, 95]
    assert value(ee.Reducer.mean().unweighted())["reducer"] == {"type": "Reducer.mean"}


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: ee.Filter.eq("a", 1),
         {"type": "Filter.equals", "leftField": "a", "rightValue": 1}),
        (lambda: ee.Filter.lessThan(leftField="a", rightField="b"),
         {"type": "Filter.lessThan", "leftField": "a", "rightField": "b"}),
        (lambda: ee.Filter.listContains("p", "VH"),
         {"type": "Filter.listContains", "leftField": "p", "rightValue": "VH"}),
        (lambda: ee.Filter.notNull(["a", "b"]),
         {"type": "Filter.notNull", "properties": ["a", "b"]}),
        (lambda: ee.Filter.gt("a", 1).Not(),
         {"type": "Filter.not",
          "filter": {"type": "Filter.greaterThan", "leftField": "a", "rightValue": 1}}),
        (lambda: ee.Filter.date("2020-01-01", "2020-01-02"),
         {"type": "Filter.dateRangeContains", "rightField": "system:time_start",
          "leftValue": {"type": "DateRange", "dates": [1577836800000, 1577923200000]}}),
    ],
)  # fmt: skip
def test_a_filter_tells_its_operands(make: Callable[[], Any], expected: dict[str, Any]) -> None:
    assert value(make()) == expected


def test_filters_of_filters_and_of_places_are_told() -> None:
    both = value(ee.Filter.And(ee.Filter.eq("a", 1), ee.Filter.bounds(ee.Geometry.Point([1, 2]))))
    assert both["type"] == "Filter.and"
    assert [part["type"] for part in both["filters"]] == ["Filter.equals", "Filter.intersects"]
    place = both["filters"][1]["rightValue"]
    assert place["geometry"]["coordinates"] == [1, 2]


@pytest.mark.parametrize(
    ("make", "rows"),
    [
        (lambda: ee.Kernel.square(1, "pixels", False), [[1] * 3] * 3),
        (lambda: ee.Kernel.chebyshev(2), [[max(abs(x - 2), abs(y - 2)) for x in range(5)]
                                          for y in range(5)]),
        (lambda: ee.Kernel.plus(1, "pixels", False, 2), [[0, 2, 0], [2, 2, 2], [0, 2, 0]]),
        (lambda: ee.Kernel.fixed(weights=[[4, 3, 2], [1, 0, -1], [1, 1, 1]]),
         [[4, 3, 2], [1, 0, -1], [1, 1, 1]]),
        (lambda: ee.Kernel.rectangle(2, 1, "pixels"), [[1 / 15] * 5] * 3),
        (lambda: ee.Kernel.fixed(weights=[[1, 2, 3]]).rotate(2), [[3, 2, 1]]),
        (lambda: ee.Kernel.square(1, "pixels", False).add(ee.Kernel.fixed(3, 1, [[1, 2, 3]], 1, 0)),
         [[1, 1, 1], [2, 3, 4], [1, 1, 1]]),
    ],
)  # fmt: skip
def test_a_kernel_in_pixels_shows_its_weights(make: Callable[[], Any], rows: Any) -> None:
    found = value(make())
    assert found["type"].startswith("Kernel.")
    assert found["weights"] == [[pytest.approx(weight) for weight in row] for row in rows]
    assert found["center"] == [len(rows[0]) // 2, len(rows) // 2]


def test_a_kernel_in_metres_has_no_weights_before_there_are_pixels() -> None:
    assert value(ee.Kernel.circle(30, "meters")) == {
        "type": "Kernel.circle", "radius": 30, "units": "meters", "normalize": True, "magnitude": 1,
    }  # fmt: skip


def test_a_join_tells_what_made_it() -> None:
    assert value(ee.Join.saveAll("matches", ordering="t")) == {
        "type": "Join.saveAll", "matchesKey": "matches", "ordering": "t", "ascending": True,
        "outer": False,
    }  # fmt: skip


def test_a_description_changes_no_result() -> None:
    numbers = ee.List([4, 1, 7])
    assert value(numbers.reduce(ee.Reducer.mean())) == 4
    assert value(numbers.filter(ee.Filter.gt("item", 2))) == [4, 7]

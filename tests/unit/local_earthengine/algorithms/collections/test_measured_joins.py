"""Joins whose condition measures its pairs."""

from __future__ import annotations

from typing import Any

import ee
import pytest
from pyproj import Geod

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.algorithms.collections.small_tables import points, rows
from tests.unit.local_earthengine.world import World

COMPUTE = World().compute


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(Geod(ellps="WGS84").inv(*one, *other)[2])


ONES = [(0.0, 0.0), (1.0, 1.0), (5.0, 5.0)]
OTHERS = [(0.0, 0.01), (0.005, 0.0), (1.0, 1.02), (9.0, 9.0)]


def near(limit: float) -> Any:
    return ee.Filter.withinDistance(limit, leftField=".geo", rightField=".geo")


def test_joins_keep_the_measure_of_their_condition() -> None:
    best = ee.Join.saveBest("match", "apart").apply(points(*ONES), points(*OTHERS), near(5000))
    found = rows(COMPUTE(best))
    assert [(row["n"], row["match"]["properties"]["n"]) for row in found] == [(0, 1), (1, 2)]
    apart = [row["match"]["properties"]["apart"] for row in found]
    assert apart == pytest.approx([metres(ONES[0], OTHERS[1]), metres(ONES[1], OTHERS[2])])

    every = ee.Join.saveAll("all", measureKey="apart")
    found = rows(COMPUTE(every.apply(points(*ONES), points(*OTHERS), near(5000))))
    assert [[m["properties"]["n"] for m in row["all"]] for row in found] == [[0, 1], [2]]
    assert found[0]["all"][0]["properties"]["apart"] == pytest.approx(metres(ONES[0], OTHERS[0]))

    outer = ee.Join.saveBest("match", "apart", True)
    assert len(rows(COMPUTE(outer.apply(points(*ONES), points(*OTHERS), near(5000))))) == 3


def test_differences_are_measures_too() -> None:
    close = ee.Filter.maxDifference(0.5, "t", None, "t")
    pairs = ee.Join.inner("a", "b", "d").apply(points(*ONES), points(*OTHERS), close)
    found = [
        (r["a"]["properties"]["n"], r["b"]["properties"]["n"], r["d"]) for r in rows(COMPUTE(pairs))
    ]
    expected = [
        (i, j, abs(a[0] - b[0]))
        for i, a in enumerate(ONES)
        for j, b in enumerate(OTHERS)
        if abs(a[0] - b[0]) <= 0.5
    ]
    assert found == expected
    equal = ee.Join.saveBest("m", "d").apply(
        points(*ONES), points(*OTHERS), ee.Filter.equals(leftField="t", rightField="t")
    )
    with pytest.raises(EarthEngineError, match="The join condition has no measure"):
        COMPUTE(equal)

"""Filters as text, and by place, type and area."""

from __future__ import annotations

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.algorithms.collections.small_tables import rows
from tests.unit.local_earthengine.world import World

COMPUTE = World().compute


def passing(condition: ee.Filter) -> list[int]:
    features = [
        ee.Feature(ee.Geometry.Point([0, 0]), {"n": 0, "a": 1, "s": "x"}),
        ee.Feature(ee.Geometry.Point([0, 0.001]), {"n": 1, "a": 5.5, "s": "y"}),
        ee.Feature(None, {"n": 2, "a": -3, "b": -3}),
        ee.Feature(ee.Geometry.Rectangle([0, 0, 0.01, 0.01]), {"n": 3, "s": "x", "b": 1}),
    ]
    found = COMPUTE(ee.FeatureCollection(features).filter(condition))
    return [row["n"] for row in rows(found)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a > 1", [1]), ("1 < a", [1]), ("a >= 1 && s == 'x'", [0]),
        ("a == -3 || s == 'x'", [0, 2, 3]),
        ("!(a > 0)", [2, 3]), ("a == b", [2]), ("(a < 2 || n == 3) && s != 'y'", [0, 3]),
    ],
)  # fmt: skip
def test_a_text_filters_as_its_comparisons_say(text: str, expected: list[int]) -> None:
    assert passing(ee.Filter.expression(text)) == expected


def test_filters_by_place_type_and_area_keep_what_passes() -> None:
    origin = ee.Geometry.Point([0, 0])
    assert passing(ee.Filter.withinDistance(100, ".geo", origin)) == [0, 3]
    assert passing(ee.Filter.withinDistance(200, ".geo", origin)) == [0, 1, 3]
    assert passing(ee.Filter.hasGeometry()) == [0, 1, 3]
    assert passing(ee.Filter.hasType("s", "String")) == [0, 1, 3]
    assert passing(ee.Filter.hasType("a", "Number")) == [0, 1, 2]
    assert passing(ee.Filter.area(1, 1e7)) == [3]
    for text in ("a", "1 < 2", "a > 1 + 1", "a >"):
        with pytest.raises(EarthEngineError, match=r"Filter\.expression"):
            passing(ee.Filter.expression(text))

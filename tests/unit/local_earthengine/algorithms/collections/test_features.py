"""Features: what geometries can, and properties chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import World

COMPUTE = World().compute


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda f, g: f.area(1).divide(g.geometry().area(1)), 1),
        (lambda f, g: f.intersects(g), True),
        (lambda f, g: f.buffer(1000).contains(g.geometry()), True),
        (lambda f, g: f.distance(g), 0),
        (lambda f, g: f.intersection(g).get("a"), 1),
        (lambda f, _: f.centroid(1).geometry().coordinates(), [0.5, 0.5]),
        (lambda f, _: f.bounds(1).geometry().type(), "Polygon"),
        (lambda f, g: f.withinDistance(g, 1), True),
        (lambda f, g: f.perimeter(1).divide(g.perimeter(1)), 1),
    ],
)  # fmt: skip
def test_features_can_what_geometries_can(build: Callable[..., Any], expected: Any) -> None:
    feature = ee.Feature(ee.Geometry.Rectangle([0, 0, 1, 1], None, False), {"a": 1})
    found = COMPUTE(build(feature, feature))
    assert found == (pytest.approx(expected) if not isinstance(expected, str) else expected)


def test_properties_are_chosen_and_replaced() -> None:
    feature = ee.Feature(ee.Geometry.Point([0, 0]), {"a": 1, "ab": 2, "c": 3})
    chosen = COMPUTE(feature.select(["a.*"]))
    assert chosen["properties"] == {"a": 1, "ab": 2}
    renamed = COMPUTE(feature.select(["a", "c"], ["x", "y"], False))
    assert renamed["properties"] == {"x": 1, "y": 3}
    assert renamed["geometry"] is None
    bare = ee.Feature(None, {"a": 1})
    with pytest.raises(EarthEngineError, match=r"Feature\.area: The feature has no geometry"):
        COMPUTE(bare.area())

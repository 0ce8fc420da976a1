"""Features: what geometries can, and properties chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ee
import pytest
from shapely.geometry import box

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import NAME, World, speckle

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


PLACES: Any = {
    "a point": lambda one: ee.Geometry.Point([one.getNumber("n"), 2]),
    "its own": lambda one: one.geometry(),
    "a wider one": lambda one: one.geometry().buffer(1000),
    "its middle": lambda one: one.geometry().centroid(1),
    "its box": lambda one: one.geometry().bounds(1),
    "none but a box": lambda one: ee.Geometry.Rectangle([0, 0, one.getNumber("n"), 1]),
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("images", [True, False])
def test_a_map_may_return_a_geometry_which_becomes_a_feature(name: str, images: bool) -> None:
    made = World()
    for n in (1, 2, 3):
        made.add({"a": speckle((2, 2), n)}, n=n, footprint=box(n, 0, n + 1, 1))
    source = ee.ImageCollection(NAME)
    if not images:
        source = ee.FeatureCollection(source.map(lambda one: ee.Feature(one.geometry(), {"n": 1})))
    place = PLACES[name]
    bare = source.map(place)
    whole = source.map(lambda one: ee.Feature(place(one)))

    def told(collection: Any) -> Any:
        return ee.FeatureCollection(collection)

    answers = made.compute(
        [
            [told(c).size(), told(c).geometry(1).area(1), told(c).union(1).geometry(1).bounds(1),
             told(c).aggregate_array("n"), told(c).aggregate_array("system:index")]
            for c in (bare, whole)
        ]
    )  # fmt: skip
    assert answers[0] == answers[1]
    assert answers[0][0] == 3
    assert answers[0][3:] == [[], ["S0", "S1", "S2"]]

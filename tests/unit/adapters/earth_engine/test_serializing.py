"""An expression is, in every part and in their order, the one that the client would send."""

import json
from typing import Any

import ee
import pytest

from s1ratio.adapters.earth_engine.serializing import encode
from s1ratio.imagery import export
from tests.support.offline_client import initialize
from tests.unit.imagery.golden import _MESSAGES
from tests.unit.imagery.messages import EQUATOR, request_of, task_of


@pytest.fixture(autouse=True, scope="module")
def _earth_engine() -> None:
    initialize()


PLACE = [0.0, 0.0, 0.1, 0.1]


def _deep(depth: int) -> Any:
    image = ee.Image(1)
    for number in range(depth):
        image = image.add(number)
    return image


def _twice() -> Any:
    image = ee.Image("a/b").add(ee.Image.constant([1, 2]))
    return image.add(image).multiply(ee.Image("a/b"))


def _mapped() -> Any:
    images = ee.ImageCollection("c").map(lambda each: each.add(ee.Image(each).select("b", "a")))
    return images.map(lambda each: each.set("n", ee.Number(1))).reduce(ee.Reducer.median())


GRAPHS = {
    "a number": lambda: ee.Number(5),
    "a large number": lambda: ee.Number(2**40),
    "a text": lambda: ee.String("x"),
    "constants": lambda: ee.List([1, "a", None, True, [2.5, {"k": [1]}]]),
    "a dictionary": lambda: ee.Dictionary({"a": 1, "b": ee.Number(2), "c": {"d": "e"}}),
    "one text twice": lambda: ee.List(["long text", ee.String("long text"), "long text"]),
    "a place": lambda: ee.Geometry.Rectangle(PLACE, "EPSG:4326", False),
    "a date": lambda: ee.Date("2024-01-01").advance(1, "day"),
    "used twice": _twice,
    "mapped": _mapped,
    "deep": lambda: _deep(60),
    "deep and used twice": lambda: _deep(40).add(_deep(40)),
    "a function of ours": lambda: ee.List([1, 2]).map(lambda n: ee.Number(n).add(1)),
    "a called body": lambda: ee.Function.call(
        ee.CustomFunction.create(lambda n: ee.Number(n).add(1), "Object", ["Object"]), 3
    ),
}


def _same(graph: Any) -> None:
    theirs = ee.serializer.encode(graph, for_cloud_api=True)
    assert json.dumps(encode(graph)) == json.dumps(theirs)


@pytest.mark.parametrize("name", GRAPHS)
def test_any_graph(name: str) -> None:
    _same(GRAPHS[name]())


@pytest.mark.parametrize("name", _MESSAGES)
def test_the_golden_graphs(name: str) -> None:
    request = request_of(**_MESSAGES[name])
    _same(export.unaddressed(request, task_of(request))["expression"])


def test_a_graph_at_the_equator() -> None:
    request = request_of(aoi=EQUATOR, direction="ASCENDING")
    _same(export.unaddressed(request, task_of(request))["expression"])

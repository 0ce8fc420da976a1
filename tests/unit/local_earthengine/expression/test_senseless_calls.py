"""No call of any algorithm, however senseless, ends otherwise than with a value or a refusal."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression import registry
from local_earthengine.expression.signatures import signatures
from tests.unit.local_earthengine.world import NAME, World, speckle

JUNK: list[Any] = [
    None, True, 0, -1, 3, 3.7, 1e300, "", "a", "EPSG:4326", "2020-01-01", "(", [], [1], [1, 2],
    ["a"], [[1, 2], [3, 4]], [None], {}, {"a": 1}, {"type": "Point", "coordinates": [1, "x"]},
    {"type": "Polygon", "coordinates": []},
]  # fmt: skip


def call(name: str, /, **arguments: Any) -> dict[str, Any]:
    return {"functionInvocationValue": {"functionName": name, "arguments": arguments}}


def constant(value: Any) -> dict[str, Any]:
    return {"constantValue": value}


FITTING: dict[str, list[Any]] = {
    "Image": [call("Image.constant", value=constant([1, 2])),
              call("Image.load", id=constant(f"{NAME}/S0"))],
    "ImageCollection": [call("ImageCollection.load", id=constant(NAME))],
    "FeatureCollection": [call("ImageCollection.load", id=constant(NAME))],
    "Element": [call("Image.load", id=constant(f"{NAME}/S0")),
                call("Feature", geometry=constant({"type": "Point", "coordinates": [1, 2]}))],
    "Geometry": [constant({"type": "Point", "coordinates": [1, 2]}),
                 call("GeometryConstructors.BBox", west=constant(1), south=constant(1),
                      east=constant(2), north=constant(2))],
    "Reducer": [call("Reducer.median"), call("Reducer.minMax")],
    "Kernel": [call("Kernel.circle", radius=constant(2)),
               call("Kernel.square", radius=constant(20), units=constant("meters"))],
    "Filter": [call("Filter.eq", leftField=constant("a"), rightValue=constant(1))],
    "Join": [call("Join.simple")],
    "Projection": [constant("EPSG:32633")],
    "DateRange": [call("DateRange", start=constant("2020"), end=constant("2021"))],
    "PixelType": [constant("float")],
    "Algorithm": [{"functionDefinitionValue": {"argumentNames": ["x"], "body": "body"}}],
}  # fmt: skip


@pytest.mark.parametrize("calls", [15, pytest.param(60, marks=pytest.mark.soak)])
@pytest.mark.parametrize("name", registry.implemented())
def test_any_call_gives_a_value_or_is_refused(name: str, calls: int) -> None:
    made = World()
    made.add({"v": speckle((3, 3), 1), "w": speckle((3, 3), 2)})
    rng = random.Random(name)  # noqa: S311 - no secret
    arguments = signatures()[name].arguments
    for _ in range(calls):
        given = {
            argument.name: rng.choice(FITTING.get(argument.type, [None]))
            if argument.type in FITTING and rng.random() < 0.8
            else constant(rng.choice(JUNK))
            for argument in itertools.compress(arguments, (rng.random() < 0.9 for _ in arguments))
        }
        values = {"0": call(name, **given), "body": {"argumentReference": "x"}}
        status, message = answer(made, {"result": "0", "values": values})
        assert status in {200, 400}
        assert status == 200 or message  # a refusal says why


def answer(made: World, expression: dict[str, Any]) -> tuple[int, str]:
    """The status and the text of what a server would answer; any other exception is a crash."""
    try:
        return 200, str(Engine(made).compute(expression))
    except EarthEngineError as refusal:
        return refusal.status, refusal.message

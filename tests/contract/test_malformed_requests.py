"""Requests that no client sends: none answers 500, none is lost, and the server lives on."""

from __future__ import annotations

import copy
import http.client
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import ee
import pytest

from local_earthengine.server import LocalEarthEngine
from tests.randomgraphs.world import made
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import NAME, UTM

COUNT = 200
DEADLINE = 60.0
JUNK: list[Any] = [
    None, True, -1, 0, 1.5, 1e300, -(2**70), "", "x", "0", "VV", [], [[]], {}, [None], {"a": {}},
    "\x00", "a" * 5000, {"constantValue": None}, {"valueReference": "0"}, {"valueReference": 7},
    {"argumentReference": "_MAPPING_VAR_0_0"}, {"integerValue": "9" * 400}, "Image.load", "NaN",
    {"functionInvocationValue": {"functionName": "Image.constant", "arguments": {}}},
    {"functionDefinitionValue": {"argumentNames": [], "body": "0"}}, "EPSG:99999", "2020-13-45",
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEarthEngine]:
    ee_offline.initialize()
    with LocalEarthEngine(tmp_path_factory.mktemp("out"), made()[0], workers=1) as one:
        yield one


def post(server: LocalEarthEngine, path: str, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=DEADLINE)
    try:
        connection.request("POST", f"/v1/projects/demo/{path}", body)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def images() -> list[Any]:
    scenes = ee.ImageCollection(NAME).select(["a", "c"])
    one = ee.Image(f"{NAME}/S1").select(["a", "d"])
    area = ee.Geometry.Polygon([[[14, 71], [16, 71], [16, 73], [14, 73], [14, 71]]], None, False)
    return [
        scenes.filterBounds(area).filterDate("2019", "2022").map(
            lambda i: ee.Image(i).focal_median(20, "circle", "meters")).median().clip(area),
        one.reduceNeighborhood(ee.Reducer.mean().combine(ee.Reducer.stdDev(), "", True),
                               ee.Kernel.fixed(3, 1, [[1, 2, 3]])).reproject(UTM, None, 20),
        one.updateMask(one.select("a").gt(0)).addBands(ee.Image([1, 2])).cast({"a": "int8"}),
        ee.Image(ee.Algorithms.If(scenes.size().gt(2), scenes.sort("k").first(), one)).log10(),
        ee.Image(ee.List.sequence(1, 3).iterate(lambda n, s: ee.Image(s).add(ee.Number(n)), one)),
        scenes.toBands().reduce(ee.Reducer.percentile([10, 50])),
    ]  # fmt: skip


def requests() -> list[tuple[str, dict[str, Any]]]:
    """(path, body) of requests that are right."""
    grid = {
        "dimensions": {"width": 6, "height": 5},
        "affineTransform": {"scaleX": 10, "scaleY": -10, "translateX": 5e5, "translateY": 8e6},
        "crsCode": UTM,
    }
    region = ee.Geometry.Rectangle([500_000, 7_999_950, 500_060, 8_000_000], UTM, False)
    found: list[tuple[str, dict[str, Any]]] = []
    for number, image in enumerate(images()):
        expression = ee_offline.expression(image)
        exported = ee_offline.exported(image.toFloat(), region=region, crs=UTM, scale=10)
        options = {"gcsDestination": {"bucket": "bucket", "filenamePrefix": f"one-{number}"}}
        found += [
            ("value:compute", {"expression": expression}),
            ("image:computePixels", {"expression": expression, "fileFormat": "NPY", "grid": grid}),
            ("image:export", {
                "expression": exported, "description": "one",
                "fileExportOptions": {
                    "fileFormat": "GEO_TIFF",
                    "cloudStorageDestination": options["gcsDestination"],
                },
                "maxPixels": {"value": "1000000"}}),
        ]  # fmt: skip
    return found


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of everything in a JSON value."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        container = pending.pop()
        keys = container if isinstance(container, dict) else range(len(container))
        for key in list(keys):
            found.append((container, key))
            if isinstance(container[key], (dict, list)):
                pending.append(container[key])
    return found


def mutated(body: dict[str, Any], rng: random.Random) -> bytes:
    """A body with one to three parts replaced, removed, moved or misnamed, or a byte changed."""
    changed = copy.deepcopy(body)
    for _ in range(rng.randint(1, 3)):
        every = places(changed)
        if not every:
            break
        container, key = rng.choice(every)
        match rng.randrange(5):
            case 0 | 1:
                container[key] = copy.deepcopy(rng.choice(JUNK))
            case 2:
                del container[key]
            case 3:
                other, where = rng.choice(every)
                container[key] = copy.deepcopy(other[where]) if where in _keys(other) else None
            case 4 if isinstance(container, dict):
                container[rng.choice(["x", "values", "input", "arguments", ""])] = container.pop(
                    key
                )
    text = json.dumps(changed).encode()
    if rng.randrange(10) == 0:
        cut = rng.randrange(len(text))
        text = text[:cut] + bytes([rng.randrange(256)]) + text[cut + 1 :]
    return text


def _keys(container: Any) -> Any:
    return container if isinstance(container, dict) else range(len(container))


def test_the_requests_are_right_before_they_are_mutated(server: LocalEarthEngine) -> None:
    for path, body in requests():
        status, reply = post(server, path, json.dumps(body).encode())
        assert status == 200, reply


def test_200_malformed_requests_are_answered_and_none_with_500(server: LocalEarthEngine) -> None:
    rng = random.Random(3)  # noqa: S311 - the same requests every time
    right, refused = requests(), 0
    for number in range(COUNT):
        path, body = right[number % len(right)]
        text = mutated(body, rng)
        status, reply = post(server, path, text)
        assert status < 500, (path, text)
        if status != 200:
            refused += 1
            error = json.loads(reply)["error"]
            assert error["code"] == status
            assert error["message"]
            assert error["message"] != "Internal error."
    assert refused > COUNT / 3
    constant = {"expression": ee_offline.expression(ee.Number(1).add(1))}
    assert post(server, "value:compute", json.dumps(constant).encode()) == (200, b'{"result":2}')


def _call(name: str, /, **arguments: Any) -> dict[str, Any]:
    given = {key: {"constantValue": value} for key, value in arguments.items()}
    return {"functionInvocationValue": {"functionName": name, "arguments": given}}


@pytest.mark.parametrize(
    "node",
    [
        {"integerValue": "9" * 400},
        _call("Number.add", left=10**400, right=1),
        _call("Image.constant", value=10**400),
        _call("List.sequence", start=0, end=10**400),
        _call("GeometryConstructors.Polygon", coordinates={"a": {}}),
        _call("GeometryConstructors.Polygon", coordinates=[[[0, 95], [1, 195], {}, [1, 2]]]),
        _call("Kernel.fixed", weights=[[1, 2, 3]], x=7),
    ],
)
def test_what_once_broke_is_refused(server: LocalEarthEngine, node: dict[str, Any]) -> None:
    body = {"expression": {"result": "0", "values": {"0": node}}}
    status, reply = post(server, "value:compute", json.dumps(body).encode())
    assert (status, json.loads(reply)["error"]["code"]) == (400, 400)


def test_what_was_exported_all_the_same_ends_with_a_reason(server: LocalEarthEngine) -> None:
    begun = time.monotonic()
    while any(one["metadata"]["state"] in {"PENDING", "RUNNING"} for one in operations(server)):
        assert time.monotonic() - begun < DEADLINE
        time.sleep(0.02)
    failures = [one["error"]["message"] for one in operations(server) if "error" in one]
    assert not [message for message in failures if "nternal" in message]


def operations(server: LocalEarthEngine) -> list[dict[str, Any]]:
    page = server.queue.page("demo", None, 1000)
    return [json.loads(json.dumps(one.to_json())) for one in page]

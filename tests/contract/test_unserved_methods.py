"""What Earth Engine has and the local one hasn't answers 501 by name: 404 means "no such asset"."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import ee
import pytest

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.server import LocalEarthEngine
from tests.contract.test_ee_wire import connect, disconnect

SERVED = {
    "projects.algorithms.list", "projects.value.compute", "projects.image.computePixels",
    "projects.image.export", "projects.operations.list", "projects.operations.get",
    "projects.operations.cancel",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEarthEngine]:
    with LocalEarthEngine(tmp_path_factory.mktemp("out"), SyntheticCatalog(), workers=0) as one:
        connect(one)
        yield one
    disconnect()


def shipped() -> list[tuple[str, str, str]]:
    """(name, HTTP method, path with names filled in) of the document in the client's wheel."""
    path = files("ee") / "tests" / "cloud_api_discovery_document.json"
    found: list[tuple[str, str, str]] = []
    pending = [json.loads(path.read_text())]
    while pending:
        resource = pending.pop()
        pending.extend(resource.get("resources", {}).values())
        for method in resource.get("methods", {}).values():
            form = method["flatPath"].replace("v1alpha", "v1").replace("{assetsId}", "folder/a b")
            name = method["id"].removeprefix("earthengine.")
            found.append((name, method["httpMethod"], "/" + re.sub(r"\{\w+\}", "7", form)))
    return sorted(found)


def asked(server: LocalEarthEngine, method: str, path: str) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
    try:
        connection.request(method, path.replace(" ", "%20"), b"{}")
        response = connection.getresponse()
        return response.status, json.loads(response.read())["error"]
    finally:
        connection.close()


@pytest.mark.parametrize(("name", "method", "path"), [m for m in shipped() if m[0] not in SERVED])
def test_a_method_that_is_not_here_is_named(
    server: LocalEarthEngine, name: str, method: str, path: str
) -> None:
    status, error = asked(server, method, path)
    assert (status, error["code"], error["status"]) == (501, 501, "UNIMPLEMENTED")
    assert f"'earthengine.{name}' is not supported by this local server" in error["message"]


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("GET", "/v1/projects/demo/config", "projects.getConfig"),
        ("POST", "/v1/projects/demo/classifier:export", "projects.classifier.export"),
        ("GET", "/v1/projects/demo/tables/x:getFeatures", "projects.tables.getFeatures"),
        ("POST", "/v1/projects/demo/whatever:comes", "POST /v1/projects/demo/whatever:comes"),
        ("GET", "/v1/projects/demo/value:compute", "GET /v1/projects/demo/value:compute"),
    ],
)
def test_later_methods_and_unknown_ones_are_told(
    server: LocalEarthEngine, method: str, path: str, words: str
) -> None:
    status, error = asked(server, method, path)
    assert status == 501
    assert words in error["message"]


@pytest.mark.parametrize("path", ["/", "/v2/anything", "/v1/nothing", "/favicon.ico"])
def test_what_is_no_path_of_earth_engine_is_not_found(server: LocalEarthEngine, path: str) -> None:
    assert asked(server, "GET", path)[0] == 404


def scene() -> Any:
    return ee.Image(7).clip(ee.Geometry.Rectangle([15, 48, 15.01, 48.01], None, False))


CALLS: dict[str, tuple[Callable[[], Any], str]] = {
    "a thumbnail": (lambda: scene().getThumbURL({"dimensions": 64}), "projects.thumbnails.create"),
    "a download": (lambda: scene().getDownloadURL({"scale": 10}), "projects.thumbnails.create"),
    "a map": (lambda: scene().getMapId(), "projects.maps.create"),
    "a film": (
        lambda: ee.ImageCollection([scene()]).getVideoThumbURL({"dimensions": 64}),
        "projects.videoThumbnails.create",
    ),
    "a film strip": (
        lambda: ee.ImageCollection([scene()]).getFilmstripThumbURL({"dimensions": 64}),
        "projects.filmstripThumbnails.create",
    ),
    "a table": (
        lambda: ee.data.computeFeatures({"expression": ee.FeatureCollection([])}),
        "projects.table.computeFeatures",
    ),
    "an asset": (
        lambda: ee.data.getAsset("projects/earthengine-public/assets/COPERNICUS/S1_GRD"),
        "projects.assets.get",
    ),
    "a folder": (lambda: ee.data.listAssets("projects/demo/assets/x"), "assets.listAssets"),
    "pixels of an asset": (
        lambda: ee.data.getPixels({"assetId": "COPERNICUS/S1_GRD/x", "fileFormat": "NPY"}),
        "projects.assets.getPixels",
    ),
    "an asset made of an image": (
        lambda: ee.batch.Export.image.toAsset(
            scene(), assetId="projects/demo/assets/x", scale=10
        ).start(),
        "Exports to an asset",
    ),
    "an exported table": (
        lambda: ee.batch.Export.table.toDrive(
            ee.FeatureCollection([ee.Feature(None, {"a": 1})]), "t"
        ).start(),
        "projects.table.export",
    ),
    "an exported video": (
        lambda: ee.batch.Export.video.toDrive(
            ee.ImageCollection([ee.Image([1, 2, 3]).toByte()]),
            "v", dimensions=64, region=[[15, 48], [15.1, 48], [15.1, 48.1]],
        ).start(),
        "projects.video.export",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CALLS)
def test_the_client_raises_what_is_not_here(server: LocalEarthEngine, case: str) -> None:
    del server
    call, words = CALLS[case]
    with pytest.raises(Exception, match=re.escape(words)) as raised:
        call()
    message = str(raised.value)
    assert "not supported by this local server" in message
    assert "not found" not in message.lower()

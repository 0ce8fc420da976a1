"""Every path, method and answer of the OpenAPI document is there, and each is as it says."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30ReadValidator, oas30_format_checker
from openapi_spec_validator import OpenAPIV30SpecValidator

from s1ratio.adapters.http.app import Served, make_app
from s1ratio.errors import ObjectStoreUnavailable, PubSubUnavailable, StoreError, StoreUnavailable
from s1ratio.services.reading.openapi import PROBLEM
from tests.support.reading_world import Dismissals, ReadingWorld, open_world

# Method, path and the status that is answered; of each operation every status.
CALLS = [
    ("GET", "/", 200),
    ("GET", "/conformance", 200),
    ("GET", "/api", 200),
    ("GET", "/processes", 200),
    ("GET", "/processes/composite", 200),
    ("GET", "/processes/other", 404),
    ("GET", "/jobs", 200),
    ("GET", "/jobs?limit=1000", 200),
    ("GET", "/jobs?id=r1&id=none", 200),
    ("GET", "/jobs/r1", 200),
    ("GET", "/jobs/every", 200),
    ("GET", "/jobs/in-expanding", 200),
    ("GET", "/jobs/none", 404),
    ("GET", "/jobs/r1/tasks", 200),
    ("GET", "/jobs/every/tasks", 200),
    ("GET", "/jobs/none/tasks", 404),
    ("GET", "/jobs/r1/results", 200),
    ("GET", "/jobs/every/results", 404),
    ("GET", "/jobs/none/results", 404),
    ("GET", "/jobs/in-failed/results", 409),
    ("DELETE", "/jobs/every?reason=enough", 200),
    ("DELETE", "/jobs/none", 404),
    ("DELETE", "/jobs/r1", 409),
    ("GET", "/regions", 200),
    ("GET", "/regions/alps", 200),
    ("GET", "/regions/none", 404),
    ("GET", "/incidents", 200),
    ("GET", "/incidents/i-0123456789", 200),
    ("GET", "/incidents/i-bare", 200),
    ("GET", "/incidents/none", 404),
    ("GET", "/feeds", 200),
    ("GET", "/rejections", 200),
    ("GET", "/rejections/x1", 200),
    ("GET", "/rejections/none", 404),
    ("GET", "/queue", 200),
    ("GET", "/why/i-0123456789", 200),
    ("GET", "/why/none", 404),
    ("GET", "/commands/c-1", 200),
    ("GET", "/commands/none", 404),
    ("GET", "/stac", 200),
    ("GET", "/stac/product-vvvh/2024/r1-o131a.json", 200),
    ("GET", "/stac/product-vvvh/2024/r1.png", 200),
    ("GET", "/stac/none.json", 404),
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[ReadingWorld]:
    found = open_world(tmp_path)
    yield found
    found.store.close()


class Described:
    """The OpenAPI document, what of it was met, and whether an answer is as it says."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.met: set[tuple[str, str, str]] = set()
        self._paths = {
            re.compile(self._pattern(path)): path
            for path in sorted(document["paths"], key=lambda path: path.count("{"))
        }

    @staticmethod
    def _pattern(path: str) -> str:
        long = path.startswith(("/why/", "/stac/"))
        return re.sub(r"\{\w+\}", ".+" if long else "[^/]+", path)

    @property
    def every(self) -> set[tuple[str, str, str]]:
        """Path, method and status of each answer there may be."""
        return {
            (path, method, status)
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
            for status in operation["responses"]
        }

    def check(self, method: str, address: str, response: Any) -> None:
        """Fail unless an answer is one that the document tells of."""
        target = address.partition("?")[0]
        path = next(path for pattern, path in self._paths.items() if pattern.fullmatch(target))
        answers = self.document["paths"][path][method.lower()]["responses"]
        answer = answers[str(response.status_code)]
        media = response.headers["Content-Type"]
        schema = answer["content"][media]["schema"]
        if media != "image/png":
            self._validator(schema).validate(response.get_json(force=True))
        self.met.add((path, method.lower(), str(response.status_code)))

    def _validator(self, schema: dict[str, Any]) -> OAS30ReadValidator:
        whole = {**schema, "components": self.document["components"]}
        return OAS30ReadValidator(whole, format_checker=oas30_format_checker)


def described(world: ReadingWorld) -> Described:
    return Described(world.get("/api"))


def test_the_document_is_one_of_openapi(world: ReadingWorld) -> None:
    document = world.get("/api")
    OpenAPIV30SpecValidator(document).validate()
    assert document["servers"] == [{"url": "http://localhost"}]
    broken = {**document, "paths": {"/jobs": {"get": {"responses": {"200": {}}}}}}
    assert list(OpenAPIV30SpecValidator(broken).iter_errors()), "a broken one is seen"


def test_every_answer_is_as_it_is_described(world: ReadingWorld) -> None:
    document = described(world)
    for method, path, status in CALLS:
        response = world.client.open(path, method=method)
        assert response.status_code == status, (method, path, response.text)
        document.check(method, path, response)
    told = replace(world, dismissals=Dismissals("d-1")).client.delete("/jobs/in-running")
    document.check("DELETE", "/jobs/in-running", told)
    document.check("DELETE", "/jobs/r1", replace(world, dismissals=None).client.delete("/jobs/r1"))
    _check_troubles(world, document)
    (world.folder / "stac" / "catalog.json").unlink()  # before the first item is written
    document.check("GET", "/stac", world.client.get("/stac"))
    assert document.every - document.met == set()


def _check_troubles(world: ReadingWorld, document: Described) -> None:
    """Call every operation with a parameter that it has not, and with a store that fails."""
    first = {(method, path.partition("?")[0]): None for method, path, _ in CALLS}
    for method, path in first:
        response = world.client.open(f"{path}?nonsense=1", method=method)
        assert response.status_code == 400
        document.check(method, path, response)
    for error, status in ((StoreUnavailable("down"), 503), (ValueError("secret words"), 500)):

        def fail(_error: Exception = error) -> Any:
            raise _error

        app = make_app(fail, world.served)
        for method, path in first:
            response = app.test_client().open(path, method=method)
            assert response.status_code == status, path
            document.check(method, path, response)
            assert "secret" not in response.text
            assert "down" not in response.text
            if status == 503:
                assert response.headers["Retry-After"] == "10"


def test_a_field_that_nobody_described_is_seen(world: ReadingWorld) -> None:
    document = described(world)
    response = world.client.get("/jobs/r1")
    document.check("GET", "/jobs/r1", response)
    validator = document._validator({"$ref": "#/components/schemas/statusInfo"})
    told = response.get_json()
    assert not list(validator.iter_errors(told))
    assert list(validator.iter_errors({**told, "more": 1}))
    assert list(validator.iter_errors({**told, "status": "done"}))
    assert list(validator.iter_errors({k: v for k, v in told.items() if k != "jobID"}))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StoreUnavailable("x"), 503),
        (ObjectStoreUnavailable("x"), 503),
        (PubSubUnavailable("x"), 503),
        (StoreError("an index is missing"), 500),
        (RecursionError(), 500),
    ],
)
def test_a_failure_is_told_without_its_words(
    world: ReadingWorld,
    error: Exception,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(world.store, "list_requests", fail)
    response = world.client.get("/jobs")
    assert (response.status_code, response.mimetype) == (status, PROBLEM)
    assert "index" not in response.text
    assert "Traceback" not in response.text
    assert caplog.records, "the log has it"


def test_a_store_that_does_not_answer_is_not_waited_for(
    world: ReadingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(world.store, "list_requests", lambda *_: gate.wait(30))
    try:
        response = replace(world, served=Served(deadline_s=0.1)).client.get("/jobs")
    finally:
        gate.set()
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")

"""The AsyncAPI document: fresh, valid by AsyncAPI's own schema, and true of the message."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from s1ratio.client import Client
from s1ratio.commands import read_command
from s1ratio.request import Limits, read_message
from s1ratio.request.asyncapi import asyncapi_document
from s1ratio.settings import Settings
from tests.conventions.source import PACKAGE
from tests.unit.commands.test_command_messages import ACCEPTED as COMMANDS_ACCEPTED
from tests.unit.commands.test_command_messages import REFUSED as COMMANDS_REFUSED
from tests.unit.request.test_message_fields import ACCEPTED

SCHEMA = Path(__file__).with_name("samples") / "asyncapi" / "3.0.0.json"
WRITTEN = PACKAGE / "client" / "asyncapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi_document()


@pytest.fixture(scope="module")
def message(document: dict[str, Any]) -> jsonschema.Draft7Validator:
    schema = {"$ref": "#/components/schemas/CompositeRequest", "components": document["components"]}
    return jsonschema.Draft7Validator(schema)


@pytest.fixture(scope="module")
def command(document: dict[str, Any]) -> jsonschema.Draft7Validator:
    schema = {"$ref": "#/components/schemas/Command", "components": document["components"]}
    return jsonschema.Draft7Validator(schema)


def test_the_file_is_fresh(document: dict[str, Any]) -> None:
    assert json.loads(WRITTEN.read_text(encoding="utf-8")) == document, "make asyncapi"


def test_it_is_valid_by_asyncapi_s_own_schema(document: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    faults = list(jsonschema.Draft7Validator(schema).iter_errors(document))
    assert [fault.message[:200] for fault in faults] == []


def test_that_schema_is_no_mere_formality(document: dict[str, Any]) -> None:
    schema = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for path in (("info",), ("channels", "requests", "messages", "CompositeRequest")):
        broken = json.loads(json.dumps(document))
        inner = broken
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = 3
        assert not schema.is_valid(broken)


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    def references(value: Any) -> list[str]:
        if isinstance(value, list):
            return [found for each in value for found in references(each)]
        if not isinstance(value, dict):
            return []
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for each in value.values() for found in references(each)]

    found = set(references(document))
    assert len(found) > 5
    for reference in found:
        target: Any = document
        for name in reference.removeprefix("#/").split("/"):
            target = target[name]


def test_its_examples_are_messages(document: dict[str, Any], message: Any) -> None:
    described = document["components"]["messages"]["CompositeRequest"]
    assert len(described["examples"]) >= 2
    for example in described["examples"]:
        read_message(json.dumps(example["payload"]), Limits())
        message.validate(example["payload"])


@pytest.mark.parametrize(("field", "value"), ACCEPTED)
def test_its_schema_takes_what_is_accepted(field: str, value: Any, message: Any) -> None:
    message.validate(_whole({field: value}))


@pytest.mark.parametrize(
    "fields",
    [
        {"colour": "blue"},
        {"orbits": [0]},
        {"orbits": []},
        {"start": 3},
        {"speckle": {"filter": "lee"}},
        {"valid_range": {"vvvh_db": ["a", "b"]}},
        {"grid": {"crs": "utm", "scale": 0}},
        {"aoi": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}},
        {"request_id": "Not This"},
        {"labels": {"": "x"}},
    ],
)
def test_its_schema_refuses_what_is_refused(fields: dict[str, Any], message: Any) -> None:
    assert message.is_valid(_whole({}))
    assert not message.is_valid(_whole(fields))


def test_its_address_is_the_deployment_s_topic(document: dict[str, Any]) -> None:
    address = document["channels"]["requests"]["address"]
    settings = Settings(project="my-project", bucket="b", deployment="prod")
    assert address.format(project="my-project", deployment="prod") == settings.requests_topic
    commands = document["channels"]["commands"]["address"]
    topic = Client("my-project", "prod").commands_topic
    assert commands.format(project="my-project", deployment="prod") == topic


def test_its_examples_of_commands_are_commands(document: dict[str, Any], command: Any) -> None:
    described = document["components"]["messages"]["Command"]
    assert len(described["examples"]) >= 2
    for example in described["examples"]:
        read_command(json.dumps(example["payload"]))
        command.validate(example["payload"])


@pytest.mark.parametrize("message", COMMANDS_ACCEPTED, ids=str)
def test_its_schema_takes_the_commands_that_are_accepted(
    message: dict[str, Any], command: Any
) -> None:
    command.validate(message)


@pytest.mark.parametrize(
    "message", [each for each, path, _ in COMMANDS_REFUSED if path != "expires_at"], ids=str
)
def test_its_schema_refuses_the_commands_that_are_refused(
    message: dict[str, Any], command: Any
) -> None:
    assert not command.is_valid(message) or message["id"].endswith("\n")  # to a regex `$` is there


def _whole(fields: dict[str, Any]) -> dict[str, Any]:
    box = {"bbox": [15.1, 48.0, 15.16, 48.04]}
    return {"aoi": box, "start": "2023-05-01", "end": "2023-07-01", **fields}

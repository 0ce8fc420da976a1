"""The schemas of events are true: what is told is valid by them, and by the AsyncAPI document."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest

from s1ratio.alerts.watch import ArrivedPass, WatchRequest
from s1ratio.commands.records import CommandState
from s1ratio.events.asyncapi import message_name
from s1ratio.events.cloud_event import attributes_of, data_of
from s1ratio.events.kinds import EventKind
from s1ratio.events.of_commands import tell_of_command
from s1ratio.events.of_incidents import tell_of_incident, tell_of_watch
from s1ratio.events.of_regions import tell_of_region
from s1ratio.events.of_requests import tell_of_rejection, tell_of_request, tell_of_task
from s1ratio.events.schemas import event_schema
from s1ratio.events.teller import Teller
from s1ratio.faults import Fault
from s1ratio.records import Event, Rejection, RequestState
from s1ratio.request.asyncapi import asyncapi_document
from s1ratio.settings import Settings
from s1ratio.task import TaskState
from tests.contract.records import a_request, a_task
from tests.contract.test_store_alerts import incident
from tests.contract.test_store_commands import a_command
from tests.contract.test_store_regions import a_region
from tests.contract.test_store_watches import watch

NOW = datetime(2026, 5, 4, tzinfo=UTC)
TELLER = Teller(NOW, timedelta(days=90), "exports")
FAULT = Fault("aoi", "too_large", "make it smaller")
LABELS = {"team": "fields", "region": "alps"}


def tasks() -> Iterator[Event]:
    for state in TaskState:
        bare = a_task(state=state, sequence=2)
        full = a_task(
            state=state, sequence=3, labels=LABELS, files=("a.tif",), valid_share=0.5,
            eecu_seconds=1.5, error_class="terminal", error="no band", same_as="r0-o131a",
        )  # fmt: skip
        if bare.ended or state in {TaskState.SUBMITTED, TaskState.RUNNING}:
            yield from (tell_of_task(TELLER, bare), tell_of_task(TELLER, full))


def requests() -> Iterator[Event]:
    for state in RequestState:
        yield tell_of_request(TELLER, a_request(state=state, sequence=1))
        full = a_request(
            state=state, sequence=2, message=json.dumps({"labels": LABELS}), size=2,
            tallies={"FAILED": 1}, missing=("r1-o131a",), eecu_seconds=2.0, error="no band",
            error_class="terminal", reasons=(FAULT,), round=2,
        )  # fmt: skip
        yield tell_of_request(TELLER, full)


def others() -> Iterator[Event]:
    yield tell_of_rejection(TELLER, Rejection("f" * 40, NOW, (FAULT,), ""), "r1")
    yield tell_of_rejection(TELLER, Rejection("f" * 40, NOW, (), "", topic="commands"), None)
    region = a_region(sequence=1)
    yield tell_of_region(TELLER, region, ("created",))
    yield tell_of_region(TELLER, replace(region, by="me", why="holidays"), ("state", "held"))
    yield tell_of_incident(TELLER, replace(incident(), sequence=1))
    arrived = ArrivedPass("C", 9016, NOW, NOW, 0.97, 2)
    full = watch(sequence=1, taken=arrived, requests=(WatchRequest("a", NOW, NOW),), words="x")
    for kind in (EventKind.WATCH_ARRIVED, EventKind.WATCH_DELIVERED, EventKind.WATCH_MISSED):
        yield tell_of_watch(TELLER, replace(watch(), sequence=1), kind)
        yield tell_of_watch(TELLER, full, kind)


def commands() -> Iterator[Event]:
    for state in CommandState:
        yield tell_of_command(TELLER, a_command(f"c-{state.lower()}", state=state))
        full = a_command(
            f"d-{state.lower()}", state=state, by="me", changes=("a line",), reasons=(FAULT,)
        )
        yield tell_of_command(TELLER, full)
    for kind, name in (
        ("task", "r1-o131a"),
        ("region", "alps"),
        ("incident", "i-1"),
        ("incidents", ""),
    ):
        yield tell_of_command(TELLER, a_command(f"c-{kind}", target_kind=kind, target_id=name))


EVENTS = [*tasks(), *requests(), *others(), *commands()]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return asyncapi_document()


def test_every_kind_is_told_here() -> None:
    assert {event.kind for event in EVENTS} == set(EventKind)


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: f"{one.id}-{one.attributes['state']}")
def test_what_is_told_is_valid(event: Event, document: dict[str, Any]) -> None:
    data, attributes = json.loads(data_of(event)), attributes_of(event, "prod")
    schema = event_schema(EventKind(event.kind))
    jsonschema.Draft202012Validator(schema).validate(data)
    assert schema["$id"] == attributes["ce-dataschema"]

    message = document["components"]["messages"][message_name(EventKind(event.kind))]
    jsonschema.Draft7Validator(message["headers"]).validate(attributes)
    payload = {**message["payload"], "components": document["components"]}
    jsonschema.Draft7Validator(payload).validate(data)


@pytest.mark.parametrize("kind", EventKind)
def test_a_schema_is_no_mere_formality(kind: EventKind) -> None:
    event = next(one for one in EVENTS if one.kind == kind)
    schema = jsonschema.Draft202012Validator(event_schema(kind))
    schema.check_schema(schema.schema)
    assert schema.is_valid({**event.data, "of_a_later_version": 1})
    for name, value in event.data.items():
        assert not schema.is_valid({**event.data, name: {"no": value}}) or isinstance(value, dict)


def test_the_address_is_the_topic_that_infra_makes(document: dict[str, Any]) -> None:
    address = document["channels"]["events"]["address"]
    requests = Settings(project="my-project", bucket="b", deployment="prod").requests_topic
    found = address.format(project="my-project", deployment="prod")
    assert found == requests.removesuffix("requests") + "events"


def test_each_message_of_the_channel_is_one_kind(document: dict[str, Any]) -> None:
    named = document["channels"]["events"]["messages"]
    messages = [document["components"]["messages"][name] for name in named]
    assert sorted(one["name"] for one in messages) == sorted(EventKind)


@pytest.mark.parametrize(
    ("kind", "name", "key"),
    [
        ("request", "r1", "r1"),
        ("region", "alps", tell_of_region(TELLER, a_region(id="alps"), ()).key),
        ("incident", "i-1", "i-1"),
        ("task", "r1-o058a", "command:c-1"),
    ],
)
def test_a_command_is_told_in_the_order_of_what_it_was_aimed_at(
    kind: str, name: str, key: str
) -> None:
    record = a_command("c-1", state=CommandState.APPLIED, target_kind=kind, target_id=name)
    assert tell_of_command(TELLER, record).key == key

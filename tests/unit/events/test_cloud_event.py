"""CloudEvents in binary mode: what is an attribute, and what Pub/Sub takes of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from s1ratio.events.cloud_event import attributes_of, data_of, schema_of
from s1ratio.events.kinds import EventKind
from s1ratio.events.of_requests import labels_of, tell_of_rejection, tell_of_request, tell_of_task
from s1ratio.events.teller import Teller
from s1ratio.faults import Fault
from s1ratio.records import Rejection, RequestRecord, RequestState
from s1ratio.task import TaskState
from tests.support.tasks import task

NOW = datetime(2026, 5, 4, 3, 2, 1, 250_000, tzinfo=UTC)
TELLER = Teller(NOW, timedelta(days=90), "exports")
LABELS = {"team": "fields", "region": "alps", "incident": "i-1"}


def request(message: str = "{}", **changes: object) -> RequestRecord:
    record = RequestRecord("r1", "d", message, RequestState.ACCEPTED, NOW, NOW, sequence=1)
    return replace(record, **changes)  # type: ignore[arg-type]


def test_a_task_s_end_is_told_with_its_files() -> None:
    ended = task(
        TaskState.VERIFIED, files=("c/req/a.tif", "c/req/b.tif"), labels=LABELS, sequence=3
    )
    event = tell_of_task(TELLER, ended)
    assert attributes_of(event, "prod") == {
        "content-type": "application/json",
        "ce-id": "task:req-o131a.3",
        "ce-source": "//s1ratio/prod",
        "ce-specversion": "1.0",
        "ce-type": "s1ratio.task.ended",
        "ce-time": "2026-05-04T03:02:01.250000Z",
        "ce-subject": "req-o131a",
        "ce-dataschema": "urn:s1ratio:schema:task.ended:1",
        "ce-sequence": "3",
        "ce-state": "VERIFIED",
        "ce-request": "req",
        "ce-region": "alps",
        "ce-incident": "i-1",
        "label-team": "fields",
        "label-region": "alps",
        "label-incident": "i-1",
    }
    assert json.loads(data_of(event)) == {
        "task": "req-o131a",
        "request": "req",
        "state": "VERIFIED",
        "attempt": 1,
        "orbit": 131,
        "direction": "ASCENDING",
        "bands": ["vv_db_median"],
        "bucket": "exports",
        "files": ["c/req/a.tif", "c/req/b.tif"],
    }
    assert (event.key, event.unsent_since, event.expire_at) == (
        "req",
        NOW,
        NOW + timedelta(days=90),
    )


def test_an_empty_task_names_no_file_and_a_failed_one_says_why() -> None:
    empty = tell_of_task(TELLER, task(TaskState.EMPTY, files=("c/req/a.tif",)))
    assert "files" not in empty.data
    assert "bucket" not in empty.data
    failed = tell_of_task(TELLER, task(TaskState.FAILED, error_class="terminal", error="no band"))
    assert (failed.data["error_class"], failed.data["error"]) == ("terminal", "no band")


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (TaskState.SUBMITTED, EventKind.TASK_SUBMITTED),
        (TaskState.RUNNING, EventKind.TASK_RUNNING),
        (TaskState.VERIFIED, EventKind.TASK_ENDED),
        (TaskState.CANCELLED, EventKind.TASK_ENDED),
    ],
)
def test_a_task_is_told_by_its_state(state: TaskState, kind: EventKind) -> None:
    assert tell_of_task(TELLER, task(state)).kind == kind


def test_a_task_that_nobody_can_check_has_ended() -> None:
    event = tell_of_task(TELLER, task(TaskState.SUCCEEDED, verified=False))
    assert event.kind == EventKind.TASK_ENDED


def test_a_request_is_told_with_its_labels() -> None:
    event = tell_of_request(TELLER, request(json.dumps({"labels": LABELS}), size=2))
    told = attributes_of(event, "prod")
    assert (told["ce-type"], told["ce-id"]) == ("s1ratio.request.accepted", "request:r1.1")
    assert (told["ce-region"], told["label-team"]) == ("alps", "fields")
    assert event.data == {
        "request": "r1",
        "state": "ACCEPTED",
        "tasks": 2,
        "tallies": {},
        "round": 1,
    }


def test_what_a_stored_request_is_refused_for_is_told() -> None:
    fault = Fault("aoi", "too_large", "make it smaller")
    event = tell_of_request(TELLER, request(state=RequestState.REJECTED, reasons=(fault,)))
    assert event.kind == EventKind.REQUEST_REJECTED
    assert event.data["reasons"] == [
        {"path": "aoi", "code": "too_large", "message": "make it smaller"}
    ]


def test_a_refused_message_has_an_order_of_its_own() -> None:
    """Its id may be another's request: it must not be read as that one's end."""
    event = tell_of_rejection(TELLER, Rejection("f" * 40, NOW, (), ""), "r1")
    assert (event.key, event.id) == (f"rejection:{'f' * 40}", f"rejection:{'f' * 40}.1")
    assert attributes_of(event, "prod")["ce-request"] == "r1"
    assert event.data == {
        "request": "r1",
        "rejection": "f" * 40,
        "topic": "requests",
        "reasons": [],
    }
    hostile = tell_of_rejection(TELLER, Rejection("f" * 40, NOW, (), ""), "x" * 5_000_000)
    assert "request" not in hostile.data


def test_a_refused_message_says_where_it_came_by() -> None:
    """One of a command is nobody's request."""
    event = tell_of_rejection(TELLER, Rejection("f" * 40, NOW, (), "", topic="commands"), None)
    assert event.data["topic"] == "commands"


def test_labels_that_pubsub_may_refuse_are_left_out() -> None:
    labels = {"a" * 63: "b" * 63, "ä" * 63: "x", "𝄞" * 63: "too long", "empty": "", "nul\0": "x"}
    event = tell_of_task(TELLER, task(TaskState.RUNNING, labels=labels))
    names = {name for name in attributes_of(event, "prod") if name.startswith("label-")}
    assert names == {f"label-{'a' * 63}", f"label-{'ä' * 63}"}


@pytest.mark.parametrize("message", ["", "no JSON", "[]", '{"labels": 3}', '{"labels": null}'])
def test_a_message_that_can_t_be_read_has_no_labels(message: str) -> None:
    assert labels_of(message) == {}


def test_where_nobody_publishes_nothing_waits() -> None:
    event = tell_of_task(replace(TELLER, publishes=False), task(TaskState.RUNNING))
    assert event.unsent_since is None


def test_every_kind_has_a_schema_s_name_of_its_own() -> None:
    assert len({schema_of(kind) for kind in EventKind}) == len(EventKind)

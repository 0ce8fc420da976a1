"""A request's state and tallies follow from its tasks; a summary tells both."""

import json
from typing import Any

import pytest

from s1ratio.faults import Fault
from s1ratio.plan import OrbitPass
from s1ratio.records import RequestRecord, RequestState, state_of, tally
from s1ratio.request import Direction
from s1ratio.summary import summarize
from s1ratio.task import Task, TaskState
from tests.support.tasks import NOW, task


def named(name: str) -> Task:
    """A task; `unchecked` is a success that can't be read back, `+STATE` one that was split."""
    if name == "unchecked":
        return task(TaskState.SUCCEEDED, verified=False)
    return task(TaskState(name.removeprefix("+")), parts=4 if name.startswith("+") else 0)


def state(*names: str) -> str:
    """The state of a request."""
    tasks = [named(name) for name in names]
    return state_of(tally(tasks)).value


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [
        ("PLANNED PLANNED", "ACCEPTED"),
        ("PLANNED STARTING", "RUNNING"),
        ("PLANNED VERIFIED", "RUNNING"),
        ("RUNNING FAILED", "RUNNING"),
        ("LOST", "RUNNING"),
        ("SUCCEEDED", "RUNNING"),
        ("VERIFIED SUCCEEDED", "RUNNING"),
        ("VERIFIED VERIFIED", "VERIFIED"),
        ("VERIFIED EMPTY", "VERIFIED"),
        ("EMPTY EMPTY", "EMPTY"),
        ("unchecked", "SUCCEEDED"),
        ("unchecked EMPTY", "SUCCEEDED"),
        ("unchecked VERIFIED", "SUCCEEDED"),
        ("VERIFIED FAILED", "PARTIAL"),
        ("unchecked CANCELLED", "PARTIAL"),
        ("VERIFIED EMPTY FAILED CANCELLED", "PARTIAL"),
        ("FAILED", "FAILED"),
        ("FAILED EMPTY", "FAILED"),
        ("FAILED CANCELLED", "FAILED"),
        ("CANCELLED", "CANCELLED"),
        ("CANCELLED EMPTY", "CANCELLED"),
        ("+SPLIT PLANNED PLANNED VERIFIED VERIFIED", "RUNNING"),
        ("+SPLIT VERIFIED VERIFIED VERIFIED EMPTY", "RUNNING"),
        ("+VERIFIED VERIFIED VERIFIED VERIFIED EMPTY", "VERIFIED"),
        ("+FAILED FAILED VERIFIED VERIFIED EMPTY", "PARTIAL"),
        ("+FAILED FAILED FAILED FAILED EMPTY", "FAILED"),
    ],
)
def test_the_state_of_a_request(tasks: str, expected: str) -> None:
    assert state(*tasks.split()) == expected
    assert state(*reversed(tasks.split())) == expected


def test_ended_tasks_and_only_they_end_a_request() -> None:
    for one in TaskState:
        assert RequestState(state("VERIFIED", one.value)).terminal == one.terminal


def test_tallies_count_tasks_by_state() -> None:
    tasks = [task(), task(), task(TaskState.RUNNING)]
    assert tally(tasks).counts == {TaskState.PLANNED: 2, TaskState.RUNNING: 1}


def summary(**changes: Any) -> dict[str, Any]:
    record = RequestRecord(
        "req",
        "0" * 64,
        '{"labels": {"team": "forest"}}',
        RequestState.VERIFIED,
        NOW,
        NOW,
        passes=(OrbitPass(131, Direction.ASCENDING, share=0.75),),
        reasons=(Fault("aoi", "area", "too large"),),
    )
    done = task(TaskState.VERIFIED, files=("c/req/req-o131a.tif",), **changes)
    return summarize(record, [done], "bucket")


@pytest.mark.parametrize(
    ("asked", "taken", "words"),
    [
        (None, 100, None),
        (100, 100, None),
        (5, 5, None),
        (500, 100, "priority 500 was asked for and is taken as 100"),
        (9999, 0, "priority 9999 was asked for and is taken as 0"),
        (5, 700, None),  # raised by an operator
        (9999, None, None),  # stored before requests had a priority
    ],
)
def test_a_summary_says_that_a_priority_is_taken_as_a_lower_one(
    asked: int | None, taken: int | None, words: str | None
) -> None:
    sent = {} if asked is None else {"priority": asked}
    ids = ("req", "0" * 64, json.dumps(sent))
    record = RequestRecord(*ids, RequestState.ACCEPTED, NOW, NOW, priority=taken)
    told = summarize(record, [], "bucket")
    assert told["priority"] == taken
    assert [note.partition(":")[0] for note in told["notes"]] == ([words] if words else [])


def test_a_summary_is_json_with_what_the_files_are() -> None:
    told = json.loads(json.dumps(summary(verified=True)))
    assert (told["request_id"], told["state"]) == ("req", "VERIFIED")
    assert told["labels"] == {"team": "forest"}
    assert told["reasons"] == [{"path": "aoi", "code": "area", "message": "too large"}]
    assert (told["values"], told["output_bytes"]) == (8_000, 8_000 * 16 // 3)
    (one,) = told["tasks"]
    expected = {
        "id": "req-o131a",
        "orbit": 131,
        "direction": "ASCENDING",
        "state": "VERIFIED",
        "files": ["bucket/c/req/req-o131a.tif"],
        "bands": ["vv_db_median"],
        "crs": "EPSG:32633",
        "transform": [10, 0, 500_000, 0, -10, 5_550_000],
        "shape": [80, 100],
        "footprint_share": 0.75,
        "valid_share": None,
        "two_pass_share": None,
        "counted_share": None,
        "empty_files": [],
    }
    assert {name: one[name] for name in expected} == expected


def test_a_summary_tells_what_was_seen_of_the_area() -> None:
    (one,) = summary(valid_share=0.52, two_pass_share=0.4, counted_share=0.1)["tasks"]
    assert (one["valid_share"], one["two_pass_share"], one["counted_share"]) == (0.52, 0.4, 0.1)


def test_a_file_without_data_is_no_result() -> None:
    ids = ("req", "0" * 64, "{}", RequestState.EMPTY, NOW, NOW)
    empty = task(TaskState.EMPTY, files=("c/req/req-o131a.tif",))
    (one,) = summarize(RequestRecord(*ids), [empty], "bucket")["tasks"]
    assert (one["files"], one["empty_files"]) == ([], ["bucket/c/req/req-o131a.tif"])

"""What is taken in can always be updated: with all that is ever added to it, it fits the store."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.document_size import MAX_BYTES, document_bytes
from s1ratio.faults import MAX_ERROR, MAX_WORDS
from s1ratio.growth import MAX_NOTES, MAX_PASSES, bounded_request, bounded_task, fully_grown
from s1ratio.plan import OrbitPass
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import Direction
from s1ratio.request.reader import MAX_STORED_BYTES
from s1ratio.services.requesting.launch import Launched
from s1ratio.task import GROUPS, TaskState
from tests.support.simulated import World, message
from tests.support.simulated.clock import BEGIN
from tests.support.tasks import task as a_task

RECORD = Codec(RequestRecord)
# Fields that take the same room whatever is in them, and those that never change.
FIXED = {"created_at", "not_before", "size", "eecu_seconds", "round", "tries", "mishaps", "version"}
FIXED |= {"sequence"}
UNCHANGED = {"id", "digest", "message", "state", "notes", "resolved"}
UNCHANGED |= {"labels", "region", "incident"}
GROWING = {"error_class", "priority", "limits", "idle_since", "line_since", "ended_at", "expire_at"}
GROWING |= {"search", "passes", "tallies", "missing", "reasons", "error", "cancelling", "commands"}


def record(text: str = "{}") -> RequestRecord:
    return RequestRecord("r" * 40, "d" * 64, text, RequestState.EXPANDING, BEGIN, BEGIN)


def test_a_new_field_of_a_request_says_how_large_it_may_become() -> None:
    assert {field.name for field in fields(RequestRecord)} == FIXED | UNCHANGED | GROWING
    before, after = record(), fully_grown(record())
    assert {name for name in vars(before) if vars(before)[name] != vars(after)[name]} == GROWING


@pytest.mark.parametrize("state", RequestState)
def test_the_largest_message_fits_with_all_that_is_ever_added(state: RequestState) -> None:
    largest = replace(fully_grown(record("x" * MAX_STORED_BYTES)), state=state)
    assert document_bytes(RECORD.document(largest)) < MAX_BYTES - 20_000, "and some more"


def test_a_request_whose_passes_are_named_needs_no_room_for_others() -> None:
    named = replace(record(), passes=(OrbitPass(22, Direction.ASCENDING),))
    assert fully_grown(named).passes == named.passes
    assert len(fully_grown(record()).passes or ()) == MAX_PASSES


LONG = ["e" * 1_000_000, "😀" * 300_000, "\ud800" * 400_000, '"\\\0' * 300_000, "é" * 2_001]


@pytest.mark.parametrize("text", LONG)
def test_words_are_cut_before_they_are_kept(text: str) -> None:
    bounded = bounded_request(replace(record(), error=text, cancelling=text))
    assert len(str(bounded.error).encode("utf-8", "replace")) <= MAX_ERROR
    assert len(str(bounded.cancelling).encode("utf-8", "replace")) <= MAX_ERROR
    task = bounded_task(a_task(TaskState.RUNNING, error=text, cancelling=text, notes=(text,) * 70))
    assert len(str(task.trouble.error).encode("utf-8", "replace")) <= MAX_ERROR
    assert len(task.result.notes) == MAX_NOTES + 1
    assert task.result.notes[-1] == "and 20 more notes"
    assert all(len(n.encode("utf-8", "replace")) <= MAX_WORDS for n in task.result.notes)
    assert bounded_task(replace(task, result=replace(task.result, notes=()))).result.notes == ()


def large(filler: str, size: int) -> bytes:
    """Return a message whose stored text has `size` bytes."""
    ring = [[13.0, 52.0], [13.02, 52.0], [13.02, 52.02], [13.0, 52.02], [13.0, 52.0]]

    def made(text: str) -> dict[str, Any]:
        outline = {"type": "Polygon", "coordinates": [ring]}
        area = {"type": "Feature", "properties": {"n": text}, "geometry": outline}
        fields: dict[str, Any] = json.loads(message(orbits=None, aoi=area))
        return fields

    def stored(text: str) -> int:
        return len(json.dumps(made(text), sort_keys=True, separators=(",", ":")))

    each = stored(filler) - stored("")
    text = filler * ((size - stored("")) // each)
    return json.dumps(made(text + "x" * (size - stored(text))), ensure_ascii=False).encode()


FILLERS = ["x", '"', "\\", "\n", "é", "😀", "\x7f"]


def launched(world: World, payload: bytes) -> Launched:
    world.set(max_tasks=MAX_PASSES, launch_budget_s=0)
    directions = (Direction.ASCENDING, Direction.DESCENDING)
    world.ee.found = tuple(OrbitPass(o, d, 0.5, 9) for o in range(1, 176) for d in directions)
    return world.launch(payload)


@pytest.mark.parametrize("filler", FILLERS)
def test_the_largest_message_of_any_letters_goes_its_way(world: World, filler: str) -> None:
    found = launched(world, large(filler, MAX_STORED_BYTES))
    assert (found.state, found.reasons) == (RequestState.ACCEPTED, ())
    assert len(world.tasks()) == MAX_PASSES
    stored = world.store.update_request(fully_grown(world.request()), world.request().version)
    assert world.request() == stored


@pytest.mark.parametrize("filler", FILLERS)
def test_one_byte_more_is_refused_at_once(world: World, filler: str) -> None:
    found = launched(world, large(filler, MAX_STORED_BYTES + 1))
    assert [fault.code for fault in found.reasons] == ["too_large"]
    assert world.store.get_request("r1") is None


def test_every_group_of_a_task_is_looked_at_for_what_may_be_long() -> None:
    assert {"trouble", "result", "end"} < set(GROUPS)


def test_what_a_search_has_found_needs_no_more_room_than_the_passes_will() -> None:
    grown = fully_grown(record())
    some = grown.passes or ()
    searching = replace(grown, passes=None, search=replace(grown.search, found=some))
    room = document_bytes(RECORD.document(grown))
    assert document_bytes(RECORD.document(searching)) <= room + 100

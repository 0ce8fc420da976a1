"""Commands in both stores: one an id, its end in one commit with its event, found by its target."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.store.codec import Codec, dumped
from s1ratio.commands.records import CommandRecord, CommandState
from s1ratio.errors import Conflict
from s1ratio.faults import Fault
from s1ratio.ports import Store
from tests.contract.records import NOW, a_request, an_event, later

_SAMPLES = Path(__file__).with_name("samples") / "commands.json"


def a_command(name: str = "c-1", **changes: Any) -> CommandRecord:
    """Return a command as it is stored first."""
    record = CommandRecord(
        id=name,
        digest="d" * 64,
        message='{"command":"cancel","target":{"request":"r1"}}',
        command="cancel",
        target_kind="request",
        target_id="r1",
        state=CommandState.RECEIVED,
        received_at=NOW,
        expires_at=later(86_400),
    )
    return replace(record, **changes)


def test_all_that_a_command_has_comes_back(store: Store) -> None:
    full = a_command(
        state=CommandState.REFUSED,
        by="Änne 😀",
        reason="the\narea",
        published_at=later(-1.5),
        message_id="17",
        changes=("request r1: ACCEPTED → CANCELLED",),
        reasons=(Fault("target", "unknown", "no request"),),
        ended_at=later(1),
        expire_at=later(9),
    )
    assert store.create_command(full) == (full, True)
    assert store.get_command("c-1") == full
    assert store.get_command("c-2") is None


def test_the_first_of_an_id_stays_and_its_events_with_it(store: Store) -> None:
    first, _ = store.create_command(a_command(), [an_event("c-1.refused")])
    other = a_command(digest="e" * 64)
    assert store.create_command(other, [an_event("c-1.applied")]) == (first, False)
    assert store.get_command("c-1") == first
    assert [event.id for event in store.find_events_of("r1")] == ["c-1.refused"]


def test_an_event_that_was_left_over_holds_up_no_command(store: Store) -> None:
    store.create_command(a_command("c-0"), [an_event("c-1.refused")])
    _, is_new = store.create_command(a_command(), [an_event("c-1.refused")])
    assert is_new
    assert store.get_command("c-1") is not None


def test_its_end_is_stored_with_its_event_or_not_at_all(store: Store) -> None:
    first, _ = store.create_command(a_command())
    ended = replace(first, state=CommandState.APPLIED, ended_at=later(1))
    stored = store.update_command(ended, first.version, [an_event("c-1.applied")])
    assert store.get_command("c-1") == stored == ended
    with pytest.raises(Conflict):
        store.update_command(ended, first.version, [an_event("c-1.again")])
    assert [event.id for event in store.find_events_of("r1")] == ["c-1.applied"]


def test_they_are_found_newest_first_and_by_what_they_were_aimed_at(store: Store) -> None:
    for number in range(4):
        store.create_command(a_command(f"c-{number}", received_at=later(number)))
    aimed = {"target_kind": "region", "target_id": "r1", "received_at": later(-5)}
    store.create_command(a_command("c-r", **aimed))
    assert [one.id for one in store.find_commands(2)] == ["c-3", "c-2"]
    assert [one.id for one in store.find_commands(9, later(2))] == ["c-3", "c-2"]
    found = store.find_commands_of("request", "r1", 9)
    assert [one.id for one in found] == ["c-3", "c-2", "c-1", "c-0"]
    assert [one.id for one in store.find_commands_of("region", "r1", 9)] == ["c-r"]
    assert store.find_commands_of("task", "r1", 9) == []


def test_what_it_changed_keeps_its_mark(store: Store) -> None:
    stored = store.create_request(a_request(commands=("c-1", "c-2")))
    assert stored.commands == ("c-1", "c-2")
    assert store.get_request("r1") == stored


@pytest.mark.parametrize("name", json.loads(_SAMPLES.read_text(encoding="utf-8")))
def test_documents_of_an_earlier_version_are_read_and_written_as_they_were(name: str) -> None:
    """Never write the samples anew: they stand for what lies in the stores out there."""
    document = json.loads(_SAMPLES.read_text(encoding="utf-8"))[name]
    codec = Codec(CommandRecord)
    record = codec.record(document)
    assert record.id == name
    assert json.loads(dumped(codec.document(record))).items() >= document.items()

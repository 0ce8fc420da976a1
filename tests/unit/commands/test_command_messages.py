"""The message of a command: what it takes, what it refuses, in which words, and its identity."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from pydantic import TypeAdapter

from s1ratio import commands
from s1ratio.alerts.feed import Name
from s1ratio.commands import fields, message_of, read_command
from s1ratio.commands.model import NAMES
from s1ratio.commands.reader import MAX_COMMAND_BYTES
from s1ratio.commands.schema import command_schema
from s1ratio.errors import InvalidRequest
from s1ratio.regions.model import RegionId
from tests.support.relative_effort import effort

CANCEL: dict[str, Any] = {"command": "cancel", "target": {"request": "my-field-2023"}}
SILENCE: dict[str, Any] = {
    "command": "silence",
    "target": {"incident": "i-0123456789"},
    "ends_at": "2026-12-24T12:00:00Z",
    "reason": "an exercise",
}
ACCEPTED: list[dict[str, Any]] = [
    CANCEL,
    {"command": "cancel", "target": {"task": "my-field-2023-asc095-w1-q2"}},
    {**CANCEL, "version": 1, "id": "a" * 40, "by": "Straße 😀", "reason": "x" * 500},
    {**CANCEL, "expires_at": "2026-12-01T00:00:00+01:00"},
    {**CANCEL, "expires_at": "2026-12-01"},
    {"command": "retry", "target": {"request": "r-0123"}},
    {"command": "raise", "target": {"request": "r-0123"}, "priority": 0},
    {"command": "raise", "target": {"request": "r-0123"}, "priority": 9999},
    {"command": "pause", "target": {"region": "po"}},
    {"command": "resume", "target": {"region": "po"}, "catch_up": True},
    {"command": "run", "target": {"region": "po"}},
    SILENCE,
    {**SILENCE, "target": {"hazard": "flood", "feed": "gdacs", "rule": "all", "owner": "Ä"}},
    {**SILENCE, "target": {"area": {"type": "Point", "coordinates": [15, 48.5]}}},
]
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "needs 'command'"),
    ({"command": "delete", "target": {"request": "a"}}, "", "`command` must be one of 'cancel'"),
    ({"command": ["cancel"], "target": {"request": "a"}}, "", "`command` must be one of"),
    ({"command": "cancel"}, "target", "is required"),
    ({**CANCEL, "target": "my-field-2023"}, "target", "must be an object"),
    ({**CANCEL, "target": {}}, "target", "name a `request` or a `task`"),
    ({**CANCEL, "target": {"request": "a", "task": "b"}}, "target", "one of the two"),
    ({**CANCEL, "target": {"request": None}}, "target", "leave `request` out"),
    ({**CANCEL, "target": {"request": "a/b"}}, "target.request", "must match"),
    ({**CANCEL, "target": {"request": "__a__"}}, "target.request", "must match"),
    ({**CANCEL, "target": {"request": "a" * 41}}, "target.request", "must match"),
    ({**CANCEL, "target": {"task": "A"}}, "target.task", "must match"),
    ({**CANCEL, "target": {"region": "po"}}, "target.region", "unknown field"),
    ({**CANCEL, "version": 2}, "version", "1"),
    ({**CANCEL, "id": "a/b"}, "id", "must match"),
    ({**CANCEL, "id": ""}, "id", "must match"),
    ({**CANCEL, "id": "a\n"}, "id", "must match"),
    ({**CANCEL, "id": 3}, "id", "must be a string"),
    ({**CANCEL, "by": "x" * 101}, "by", "at most 100"),
    ({**CANCEL, "reason": "x" * 501}, "reason", "at most 500"),
    ({**CANCEL, "expires_at": "2026-12-01T00:00:00"}, "expires_at", "has no offset"),
    ({**CANCEL, "expires_at": 1.8e9}, "expires_at", "must be a day"),
    ({**CANCEL, "expires_at": "9999-12-31T23:59:59Z"}, "expires_at", "too far in the future"),
    ({**CANCEL, "priority": 3}, "priority", "see `s1ratio schema --command`"),
    ({"command": "raise", "target": {"request": "a"}}, "priority", "is required"),
    ({"command": "raise", "target": {"request": "a"}, "priority": 1.5}, "priority", "whole"),
    ({"command": "raise", "target": {"request": "a"}, "priority": True}, "priority", "whole"),
    ({"command": "raise", "target": {"request": "a"}, "priority": -1}, "priority", "at least 0"),
    ({"command": "raise", "target": {"task": "a"}, "priority": 1}, "target.request", "required"),
    ({"command": "pause", "target": {"region": "a" * 17}}, "target.region", "must match"),
    ({"command": "resume", "target": {"region": "po"}}, "catch_up", "is required"),
    ({"command": "resume", "target": {"region": "po"}, "catch_up": 1}, "catch_up", "true or false"),
    ({**SILENCE, "target": {}}, "target", "it would cover everything"),
    ({**SILENCE, "target": {"hazard": None}}, "target", "leave `hazard` out"),
    ({**SILENCE, "target": {"area": []}}, "target.area", "must be an object"),
    ({**SILENCE, "reason": ""}, "reason", "at least 3"),
]


@pytest.mark.parametrize("message", ACCEPTED, ids=str)
def test_what_is_accepted_is_read_and_written_again(message: dict[str, Any]) -> None:
    read = read_command(json.dumps(message))
    again = read_command(json.dumps(message_of(read.command)))
    assert again.command == read.command
    assert read.command.command == message["command"]


@pytest.mark.parametrize("message", ACCEPTED, ids=str)
def test_its_schema_takes_what_is_accepted(message: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(command_schema()).validate(message)


@pytest.mark.parametrize(("message", "path", "words"), REFUSED, ids=str)
def test_what_is_refused_is_told_where_and_why(
    message: dict[str, Any], path: str, words: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_command(json.dumps(message))
    fault, *_ = refused.value.faults
    assert fault.path == path
    assert words in fault.message


def test_its_schema_refuses_what_is_refused_but_for_the_words_of_times() -> None:
    schema = jsonschema.Draft202012Validator(command_schema())
    taken = [path for message, path, _ in REFUSED if schema.is_valid(message)]
    assert [path for path in taken if path not in {"expires_at", "id"}] == []


def test_every_command_is_named_and_has_an_example() -> None:
    assert {message["command"] for message in ACCEPTED} == set(NAMES)
    tags = {branch["$ref"].rsplit("/", 1)[1].lower() for branch in command_schema()["oneOf"]}
    assert tags == set(NAMES)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_command(json.dumps({**CANCEL, "id": "Ä", "by": 3, "colour": "blue"}))
    assert [fault.path for fault in refused.value.faults] == ["id", "by", "colour"]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "not valid JSON"),
        (b"[]", "must be a JSON object with `command` and `target`"),
        (b"\xff", "not UTF-8"),
        (b'{"command":NaN}', "NaN is no JSON number"),
        (b'{"command":1e999}', "a number that is too large"),
        (b'{"command":' + b"1" * 5_000 + b"}", "digits"),
        (b'{"command":"run","command":"run"}', "stands twice"),
        (b'{"command":"cancel","target":{"request":"a"},"by":"\\ud800"}', "not valid JSON"),
        (b"[" * 50_000, "nested too deeply"),
        (b'{"a":' * 10_000, "nested too deeply"),
        (b'{"command":"silence","target":{"area":' + b'{"a":' * 900 + b"1" + b"}" * 902, ""),
        (b"{" + b'"' + b"x" * MAX_COMMAND_BYTES + b'":1}', "at most 100000 are read"),
        (b"x" * 10_000_000, "at most 100000 are read"),
        (b"[" + b"[]," * 33_000 + b"[]]", "JSON object"),
    ],
    ids=lambda v: repr(v)[:40],
)
def test_hostile_json_is_refused_fast(payload: bytes, words: str) -> None:
    found: list[str] = []

    def look() -> None:
        with pytest.raises(InvalidRequest) as refused:
            read_command(payload)
        found.extend(map(str, refused.value.faults))

    assert effort(look) < 50
    assert any(words in fault for fault in found)


def test_its_id_is_the_sender_s_or_follows_from_the_message() -> None:
    assert read_command(json.dumps({**CANCEL, "id": "mine-1"})).id == "mine-1"
    one = read_command(json.dumps(CANCEL))
    backwards = read_command(json.dumps(dict(reversed(CANCEL.items())), indent=2))
    assert (one.id, one.digest) == (backwards.id, backwards.digest)
    assert one.id == f"c-{one.digest[:24]}"
    assert read_command(json.dumps({**CANCEL, "by": ""})).id != one.id


def test_a_program_writes_commands_with_its_own_times() -> None:
    noon = datetime(2026, 12, 24, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    target = commands.MaskTarget(hazard="flood")
    silence = commands.Silence(target=target, ends_at=noon, reason="an exercise")
    assert message_of(silence) == {
        "command": "silence",
        "target": {"hazard": "flood"},
        "ends_at": "2026-12-24T12:00:00Z",
        "reason": "an exercise",
    }
    assert silence.ends_at == datetime(2026, 12, 24, 12, tzinfo=UTC)


def test_its_names_are_those_of_what_it_is_aimed_at() -> None:
    """They stand twice, so that who sends commands needs no package of regions or alerts."""
    assert TypeAdapter(fields.RegionId).json_schema() == TypeAdapter(RegionId).json_schema()
    assert TypeAdapter(fields.DefinitionName).json_schema() == TypeAdapter(Name).json_schema()

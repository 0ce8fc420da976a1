"""Apply: what each command does, what is refused, rejected or too late, and what is kept of it."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.alerts.records import Kind
from s1ratio.commands.records import CommandState
from s1ratio.records import RequestState
from s1ratio.regions.moves import resumed
from s1ratio.regions.states import RegionState
from s1ratio.services.alerts.definitions import load_silences
from s1ratio.services.alerts.definitions import remove as remove_definition
from s1ratio.services.applying.apply import apply_command
from s1ratio.services.regions.commands import change_region
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World
from tests.support.simulated.regions import RegionWorld, region_data
from tests.support.simulated.starts import ONE
from tests.unit.services.applying.commanded_world import NAME, deliver, known, said

APPLIED, REFUSED, EXPIRED = CommandState.APPLIED, CommandState.REFUSED, CommandState.EXPIRED
BAD = "Image.select: band 'XX' not found"


@pytest.fixture
def regions(tmp_path: Path) -> Iterator[RegionWorld]:
    """Return a deployment with the region `berlin`."""
    world = RegionWorld(tmp_path)
    world.apply(region_data())
    yield world
    world.close()


def silence(**fields: Any) -> bytes:
    """Return the message of a silence of floods."""
    whole = {"ends_at": "2030-01-01T00:00:00Z", "reason": "an exercise", **fields}
    return said("silence", **{"target": {"hazard": "flood"}, **whole})


def test_a_request_is_cancelled_and_keeps_who_wanted_it(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    record = deliver(world, said("cancel", reason="the area\n was wrong"))
    assert record is not None
    assert record.state is APPLIED
    assert record.changes[0] == "request r1: ACCEPTED → CANCELLED"
    assert (record.by, record.reason) == ("anna", "the area\n was wrong")
    assert world.request().state is RequestState.CANCELLED
    assert world.request().error == "the area was wrong: command mine-1 (anna)"
    assert world.request().commands == (NAME,)
    [event] = [one for one in world.store.find_events_of("r1") if "command" in one.kind]
    assert (event.kind, event.data["state"]) == ("s1ratio.command.applied", "APPLIED")


def test_a_task_is_cancelled_alone(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    record = deliver(world, said("cancel", target={"task": "r1-o058a"}))
    assert record is not None
    assert (record.state, record.target_kind, record.target_id) == (APPLIED, "task", "r1-o058a")
    assert world.states() == {"o058a": TaskState.CANCELLED, "o131a": TaskState.PLANNED}
    assert world.task("r1-o058a").origin.commands == (NAME,)


def test_what_failed_is_retried(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=BAD))
    world.launch(ONE)
    world.until(world.settled)
    assert deliver(world, said("retry")).changes == (  # type: ignore[union-attr]
        "request r1: FAILED → RUNNING",
        "task r1-o131a: FAILED → PLANNED",
    )
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_request_is_raised_and_its_tasks_with_it(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    assert deliver(world, said("raise", priority=9_000)).state is APPLIED  # type: ignore[union-attr]
    assert {task.place.priority for task in world.tasks()} == {9_000}


def test_a_region_is_paused_resumed_and_run(regions: RegionWorld) -> None:
    deliver(regions, said("pause", region="berlin", id="a-1", reason="the field is under water"))
    paused = regions.region("berlin")
    assert (paused.state, paused.why) == (RegionState.PAUSED, "the field is under water")
    assert paused.by == "command a-1 (anna)"
    deliver(regions, said("resume", region="berlin", id="a-2", catch_up=False, by=None))
    assert (regions.region("berlin").state, regions.region("berlin").by) == (
        RegionState.ACTIVE,
        "command a-2",
    )
    record = deliver(regions, said("run", region="berlin", id="a-3"))
    assert record is not None
    assert record.changes[0].startswith("region berlin: ACTIVE, looked at next at ")
    regions.refresh()
    assert len(regions.refreshes("berlin")) == 1
    assert regions.region("berlin").commands == ("a-1", "a-2", "a-3")
    assert [one.by for one in regions.history("berlin", "run")] == ["command a-3 (anna)"]


def test_incidents_are_silenced_by_one_silence(world: World) -> None:
    deliver(world, silence())
    deliver(world, silence())
    [one] = load_silences(world.store, world.clock.now())
    assert (one.name, one.by, one.hazard) == (NAME, "command mine-1 (anna)", "flood")


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (said("cancel", request="r9"), "no request r9 is known"),
        (said("cancel", target={"task": "r9-x"}), "no task r9-x is known"),
        (said("retry", request="r9"), "no request r9 is known"),
        (said("retry"), "nothing of request r1 is FAILED or CANCELLED"),
        (said("raise", request="r9", priority=1), "no request r9 is known"),
        (said("pause", region="po"), "no region po is known"),
        (silence(ends_at="2020-01-01"), "its `ends_at` has passed"),
        (silence(target={"incident": "i-1"}), "no incident i-1 is known"),
        (silence(target={"area": {"type": "Point"}}), "is no place"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_cannot_be_done_is_refused_with_the_reason(
    world: World, payload: bytes, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.launch()
    with caplog.at_level(logging.INFO):
        record = deliver(world, payload)
    assert record is not None
    assert record == known(world)
    assert record.state is REFUSED
    assert words in str(record.reasons[0])
    assert [line.levelname for line in caplog.records] == ["WARNING"]
    assert world.store.get_definitions(Kind.SILENCE) == []
    assert deliver(world, payload) == record


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (said("pause", region="berlin"), "it can't become PAUSED"),
        (said("run", region="berlin"), "resume it before it can run"),
    ],
)
def test_what_a_region_s_state_forbids_is_refused(
    regions: RegionWorld, move: bytes, words: str
) -> None:
    deliver(regions, said("pause", region="berlin", id="first"))
    record = deliver(regions, move)
    assert record is not None
    assert record.state is REFUSED
    assert words in str(record.reasons[0])


def test_a_request_that_has_ended_cannot_be_cancelled(world: World) -> None:
    world.launch(ONE)
    world.until(world.settled)
    record = deliver(world, said("cancel"))
    assert record is not None
    assert str(record.reasons[0]) == "request r1 has ended already"


def test_what_is_being_cancelled_is_not_retried(world: World) -> None:
    world.launch(ONE)
    deliver(world, said("cancel", id="first"))
    record = deliver(world, said("retry"))
    assert record is not None
    assert "still being cancelled" in str(record.reasons[0])


def test_a_name_that_a_person_gave_a_silence_is_not_overwritten(world: World) -> None:
    deliver(world, silence(id="taken"))
    document = {"name": NAME, "ends_at": "2030-01-01T00:00:00Z", "reason": "own", "rule": "x"}
    world_silence = world.store.get_definition(Kind.SILENCE, "taken")
    assert world_silence is not None
    own = replace(world_silence, name=NAME, document=document, version=None)
    world.store.save_definition(own, None)
    record = deliver(world, silence())
    assert record is not None
    assert "a silence mine-1 is there already" in str(record.reasons[0])
    assert world.store.get_definition(Kind.SILENCE, NAME).document == document  # type: ignore[union-attr]


def test_a_known_id_with_another_message_is_a_conflict(world: World) -> None:
    world.set(launch_budget_s=0)
    world.launch()
    first = deliver(world, said("raise", priority=7))
    assert deliver(world, said("raise", priority=8)) is None
    assert known(world) == first
    assert {task.place.priority for task in world.tasks()} == {7}
    [rejection] = world.store.find_rejections(9)
    assert (rejection.reasons[0].code, rejection.topic) == ("command_id_conflict", "commands")


@pytest.mark.parametrize(
    "payload",
    [b"", b"hello", b"[]", b'{"command": NaN}', b"\xff", b'{"command": "cancel"}', b"x" * 10**7],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_command_is_rejected_and_stops_nothing(world: World, payload: bytes) -> None:
    assert deliver(world, payload) is None
    [rejection] = world.store.find_rejections(9)
    assert rejection.topic == "commands"
    assert deliver(world, payload) is None
    assert len(world.store.find_rejections(9)) == 1


def test_the_same_bytes_on_both_topics_are_two_rejections(world: World) -> None:
    deliver(world, b"hello")
    world.launch(b"hello")
    assert {one.topic for one in world.store.find_rejections(9)} == {"requests", "commands"}


def test_a_command_that_comes_a_day_late_does_nothing(world: World) -> None:
    world.launch()
    day = world.clock.now()
    world.clock.sleep(86_400)
    record = deliver(world, said("cancel"), published_at=day)
    assert record is not None
    assert (record.state, record.changes) == (EXPIRED, ())
    assert world.request().cancelling is None
    events = [one.kind for one in world.store.find_events_of("r1")]
    assert events.count("s1ratio.command.refused") == 1


def test_a_command_says_itself_until_when_it_is_to_be_obeyed(world: World) -> None:
    world.launch()
    soon = (world.clock.now() + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    world.clock.sleep(299)
    assert deliver(world, said("raise", priority=1, expires_at=soon)).state is APPLIED  # type: ignore[union-attr]
    world.clock.sleep(2)
    late = deliver(world, said("raise", priority=2, expires_at=soon, id="late"))
    assert late is not None
    assert late.state is EXPIRED


def test_who_says_nothing_of_its_publication_is_obeyed_for_a_day_from_its_arrival(
    world: World,
) -> None:
    world.launch()
    record = apply_command(world.context(), said("raise", priority=1))
    assert record is not None
    assert record.expires_at == world.clock.now() + timedelta(days=1)
    assert record.published_at is None


def test_what_was_published_at_the_end_of_time_is_obeyed_for_a_day_from_its_arrival(
    world: World,
) -> None:
    world.launch()
    last = datetime(9999, 12, 31, 23, tzinfo=UTC)
    record = deliver(world, said("raise", priority=1), published_at=last)
    assert record is not None
    assert (record.state, record.expires_at) == (APPLIED, world.clock.now() + timedelta(days=1))


def test_without_an_id_the_same_words_are_one_command_for_a_day(regions: RegionWorld) -> None:
    """Whoever pauses a region in spring and in autumn has said the same, and means it twice."""
    payload = said("pause", region="berlin", id=None)
    first = deliver(regions, payload)
    assert first is not None

    def resume() -> None:
        now = regions.clock.now()
        change_region(regions.context(), "berlin", lambda one: resumed(one, now, "me", False))

    resume()
    assert deliver(regions, payload) == first
    assert regions.region("berlin").state is RegionState.ACTIVE
    regions.clock.sleep(86_401)
    second = deliver(regions, payload)
    assert second is not None
    assert (second.state, second.digest) == (APPLIED, first.digest)
    assert regions.region("berlin").state is RegionState.PAUSED
    assert deliver(regions, payload) == second


def test_it_is_told_once_however_often_it_comes(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.launch()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            deliver(world, said("raise", priority=9_000))
    told = [vars(line)["event"] for line in caplog.records]
    assert told == ["command.applied", "command.known", "command.known"]
    assert len(world.store.find_commands(9)) == 1
    kinds = [one.kind for one in world.store.find_events_of("r1")]
    assert kinds.count("s1ratio.command.applied") == 1


def test_it_is_kept_as_long_as_it_could_come_again(world: World) -> None:
    far = (world.clock.now() + timedelta(days=900)).strftime("%Y-%m-%dT%H:%M:%SZ")
    record = deliver(world, silence(expires_at=far))
    assert record is not None
    assert record.expire_at is not None
    assert record.expire_at > record.expires_at
    assert json.loads(record.message)["expires_at"] == far


def test_a_silence_that_a_person_removed_stays_so(world: World) -> None:
    deliver(world, silence())
    remove_definition(world.store, Kind.SILENCE, NAME, world.clock.now())
    deliver(world, silence())
    assert load_silences(world.store, world.clock.now()) == []


@pytest.mark.parametrize("late", [False, True])
def test_a_target_that_cannot_be_read_is_refused_and_stops_nothing(
    regions: RegionWorld, *, late: bool
) -> None:
    database = Path(regions.store._database._path)  # type: ignore[attr-defined]
    with closing(sqlite3.connect(database)) as file, file:
        file.execute("UPDATE regions SET document = '{\"id\": 3}'")
    day = regions.clock.now() - timedelta(days=2 if late else 0)
    record = deliver(regions, said("pause", region="berlin"), published_at=day)
    assert record is not None
    assert record.state is REFUSED
    assert "put it right, or delete it" in str(record.reasons[0])


def test_a_region_that_today_s_rules_cannot_read_is_not_resumed(regions: RegionWorld) -> None:
    deliver(regions, said("pause", region="berlin", id="first"))
    region = regions.region("berlin")
    regions.store.commit_regions([replace(region, text='{"id": "berlin", "colour": "blue"}')])
    record = deliver(regions, said("resume", region="berlin", catch_up=False))
    assert record is not None
    assert record.state is REFUSED
    assert "can't be read any more" in str(record.reasons[0])

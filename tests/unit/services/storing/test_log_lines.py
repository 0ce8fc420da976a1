"""What the services tell in the log: metrics and alerts read these fields."""

import ast
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from s1ratio import logevents
from s1ratio.alerts import log_events
from s1ratio.commands import log_events as of_commands
from s1ratio.errors import Conflict, ErrorClass, TransientFault
from s1ratio.logevents import COMMON, EVENTS, LogEvent
from s1ratio.services.storing.tasks import commit_task
from s1ratio.task import failed
from tests.conventions.source import modules
from tests.support.simulated import Outcome, World, message

DECLARED = {event.name: event for event in EVENTS}
RESERVED = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "event"}


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The log, as it fills."""
    with caplog.at_level(logging.INFO, "s1ratio"):
        yield caplog


def lines(log: pytest.LogCaptureFixture, event: str) -> list[Any]:
    return [record for record in log.records if getattr(record, "event", None) == event]


def test_each_end_is_one_line(world: World, told: pytest.LogCaptureFixture) -> None:
    world.launch(message())
    world.launch(message())
    world.until(lambda: world.settled("r1"))
    world.tick()
    ends = lines(told, "task.ended")
    assert sorted(end.task for end in ends) == ["r1-o058a", "r1-o131a"]
    assert {(end.request, end.state, end.attempt) for end in ends} == {("r1", "VERIFIED", 1)}
    assert all(end.age_s > 0 and end.eecu_seconds >= 0 for end in ends)
    (end,) = lines(told, "request.ended")
    assert (end.request, end.state, end.tasks) == ("r1", "VERIFIED", 2)


def test_a_launch_tells_its_state_and_its_starts(
    world: World, told: pytest.LogCaptureFixture
) -> None:
    world.launch(message())
    (line,) = lines(told, "request.launched")
    assert (line.request, line.state, line.started) == ("r1", "ACCEPTED", 2)


def test_a_tick_tells_how_the_deployment_stands(
    world: World, told: pytest.LogCaptureFixture
) -> None:
    world.launch(message())
    world.set(launch_budget_s=0)
    world.launch(message(request_id="r2", start="2024-02-01", end="2024-05-01", priority=1))
    world.tick()
    (tick,) = lines(told, "tick")[-1:]
    active, waiting = world.store.count_active(), world.store.count_planned()
    assert (tick.active, tick.planned) == (active, waiting)
    assert active > 0
    assert tick.oldest_start_age_s >= 0
    assert tick.troubles == 0


def test_a_rejection_tells_its_reasons(world: World, told: pytest.LogCaptureFixture) -> None:
    world.launch(message(colour="blue"))
    (line,) = lines(told, "message.rejected")
    assert "colour" in line.reason
    assert line.reasons == [line.reason]
    assert line.code


def test_trouble_with_earth_engine_is_told_with_its_class(
    world: World, told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> Any:
        raise TransientFault("Internal error.")

    world.launch(message())
    monkeypatch.setattr(world.ee, "list_operations", gone)
    world.tick()
    (line,) = lines(told, "trouble")
    assert line.error_class == "transient"
    assert lines(told, "tick")[-1].troubles == 1


def test_a_move_that_lost_is_not_told(world: World, told: pytest.LogCaptureFixture) -> None:
    world.launch(message())
    stale = replace(world.task("r1-o058a"), version="no such version")
    with pytest.raises(Conflict):
        commit_task(world.context(), stale, failed(stale, ErrorClass.TERMINAL, "no such band"))
    assert lines(told, "task.ended") == []


def test_a_retry_is_a_line_with_what_it_failed_of(
    world: World, told: pytest.LogCaptureFixture
) -> None:
    world.ee.outcomes.append(Outcome(error="Internal error."))
    world.launch(message(orbits=[58]))
    world.until(lambda: bool(lines(told, "task.retried")), minutes=10)
    (line,) = lines(told, "task.retried")
    assert (line.task, line.attempt, line.error_class) == ("r1-o058a", 1, "transient")
    assert lines(told, "task.ended") == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
def test_an_event_is_fit_to_be_read_by_a_metric(event: LogEvent) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z]+)?", event.name)
    assert not RESERVED & set(event.fields)
    assert all(re.fullmatch(r"[a-z_]+", name) and words for name, words in event.fields.items())
    named = set(re.findall(r"{(\w+)}", event.words))
    assert named <= set(event.fields) | set(COMMON)


def test_no_two_events_share_a_name() -> None:
    assert len(DECLARED) == len(EVENTS)


def calls() -> list[tuple[str, str, set[str]]]:
    """Return (place, event, fields named) of every `tell` in the sources."""
    found = []
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell":
                event = node.args[1]
                assert isinstance(event, ast.Name)
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.append((f"{module.name}:{node.lineno}", event.id, names))
    return found


def test_whoever_logs_uses_tell() -> None:
    """A line without an event is one that no metric or alert can name."""
    astray = [
        f"{module.name}:{node.lineno}"
        for module in modules().values()
        if module.part not in {"embedded", "local_earthengine", "logevents"}
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"debug", "info", "warning", "error", "exception", "critical", "log"}
        and getattr(node.func.value, "id", "") in {"_LOG", "logging"}
    ]
    assert astray == []


def test_what_is_told_is_declared() -> None:
    assert len(calls()) >= 8
    for place, name, fields in calls():
        declared = {**vars(log_events), **vars(of_commands), **vars(logevents)}
        event = declared[name.removesuffix("_LINE")]
        assert fields <= set(event.fields) | set(COMMON), place

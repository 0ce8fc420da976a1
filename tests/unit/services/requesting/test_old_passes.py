"""Passes and tasks of earlier versions, which did not say which slices of a pass they mean.

Once each side of the ascending node was a pass of its own near the equator; then a pass was joined
there, and nothing said so. What was planned is exported as it was planned, or asked for again.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.earth_engine_errors import fault_of
from s1ratio.ground_tracks import node_notes
from s1ratio.pixels import digests, tell_selection
from s1ratio.plan import ExportTask, OrbitPass
from s1ratio.records import RequestRecord, RequestState, Search
from s1ratio.request import CompositeRequest, Direction
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.retry import retry
from s1ratio.services.commands.selection import Selection
from s1ratio.services.storing.requests import request_of
from s1ratio.task import Task, TaskState
from tests.support.simulated import Breaker, Crashed, Outcome, World, message
from tests.support.task_fields import with_fields
from tests.unit.services.requesting.test_refused_messages import step_by_step

EQUATOR = {"bbox": [36.70, 0.70, 36.72, 0.72]}
ASCENDING, DESCENDING = Direction.ASCENDING, Direction.DESCENDING
DRIVE = {"kind": "drive", "folder": "composites"}
# What the one key finds there, and the other.
SIDES = (OrbitPass(57, ASCENDING, 0.4, 5), OrbitPass(58, ASCENDING, 0.6, 5))
WHOLE = (OrbitPass(57, ASCENDING, 1.0, 10),)


def asked(**changes: Any) -> bytes:
    return message(**{"aoi": EQUATOR, "orbits": None} | changes)


def old_record(world: World, payload: bytes, passes: tuple[OrbitPass, ...] | None) -> RequestRecord:
    """Store a message as an earlier version did, its passes known and no task made."""
    with suppress(Crashed):
        world.launch(payload, step_by_step(world.context(Breaker(2, after=True))))
    record = world.request()
    assert record.state is RequestState.EXPANDING
    old = replace(record, resolved=None, limits=world.settings.plan_limits, passes=passes)
    return world.store.update_request(old, record.version)


def of_earlier_version(request: CompositeRequest, task: Task, joined: bool) -> Task:
    """Return a task as a version planned it that did not tell whether it joins."""
    (digest,) = digests(request, [replace(task.plan, joined=joined)])
    return with_fields(
        replace(task, plan=replace(task.plan, joined=None)), digest=digest, request_digest=None
    )


def old_tasks(world: World, payload: bytes, joined: bool) -> None:
    """Let a request be planned, and make its tasks an earlier version's."""
    world.set(launch_budget_s=0)
    world.launch(payload)
    record = world.request()
    bare = tuple(replace(each, joined=None) for each in record.passes or ())
    world.store.update_request(replace(record, resolved=None, passes=bare), record.version)
    for task in world.tasks():
        old = of_earlier_version(request_of(world.request()), task, joined)
        world.store.transition(task, old, task.version)


def selections(world: World) -> dict[str, bool | None]:
    """Return which slices tasks are made of that were started, by their orbits."""
    return {task.id.removeprefix("r1-"): task.plan.joined for task in world.tasks()}


def test_what_is_found_today_is_told_to_be_joined(world: World) -> None:
    world.ee.found = (*WHOLE, OrbitPass(22, DESCENDING, 1.0, 9))
    world.launch(asked(direction="BOTH"))
    assert [each.joined for each in world.request().passes or ()] == [True, None]
    assert selections(world) == {"o057a": True, "o022d": None}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"orbits": [57]}, True),
        ({"orbits": [57], "direction": "DESCENDING"}, None),
        ({"orbits": [57], "preset": "notebook"}, None),
        ({"orbits": [57], "aoi": {"bbox": [36.7, 7, 36.72, 7.02]}}, None),
        ({"orbits": [57], "aoi": {"bbox": [36.7, -5.99, 36.72, -5.97]}}, True),
    ],
    ids=str,
)
def test_so_is_what_is_named(world: World, fields: dict[str, Any], expected: bool | None) -> None:
    world.launch(asked(**fields))
    assert {task.plan.joined for task in world.tasks()} == {expected}


def test_found_passes_that_do_not_tell_are_asked_for_again(world: World) -> None:
    old_record(world, asked(), SIDES)
    world.ee.found = WHOLE
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 1
    assert selections(world) == {"o057a": True}
    assert [each.joined for each in world.request().passes or ()] == [True]


@pytest.mark.parametrize("joined", [False, True])
def test_tasks_that_were_made_of_them_tell(world: World, joined: bool) -> None:
    """Some of its tasks were made when the earlier version died."""
    old_tasks(world, asked(orbits=[57, 58]), joined)
    record, (one, other) = world.request(), world.tasks()
    world.store.update_request(
        replace(record, state=RequestState.EXPANDING, size=0), record.version
    )
    forget(world, other)
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 0
    assert selections(world) == {"o057a": joined, "o058a": joined}
    assert one.plan.joined is None


def forget(world: World, task: Task) -> None:
    """Take a task out of the store."""
    database: Any = world.store._database  # type: ignore[attr-defined]
    with database._connected() as connection:
        connection.execute("DELETE FROM tasks WHERE id = ?", (task.id,))


@pytest.mark.parametrize("noted", [False, True])
def test_of_named_orbits_the_note_tells(world: World, noted: bool) -> None:
    """Who was told what an orbit is near the equator meant the whole pass."""
    record = old_record(world, asked(orbits=[57]), (OrbitPass(57, ASCENDING),))
    assert record.notes == tuple(node_notes(request_of(record)))
    if not noted:
        world.store.update_request(replace(record, notes=()), record.version)
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 0
    assert selections(world) == {"o057a": noted}


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("orbits", [[57], [57, 58], [175, 1]], ids=str)
def test_tasks_are_started_as_they_were_planned(
    world: World, joined: bool, orbits: list[int]
) -> None:
    old_tasks(world, asked(orbits=orbits), joined)
    before = {task.id: task.pixels.digest for task in world.tasks()}
    world.until(world.settled)
    assert set(selections(world).values()) == {joined}
    assert {task.id: task.pixels.digest for task in world.tasks()} == before
    assert {task.state for task in world.tasks()} == {TaskState.VERIFIED}


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("started", [False, True])
def test_their_parts_are_planned_like_the_whole(world: World, joined: bool, started: bool) -> None:
    world.ee.outcomes.append(Outcome(error="User memory limit exceeded."))
    old_tasks(world, asked(orbits=[57]), joined)
    if started:  # by the earlier version, which told nothing of it either
        world.until(lambda: world.task("r1-o057a").state is TaskState.SUBMITTED)
        task = world.task("r1-o057a")
        old = replace(task, plan=replace(task.plan, joined=None))
        world.store.transition(task, old, task.version)
    world.until(world.settled)
    parts = [task for task in world.tasks() if task.family.parent]
    assert [task.plan.joined for task in parts] == [joined] * 4
    request = request_of(world.request())
    assert tuple(p.pixels.digest for p in parts) == digests(request, [p.plan for p in parts])


@pytest.mark.parametrize("joined", [False, True])
def test_what_is_empty_is_asked_after_like_it_was_planned(world: World, joined: bool) -> None:
    views = list[ExportTask]()
    view = world.ee.find_view

    def watched(request: CompositeRequest, plan: ExportTask) -> Any:
        views.append(plan)
        return view(request, plan)

    world.ee.find_view = watched  # type: ignore[method-assign]
    world.ee.outcomes.append(Outcome(has_data=False))
    old_tasks(world, asked(orbits=[57]), joined)
    world.until(lambda: world.task("r1-o057a").state is TaskState.RUNNING)
    task = world.task("r1-o057a")
    world.store.transition(task, replace(task, plan=replace(task.plan, joined=None)), task.version)
    world.until(world.settled)
    assert [plan.joined for plan in views] == [joined]


def test_what_goes_to_a_drive_has_no_digest_and_is_the_whole_pass(world: World) -> None:
    world.set(allow_drive=True)
    old_tasks(world, asked(orbits=[57], destination=DRIVE), joined=False)
    world.until(world.settled)
    assert selections(world) == {"o057a": True}


def test_a_search_of_both_kinds_of_passes_begins_anew(world: World) -> None:
    record = old_record(world, asked(start="2023-01-01", end="2024-01-01"), None)
    search = Search(parts=4, days=92, found=SIDES)
    world.store.update_request(replace(record, search=search), record.version)
    world.ee.found = WHOLE
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 4
    assert selections(world) == {"o057a": True}


def test_a_search_of_todays_goes_on(world: World) -> None:
    record = old_record(world, asked(start="2023-01-01", end="2024-01-01"), None)
    told = tuple(replace(each, joined=True) for each in WHOLE)
    search = Search(parts=4, days=184, found=told)
    world.store.update_request(replace(record, search=search), record.version)
    world.ee.found = WHOLE
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"aoi": {"bbox": [36.7, 7, 36.72, 7.02]}},
        {"aoi": {"bbox": [13.0, 52.0, 13.02, 52.02]}},
        {"direction": "DESCENDING"},
        {"preset": "notebook", "orbits": [57, 58]},
        {"aoi": {"bbox": [-60.02, -8.02, -60, -8]}, "direction": "BOTH"},
    ],
    ids=str,
)
def test_where_no_pass_changes_nothing_is_asked_again(world: World, fields: dict[str, Any]) -> None:
    flown = DESCENDING if fields.get("direction") == "DESCENDING" else ASCENDING
    old_record(world, asked(**fields), tuple(replace(each, direction=flown) for each in SIDES))
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 0
    assert set(selections(world).values()) == {None}
    assert len(world.tasks()) == 2


def test_what_was_cancelled_before_it_had_tasks_is_asked_for_when_it_is_retried(
    world: World,
) -> None:
    old_record(world, asked(), SIDES)
    cancel(world.context(), Selection("r1"), "a mistake")
    world.until(world.settled)
    world.ee.found = WHOLE
    retry(world.context(), Selection("r1"))
    world.until(world.settled)
    assert world.ee.calls["find_passes"] == 1
    assert selections(world) == {"o057a": True}


def test_an_earth_engine_that_does_not_answer_is_asked_again(world: World) -> None:
    old_record(world, asked(), SIDES)
    world.ee.found = WHOLE
    world.ee.fail_next("find_passes", fault_of("Internal error.", 500))
    world.until(world.settled, minutes=10)
    assert selections(world) == {"o057a": True}


@pytest.mark.parametrize(
    ("stored", "digest_of", "expected"),
    [
        (None, False, False),
        (None, True, True),
        (False, True, False),
        (True, False, True),
        (None, None, True),
    ],
)
def test_a_selection_is_told_by_the_digest(
    world: World, stored: bool | None, digest_of: bool | None, expected: bool
) -> None:
    world.launch(asked(orbits=[57]))
    request, plan = request_of(world.request()), world.task("r1-o057a").plan
    digest = None if digest_of is None else digests(request, [replace(plan, joined=digest_of)])[0]
    assert tell_selection(request, replace(plan, joined=stored), digest).joined is expected


def test_a_claim_of_one_side_is_not_taken_for_the_whole(world: World) -> None:
    """Two requests at once: one planned by an earlier version, one by this."""
    world.ee.run = timedelta(hours=5)
    old_tasks(world, asked(orbits=[57]), joined=False)
    world.ticks(2)
    world.launch(asked(request_id="r2", orbits=[57]))
    world.ticks(2)
    assert world.started() == ["r1-o057a-a1", "r2-o057a-a1"]
    assert world.task("r2-o057a").plan.joined is True

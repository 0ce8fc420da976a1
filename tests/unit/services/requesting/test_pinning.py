"""Pinned scenes are asked for once, before the first export, and hold for each attempt and part."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from s1ratio.errors import TerminalFault, TransientFault
from s1ratio.inputs import MAX_PINNED, InputScene
from s1ratio.records import RequestState
from s1ratio.services.commands.retry import resubmit
from s1ratio.services.commands.selection import Selection
from s1ratio.task import TaskState
from tests.support.simulated import Breaker, Crashed, Outcome, World, message

PINNED = message(pin_inputs=True)
TOO_MUCH = "User memory limit exceeded."


def scene(name: str, day: int = 3) -> InputScene:
    start = datetime(2024, 1, day, 5, tzinfo=UTC)
    return InputScene(name, "A", start, start + timedelta(seconds=25), 50_000 + day, 131)


@pytest.fixture(autouse=True)
def _listed(world: World) -> None:
    world.ee.inputs = {131: [scene("a"), scene("b", 15)], 58: [scene("c", 7)]}


def pins(world: World) -> dict[str, tuple[str, ...] | None]:
    return {task.id: task.plan.scenes for task in world.tasks()}


EXPECTED = {"r1-o058a": ("c",), "r1-o131a": ("a", "b")}


def test_a_request_that_pins_costs_one_call_and_one_that_does_not_none(world: World) -> None:
    world.launch(PINNED)
    assert world.ee.calls["find_inputs"] == 1
    assert pins(world) == EXPECTED
    world.launch(message(request_id="r2"))
    assert world.ee.calls["find_inputs"] == 1
    assert {task.plan.scenes for task in world.tasks("r2")} == {None}


def test_passes_that_were_searched_for_are_pinned_too(world: World) -> None:
    world.launch(message(pin_inputs=True, orbits=None))
    assert pins(world) == EXPECTED


def test_what_comes_later_changes_no_pin(world: World) -> None:
    world.launch(PINNED)
    world.ee.inputs[131].append(scene("late", 20))
    world.launch(PINNED)
    world.until(world.settled)
    resubmit(world.context(), Selection("r1"))
    world.until(lambda: all(t.run.attempt == 2 for t in world.tasks()) and world.settled())
    assert pins(world) == EXPECTED
    assert world.ee.calls["find_inputs"] == 1


def test_parts_of_a_split_task_have_its_pins(world: World) -> None:
    world.ee.outcomes.append(Outcome(error=TOO_MUCH))
    world.launch(message(pin_inputs=True, orbits=[131]))
    world.until(world.settled)
    parts = [task for task in world.tasks() if task.family.parent]
    assert len(parts) == 4
    assert {task.plan.scenes for task in parts} == {("a", "b")}


def test_trouble_with_the_list_puts_the_request_off(world: World) -> None:
    world.ee.fail_next("find_inputs", TransientFault("Internal error."))
    world.launch(PINNED)
    assert world.request().state is RequestState.EXPANDING
    assert "Internal error" in (world.request().error or "")
    assert world.tasks() == []
    world.until(world.settled)
    assert pins(world) == EXPECTED
    assert world.request().error is None


def test_what_no_retry_mends_fails_the_request(world: World) -> None:
    world.ee.fail_next("find_inputs", TerminalFault("no such band"))
    world.launch(PINNED)
    assert world.request().state is RequestState.FAILED


def test_more_scenes_than_a_record_holds_are_refused_by_name(world: World) -> None:
    world.ee.inputs[131] = [scene(f"s{number}") for number in range(MAX_PINNED + 1)]
    world.launch(PINNED)
    record = world.request()
    assert record.state is RequestState.REJECTED
    assert [(fault.path, fault.code) for fault in record.reasons] == [
        ("pin_inputs", "too_many_scenes")
    ]


def test_the_most_pins_fit_into_the_largest_message_that_is_taken(world: World) -> None:
    name = "S1A_IW_GRDH_1SDV_20240501T052402_20240501T052427_053678_0684B1_5C3A"
    world.ee.inputs = {131: [scene(name)] * MAX_PINNED}
    taken = 0
    for kilobytes in (400, 600, 800):
        square = [[13, 52], [13.02, 52], [13.02, 52.02], [13, 52.02], [13, 52]]
        feature = {
            "type": "Feature",
            "properties": {"x": "y" * kilobytes * 1000},
            "geometry": {"type": "Polygon", "coordinates": [square]},
        }
        aoi = {"type": "FeatureCollection", "features": [feature]}
        request_id = f"r-{kilobytes}"
        world.launch(message(request_id=request_id, aoi=aoi, pin_inputs=True, orbits=[131]))
        record = world.store.get_request(request_id)
        if record is None:  # refused when it came, as too large
            continue
        taken += 1
        assert record.state is RequestState.ACCEPTED, record.error
    assert 0 < taken < 3


def test_every_crash_point_of_a_launch_comes_to_the_same_pins(tmp_path: Path) -> None:
    def trial(name: str, breaker: Breaker) -> World:
        world = World(tmp_path / name)
        world.ee.inputs = {131: [scene("a"), scene("b", 15)], 58: [scene("c", 7)]}
        with suppress(Crashed):
            world.launch(PINNED, world.context(breaker))
        return world

    (tmp_path / "whole").mkdir()
    whole = Breaker()
    trial("whole", whole).close()
    points = whole.effects()
    assert len(points) > 6
    for at, after in points:
        (tmp_path / f"{at}-{after}").mkdir()
        world = trial(f"{at}-{after}", Breaker(at, after))
        world.launch(PINNED)
        world.until(world.settled)
        assert pins(world) == EXPECTED, (at, after)
        assert {task.state for task in world.tasks()} == {TaskState.VERIFIED}
        world.close()


def test_a_request_is_stored_with_the_field_only_if_it_pins(world: World) -> None:
    world.launch(PINNED)
    world.launch(message(request_id="r2"))
    resolved = [json.loads(world.request(name).resolved or "") for name in ("r1", "r2")]
    assert resolved[0]["pin_inputs"] is True
    assert "pin_inputs" not in resolved[1]

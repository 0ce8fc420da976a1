"""Requests take turns: a large one holds up nobody, and nobody holds it up for good."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from s1ratio.services.commands.retry import resubmit
from s1ratio.services.commands.selection import Selection
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World, message

LARGE = 5_000
# Tiles of 65,536 pixels over some square degrees: orbits × tiles come to about five thousand.
TILES: dict[str, Any] = {
    "aoi": {"bbox": [13.0, 52.0, 14.6, 53.0]},
    "grid": {"crs": "EPSG:32633", "scale": 100},
}


def large(world: World) -> int:
    """Let a request of some five thousand tasks arrive; return how many."""
    world.set(max_tasks=10_000, max_task_pixels=65_536)
    speckle = {"filter": "none"}
    orbits = list(range(1, 176))
    fields: dict[str, Any] = {
        "request_id": "large",
        "orbits": orbits,
        "direction": "BOTH",
        "speckle": speckle,
    }
    world.launch(message(**(fields | TILES)))
    return world.request("large").size


def small(world: World, number: int) -> str:
    """Let a request of one task arrive, for pixels of its own; return its id."""
    request_id = f"small{number}"
    west = -120 + number / 20
    aoi = {"bbox": [west, 10.0, west + 0.02, 10.02]}
    world.launch(message(request_id=request_id, orbits=[131], aoi=aoi))
    return request_id


def in_turn(world: World) -> list[str]:
    """Return whose operations were started, in turn."""
    return [op.description.split("-")[2] for op in world.ee.current()]


def test_five_thousand_tasks_and_small_requests_for_ever(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    """Room for ten starts every fifteen minutes, and five small requests in that time."""
    world.set(max_active=10)
    world.ee.wait, world.ee.run = timedelta(minutes=1), timedelta(minutes=5)
    assert large(world) >= LARGE
    at: dict[str, int] = {}
    for number in range(40):
        at[small(world, number)] = len(world.ee.made)
        if number % 5 == 4:
            world.tick(15)
            world.tick(15)
    world.ticks(2, minutes=15)
    order = in_turn(world)
    waits = [order.index(name) - before for name, before in at.items()]
    share = order.count("large") / len(order)
    record_property(
        "figures", f"small ones waited for {max(waits)} starts, the large had {share:.0%}"
    )
    assert max(waits) <= 20  # those in line at its turn: five small ones, and the large one
    assert order.count("large") >= len(order) / 3


def test_nobody_who_comes_later_goes_before_the_next_task_of_a_large_request(
    world: World,
) -> None:
    """Though twice as many small ones arrive as can be started."""
    world.set(max_active=4)
    world.ee.wait, world.ee.run = timedelta(minutes=1), timedelta(minutes=5)
    world.launch(message(request_id="large", orbits=list(range(1, 101))))
    number = 0
    for _ in range(12):
        for _ in range(8):
            name = small(world, number)
            number += 1
        planned = [task for task in world.tasks("large") if task.state is TaskState.PLANNED]
        assert min(task.place.turn for task in planned) <= world.task(f"{name}-o131a").place.turn
        world.tick(15)
    assert in_turn(world).count("large") >= 4


def test_two_large_requests_go_side_by_side(world: World) -> None:
    world.set(max_active=10, launch_budget_s=0)
    world.launch(message(request_id="a", orbits=list(range(1, 31))))
    world.launch(message(request_id="b", orbits=list(range(31, 61))))
    world.ticks(60)
    assert in_turn(world)[:21] == ["a", *["a", "b"] * 10]


def test_a_higher_priority_goes_before_all_turns(world: World) -> None:
    world.set(max_priority=101)
    world.set(max_active=2, launch_budget_s=0)
    world.launch(message(request_id="a", orbits=list(range(1, 31))))
    world.ticks(2)
    world.launch(message(request_id="b", orbits=list(range(31, 41)), priority=101))
    world.until(lambda: world.settled("b"), limit=100)
    assert in_turn(world)[:12] == ["a", "a", *["b"] * 10]


def test_what_has_had_its_turn_goes_before_those_who_have_not(world: World) -> None:
    world.set(max_active=1, launch_budget_s=0)
    world.ee.outcomes.append(Outcome(error="Internal error."))
    for name, orbit in (("a", 1), ("b", 2), ("c", 3)):
        world.launch(message(request_id=name, orbits=[orbit]))
    world.until(lambda: all(world.settled(name) for name in "abc"))
    assert in_turn(world) == ["a", "b", "a", "c"]


def test_a_period_to_come_is_in_line_only_when_it_is_over(world: World) -> None:
    """Not ahead of all who came since then, nor behind them: side by side."""
    world.set(launch_budget_s=0)
    world.launch(message(request_id="parked", end="2024-06-05", orbits=list(range(1, 11))))
    world.clock.sleep(7 * 24 * 3600)
    world.set(max_active=0)
    for number in range(3):
        first = 11 + 10 * number
        world.launch(message(request_id=f"n{number}", orbits=list(range(first, first + 4))))
    world.tick()
    world.set(max_active=1000)
    world.tick()
    order = in_turn(world)
    assert order[0] == "n0"
    assert order[1:13] == ["parked", "n0", "n1", "n2"] * 3
    assert {task.state for task in world.tasks("parked")} == {TaskState.SUBMITTED}


def test_a_retry_lets_nobody_in_before_those_in_line(world: World) -> None:
    """It goes first itself, but whoever comes while it is due still goes behind the others."""
    world.ee.wait, world.ee.run = timedelta(minutes=1), timedelta(minutes=1)
    world.set(max_active=1, launch_budget_s=0)
    world.ee.outcomes.extend([*[Outcome()] * 4, Outcome(error="Internal error.")])
    world.launch(message(request_id="a", orbits=list(range(1, 11))))
    world.until(lambda: any(task.run.attempt == 2 for task in world.tasks("a")))
    world.set(max_active=0)
    world.clock.sleep(3600)
    world.launch(message(request_id="b", orbits=[20]))
    planned = [task for task in world.tasks("a") if task.state is TaskState.PLANNED]
    fresh = [task.place.turn for task in planned if task.run.attempt == 1]
    (b,) = world.tasks("b")
    assert b.place.turn == min(fresh) + 1
    world.set(max_active=1000)
    before = len(world.ee.made)
    world.tick()
    assert world.started()[before] == "a-o005a-a2"


def test_what_a_person_sets_going_again_takes_turns_as_well(world: World) -> None:
    world.launch(message(request_id="a", orbits=list(range(1, 8))))
    world.until(lambda: world.settled("a"))
    world.set(launch_budget_s=0)
    world.launch(message(request_id="b", orbits=list(range(11, 18))))
    resubmit(world.context(), Selection(request_id="a"))
    world.tick()
    assert in_turn(world)[7:] == ["b", *["a", "b"] * 6, "a"]


def test_thousands_that_come_into_line_at_once_hold_up_nobody(world: World) -> None:
    """Their turns are dealt over several ticks; meanwhile others, and they themselves, start."""
    world.launch(message(request_id="early", orbits=[1]))
    world.ticks(20)
    world.set(max_tasks=2_000)
    later = {"start": "2024-05-01", "end": "2024-07-01", "orbits": list(range(1, 176))}
    for number in range(6):
        aoi = {"bbox": [13.0 + number, 52.0, 13.02 + number, 52.02]}
        world.launch(message(request_id=f"late{number}", aoi=aoi, **later))
    assert all(task.place.turn < 0 for task in world.tasks("late0"))
    world.set(max_active=10)
    due = world.tasks("late0")[0].place.not_before
    world.clock.sleep((due - world.clock.now()).total_seconds())
    small(world, 1)
    small(world, 2)
    world.tick(0)
    world.tick(0)
    assert set(world.states("small1").values()) | set(world.states("small2").values()) <= {
        TaskState.SUBMITTED,
        TaskState.RUNNING,
    }
    assert "late0" in in_turn(world)


def test_exports_that_a_quota_ends_over_and_over_let_others_have_their_turn(world: World) -> None:
    world.set(max_active=2)
    world.ee.outcomes.extend([Outcome(error="exceeded the custom quota")] * 60)
    world.launch(message(request_id="many", orbits=list(range(1, 13))))
    small(world, 1)
    world.until(lambda: world.task("small1-o131a").run.attempt > 1, limit=24 * 8, minutes=60)

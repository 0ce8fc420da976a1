"""A store's estimate: by what like tasks came to there, in one query of a bounded cost."""

from functools import partial

import pytest

from s1ratio.plan import PlanLimits, make_plan, named_passes
from s1ratio.request import Limits, read_message
from s1ratio.services.requesting import estimating
from s1ratio.services.requesting.estimating import estimate_tasks
from tests.support.simulated import Outcome, World, message


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def _estimate(world: World, **fields):
    request = read_message(message(**fields), Limits()).request
    plan = make_plan("x", request, named_passes(request) or (), PlanLimits(), world.clock.now())
    return plan, estimate_tasks(world.store, request, plan.tasks)


def _export(world: World, count: int) -> None:
    for number in range(count):
        west = 13.0 + number / 100
        aoi = {"bbox": [west, 52.0, west + 0.02, 52.02]}
        world.launch(message(request_id=f"e{number}", aoi=aoi, orbits=[58]))
        world.until(partial(world.settled, f"e{number}"))


def test_without_a_history_there_is_no_estimate(world: World) -> None:
    assert _estimate(world)[1] is None


def test_like_tasks_tell_what_a_plan_will_cost(world: World) -> None:
    _export(world, 5)
    spent = [task.run.eecu_seconds or 0.0 for n in range(5) for task in world.tasks(f"e{n}")]
    plan, found = _estimate(world)
    assert found is not None
    assert found.samples == 5
    assert len(plan.tasks) == 2
    assert found.eecu_s.median == pytest.approx(2 * sorted(spent)[2], rel=0.05)
    assert 0 < found.hours.median < 1


def test_what_is_not_alike_tells_nothing(world: World) -> None:
    _export(world, 5)
    assert _estimate(world, speckle={"filter": "boxcar", "size_px": 5})[1] is None
    assert _estimate(world, grid={"crs": "utm", "scale": 50})[1] is None


def test_it_costs_one_query_of_so_many_documents(world: World, monkeypatch) -> None:
    asked = []
    find = world.store.find_verified_of

    def counted(work, limit):
        asked.append(limit)
        return find(work, limit)

    monkeypatch.setattr(world.store, "find_verified_of", counted)
    _estimate(world)
    assert asked == [estimating.MAX_READ]


def test_parts_of_a_split_task_are_of_its_work(world: World) -> None:
    world.ee.outcomes.append(Outcome(error="User memory limit exceeded."))
    world.launch(message(orbits=[58]))
    world.until(world.settled)
    parts = [task for task in world.tasks() if task.family.parent]
    assert len(parts) == 4
    assert {task.pixels.work for task in parts} == {"focal_median-10px"}
    assert all(task.pixels.passes for task in parts)

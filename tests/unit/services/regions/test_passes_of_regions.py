"""New passes make requests, one each; scenes that come late make revisions."""

from datetime import UTC, datetime, timedelta
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
import shapely

from s1ratio.errors import ResourcesExceeded
from s1ratio.regions.states import Cause, Why
from s1ratio.scenes import SceneQuestion
from tests.support.simulated.regions import RegionWorld, a_scene, periods, region_data

ONE_DAY = {"kind": "last_days", "n": 1}
HOUR = timedelta(hours=1)


@pytest.fixture
def world(tmp_path: Path):
    made = RegionWorld(tmp_path)
    yield made
    made.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fresh(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {"trigger": "new_scenes", "schedule": None, "period": ONE_DAY}
    return region_data(**fields | {"overlap": "allow"} | changes)


def listed(world: RegionWorld, start: str, orbit: int, when: str, **changes: Any) -> None:
    world.ee.scenes.append((at(when), a_scene(at(start), orbit, **changes)))


def test_each_new_pass_is_one_request_however_many_slices_and_looks(world: RegionWorld) -> None:
    world.apply(fresh())
    listed(world, "2024-05-30T05:00", 99, "2024-05-31T00:00")  # before there was the region
    listed(world, "2024-06-03T05:00", 100, "2024-06-04T04:00")
    listed(world, "2024-06-03T05:00:25", 100, "2024-06-04T04:00")
    listed(world, "2024-06-05T05:00", 130, "2024-06-06T04:00", relative=58)
    far = shapely.box(100.0, 10.0, 103.0, 12.0)
    listed(world, "2024-06-05T06:00", 131, "2024-06-06T04:00", footprint=far)
    world.days(8, 2 * HOUR)
    made = world.refreshes()
    assert [one.pass_name for one in made] == ["A100", "A130"]
    assert periods(made) == [("2024-06-03", "2024-06-04"), ("2024-06-05", "2024-06-06")]
    assert {one.cause for one in made} == {Cause.NEW_SCENES}
    assert len({one.id for one in made}) == 2


def test_passes_of_one_day_are_two_requests(world: RegionWorld) -> None:
    world.apply(fresh())
    listed(world, "2024-06-03T05:00", 100, "2024-06-04T04:00")
    listed(world, "2024-06-03T17:00", 107, "2024-06-04T04:00", platform="C")
    world.days(4, 3 * HOUR)
    made = world.refreshes()
    assert sorted(one.pass_name for one in made) == ["A100", "C107"]
    assert set(periods(made)) == {("2024-06-03", "2024-06-04")}
    assert len({one.id for one in made}) == 2


def test_a_pass_that_is_listed_out_of_turn_is_new_all_the_same(world: RegionWorld) -> None:
    world.apply(fresh())
    listed(world, "2024-06-05T05:00", 130, "2024-06-06T04:00")
    listed(world, "2024-06-03T05:00", 100, "2024-06-08T04:00")
    world.days(9, 3 * HOUR)
    assert [one.pass_name for one in world.refreshes()] == ["A130", "A100"]


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({"platforms": ["C"]}, []),
        ({"orbits": [58]}, []),
        ({"direction": "DESCENDING"}, []),
        ({"orbits": [131], "direction": "ASCENDING"}, ["A100"]),
        ({}, ["A100"]),
    ],
)
def test_a_pass_that_its_requests_would_not_take_is_none(
    world: RegionWorld, fields: dict[str, Any], taken: list[str]
) -> None:
    world.apply(fresh(request=fields))
    listed(world, "2024-06-03T05:00", 100, "2024-06-04T04:00")
    world.days(3, 3 * HOUR)
    assert [one.pass_name for one in world.refreshes()] == taken


def test_both_triggers_make_what_each_of_them_asks_for(world: RegionWorld) -> None:
    month = {"kind": "calendar", "unit": "month"}
    world.apply(fresh(trigger="both", schedule={"cron": "0 3 1 * *"}, period=month))
    listed(world, "2024-06-03T05:00", 100, "2024-06-04T04:00")
    world.days(31, 6 * HOUR)
    assert periods(world.refreshes()) == [
        ("2024-06-01", "2024-06-04"),
        ("2024-06-01", "2024-07-01"),
    ]


def test_a_look_that_was_not_answered_is_made_up_for(world: RegionWorld) -> None:
    world.apply(fresh(schedule={"cron": "0 6 * * *"}))
    listed(world, "2024-06-03T05:00", 100, "2024-06-04T04:00")
    world.ee.down = True
    world.days(3.5, 3 * HOUR)
    assert world.refreshes() == []
    world.ee.down = False
    world.days(0.2, HOUR)
    assert [one.pass_name for one in world.refreshes()] == ["A100"]


DAYS_OF_JUNE = (3, 9, 15, 21, 27)


def june(world: RegionWorld) -> list[str]:
    """Let a pass be listed every six days; return their names."""
    for day in DAYS_OF_JUNE:
        listed(world, f"2024-06-{day:02d}T05:00", 100 + day, f"2024-06-{day:02d}T09:00")
    return [f"A{100 + day}" for day in DAYS_OF_JUNE]


def test_a_look_once_a_month_sees_the_passes_of_the_month(world: RegionWorld) -> None:
    world.apply(fresh(schedule={"cron": "0 6 1 * *"}))
    every = june(world)
    world.days(31, 12 * HOUR)
    assert [one.pass_name for one in world.refreshes()] == every
    world.days(60, 12 * HOUR)
    assert [one.pass_name for one in world.refreshes()] == every, "and no pass twice"
    assert world.history("berlin", "skipped") == []


def test_what_nobody_listed_for_weeks_is_seen_when_lists_are_there_again(
    world: RegionWorld,
) -> None:
    world.apply(fresh())
    every = june(world)
    world.ee.down = True
    world.days(25, 12 * HOUR)
    world.ee.down = False
    world.days(5, 12 * HOUR)
    assert [one.pass_name for one in world.refreshes()] == every


def test_passes_that_a_budget_holds_are_made_in_the_next_month(world: RegionWorld) -> None:
    world.apply(fresh(budget={"requests": 2}))
    every = june(world)
    for month in (29, 31, 31):
        made = [one.pass_name for one in world.refreshes()]
        world.days(month, 12 * HOUR)
        fresh_ones = [one.pass_name for one in world.refreshes()][len(made) :]
        assert len(fresh_ones) <= 2
    assert [one.pass_name for one in world.refreshes()] == every


def test_more_scenes_than_are_listed_at_once_are_seen_look_by_look(
    world: RegionWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SceneQuestion, "__init__", partialmethod(_of_two, SceneQuestion.__init__))
    world.apply(fresh())
    every = june(world)
    world.ee.down = True
    world.days(25, 12 * HOUR)
    world.ee.down = False
    world.days(9, 4 * HOUR)
    assert [one.pass_name for one in world.refreshes()] == every


def _of_two(question: SceneQuestion, init: Any, *args: Any) -> None:
    init(question, *args[:4], 2)


def monthly(world: RegionWorld) -> None:
    world.apply(region_data(schedule={"cron": "0 3 1 * *"}))
    listed(world, "2024-06-10T05:00", 300, "2024-06-11T04:00")


def test_scenes_that_come_late_make_a_revision_and_the_one_before_says_so(
    world: RegionWorld,
) -> None:
    monthly(world)
    listed(world, "2024-06-22T05:00", 475, "2024-07-08T04:00")  # two weeks late
    world.days(45, 6 * HOUR)
    first, second = world.refreshes()
    assert second.id == f"{first.id}-r2"
    assert (first.superseded_by, second.supersedes) == (second.id, first.id)
    assert first.stale_since is not None
    assert 10 <= (second.made_at - first.made_at).days <= 11
    assert (first.scene_count, second.scene_count) == (1, 2)
    assert periods([first]) == periods([second])
    before, after = world.request(first.id), world.request(second.id)
    assert after.message == before.message.replace(first.id, second.id)
    assert after.state.value == "VERIFIED"
    assert [one.request_id for one in world.history("berlin", "revised")] == [second.id]


def test_scenes_that_do_not_change_make_none_and_three_lists_are_asked_for(
    world: RegionWorld,
) -> None:
    monthly(world)
    listed(world, "2024-07-22T05:00", 775, "2024-07-23T04:00")  # of another period
    world.go_to(at("2024-07-01T02:00"))
    before = world.ee.calls["find_scenes"]
    world.days(29, 6 * HOUR)
    assert len(world.refreshes()) == 1
    assert world.ee.calls["find_scenes"] - before == 1 + 2
    world.days(3, 6 * HOUR)
    assert world.refreshes()[0].rechecked == 3
    assert world.refreshes()[0].stale_since is None


def test_a_stale_composite_of_a_region_at_rest_says_so_and_no_more(world: RegionWorld) -> None:
    from s1ratio.regions.moves import paused  # noqa: PLC0415
    from s1ratio.services.regions.commands import change_region  # noqa: PLC0415

    monthly(world)
    listed(world, "2024-06-22T05:00", 475, "2024-07-08T04:00")
    world.days(33, 6 * HOUR)
    now = world.clock.now()
    change_region(world.context(), "berlin", lambda record: paused(record, now, "me", ""))
    world.days(12, 6 * HOUR)
    (one,) = world.refreshes()
    assert one.stale_since is not None
    assert Why.NOT_ACTIVE in [each.why for each in world.history("berlin", "skipped")]


def test_fifty_regions_and_their_rechecks_are_one_list_of_scenes_each_fifty(
    world: RegionWorld,
) -> None:
    world.apply(*(fresh(id=f"r{n}") for n in range(50)))
    world.refresh()
    assert world.ee.calls["find_scenes"] == 1
    world.apply(*(fresh(id=f"s{n}") for n in range(25)))
    world.refresh()
    assert world.ee.calls["find_scenes"] == 2


@pytest.mark.parametrize("error", [ResourcesExceeded("too much"), ValueError("of another form")])
def test_a_region_whose_scenes_cannot_be_listed_holds_up_no_other(
    world: RegionWorld, error: Exception
) -> None:
    far = [100.0, 10.0, 100.1, 10.1]
    world.apply(fresh(), fresh(id="far", aoi={"bbox": far}))
    world.ee.objects_to = lambda asked: (
        error if any(one.area.unwrapped.bounds[0] > 90 for one in asked) else None
    )
    listed(world, "2024-06-03T05:00", 100, "2024-06-04T04:00")
    world.days(4, 3 * HOUR)
    assert [one.pass_name for one in world.refreshes()] == ["A100"]
    assert str(error) in (world.region("far").error or "")
    before = world.ee.calls["find_scenes"]
    world.refresh()
    assert world.ee.calls["find_scenes"] == before
    world.ee.objects_to = lambda _: None
    there = shapely.box(99.0, 9.0, 102.0, 12.0)
    listed(world, "2024-06-05T06:00", 131, "2024-06-06T04:00", footprint=there)
    world.days(2, 3 * HOUR)
    assert [one.pass_name for one in world.refreshes("far")] == ["A131"]
    assert world.region("far").error is None

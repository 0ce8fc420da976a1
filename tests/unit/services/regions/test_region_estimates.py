"""A budget knows what a request will cost by like ones of anybody, before a region has any."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from s1ratio.regions.states import Why
from s1ratio.services.regions.estimating import estimate_median
from tests.support.simulated import message
from tests.support.simulated.regions import BOX, RegionWorld, region_data

DAILY = {"cron": "0 3 * * *", "zone": "UTC"}
WEEK = {"kind": "last_days", "n": 12}


@pytest.fixture
def world(tmp_path: Path):
    made = RegionWorld(tmp_path)
    for number in range(6):  # somebody else's: 12.5 EECU-seconds for one orbit of a month
        name = f"e{number}"
        fields: dict[str, Any] = {"aoi": {"bbox": BOX}, "orbits": [58]}
        made.launch(message(request_id=name, start="2023-05-01", end="2023-05-13", **fields))
        made.until(partial(made.settled, name))
    yield made
    made.close()


def median(world: RegionWorld, **changes: Any) -> float | None:
    world.apply(region_data(schedule=DAILY, **{"period": WEEK, **changes}))
    return estimate_median(world.store, world.region())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"request": {"orbits": [58], "direction": "ASCENDING"}}, 12.5),
        ({"request": {"orbits": [58, 131], "direction": "ASCENDING"}}, 25.0),
        ({"request": {"orbits": [58], "direction": "BOTH"}}, None),
        ({"period": {"kind": "last_days", "n": 24}}, 50.0),
        ({"period": {"kind": "last_days", "n": 6}}, 12.5),
    ],
)
def test_the_first_request_is_judged_by_like_ones(
    world: RegionWorld, changes: dict[str, Any], expected: float | None
) -> None:
    found = median(world, **changes)
    assert found is not None
    if expected is not None:
        assert found == pytest.approx(expected, rel=0.3)


def test_orbits_that_are_not_named_are_those_over_the_area(world: RegionWorld) -> None:
    both = median(world, request={}) or 0.0
    assert both > 12.5 * 2


def test_without_like_ones_its_own_tell(world: RegionWorld) -> None:
    other = {"orbits": [58], "direction": "ASCENDING", "speckle": {"filter": "none"}}
    assert median(world, request=other) is None


def test_a_request_that_a_budget_has_no_room_for_is_never_made(world: RegionWorld) -> None:
    world.apply(region_data(schedule=DAILY, period=WEEK, budget={"eecu_seconds": 20}))
    world.days(3, timedelta(hours=6))
    assert world.refreshes() == []
    assert [one.why for one in world.history("berlin", "held")] == [Why.BUDGET]

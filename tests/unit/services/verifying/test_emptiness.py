"""Why nothing is in an export: by what its scenes see of the area, in words."""

import json
from typing import Any

import pytest

from s1ratio.errors import TookTooLong, TransientFault
from s1ratio.plan import OrbitPass, PlanLimits, View, make_plan
from s1ratio.request import CompositeRequest, Direction
from s1ratio.services.storing.requests import request_of
from s1ratio.services.verifying.emptiness import describe_absence, explain_empty
from s1ratio.task import TaskState
from tests.support.simulated import Outcome, World, message
from tests.support.simulated.starts import ONE
from tests.support.tasks import NOW

MASKED = "No valid (un-masked) pixels in export region."
AREA = [13.0, 52.0, 13.1, 52.1]
SPOT = [13.00001, 52.00001, 13.00004, 52.00004]
TALL = [13.0, 52.0, 13.02, 52.3]


def described(view: View | None, tiles: int = 1, pixels: float | None = None, **sent: Any) -> str:
    fields = {"aoi": {"bbox": AREA}, "start": "2024-01-01", "end": "2024-02-01"} | sent
    request = CompositeRequest.model_validate_json(json.dumps(fields))
    passes = (OrbitPass(131, Direction.ASCENDING),)
    whole = make_plan("r", request, passes, PlanLimits(), NOW).tasks[0].grid.pixels
    limits = PlanLimits(max_task_pixels=-(-whole // tiles))
    plan = make_plan("r", request, passes, limits, NOW).tasks[0]
    return describe_absence(request, plan, view, pixels)


@pytest.mark.parametrize(
    ("view", "sent", "words"),
    [
        (View(0, 0.0), {}, "no scene of orbit 131 ASCENDING meets the area from 2024-01-01 to"),
        (View(0, 0.0), {"aoi": {"bbox": SPOT}}, "no scene of orbit 131 ASCENDING"),
        (View(0, 0.0), {"platforms": ["C"]}, "no scene of orbit 131 ASCENDING meets the area from"),
        (View(3, 1.0, (40.0, 40.1)), {"aoi": {"bbox": SPOT}}, "the area is smaller than a pixel"),
        (None, {"aoi": {"bbox": SPOT}}, "the area is smaller than a pixel"),
        (View(3, 1.0, (40.0, 40.1)), {"pixels": 0.0}, "the area is smaller than a pixel"),
        (
            View(3, 1.0, (28.11, 29.97)),
            {},
            "it is seen at 28.11° to 29.97°, outside the angles that are kept, 30.64° to 45.24°",
        ),
        (View(3, 0.2, (45.3, 46.0)), {}, "it is seen at 45.30° to 46.00°, outside the angles"),
        (View(3, 1.0, (35.0, 39.9)), {"angle": "gt40"}, "it is seen at 35.00° to 39.90°, outside"),
        (View(3, 0.0003, (35.0, 36.0)), {}, "the passes see 0.03% of the area only"),
        (View(1, 0.0, None), {}, "the passes see 0.00% of the area only"),
        (View(3, 0.6, (35.0, 36.0)), {"tiles": 2}, "the passes see 60% of the whole area"),
        (
            View(3, 0.6, (35.0, 36.0)),
            {},
            "all is masked: VV or VH is not above 0 there; or",
        ),
        (View(3, 1.0, (45.0, 45.9)), {}, "all is masked: VV or VH is not above 0"),
        (View(3, 1.0, (20.0, 25.9)), {"angle": "none"}, "all is masked: VV or VH is not above 0"),
        (View(3, 1.0, (35.0, 36.0)), {"aoi": {"bbox": SPOT}, "clip": False}, "all is masked: VV"),
        (View(3, 1.0, (35.0, 36.0)), {"pixels": 0.0, "clip": False}, "all is masked: VV or VH"),
        (View(3, 1.0, (28.0, 29.0)), {"pixels": 0.0, "clip": False}, "it is seen at 28.00° to"),
        (None, {"aoi": {"bbox": SPOT}, "clip": False}, "no pixel has data; there is no scene"),
        (None, {}, "no pixel has data; there is no scene of that orbit, or all of it is masked"),
    ],
)
def test_an_absence_has_its_reason(view: View | None, sent: dict[str, Any], words: str) -> None:
    assert described(view, **sent).startswith(f"empty: {words}")


@pytest.mark.parametrize(
    ("sent", "orbit"),
    [
        ({"aoi": {"bbox": [36.7, 0.7, 36.9, 1.0]}}, "130 may be meant"),
        ({"aoi": {"bbox": [36.7, 0.7, 36.9, 1.0]}, "direction": "ASCENDING"}, "130 may be meant"),
        ({"aoi": {"bbox": [36.7, -5.9, 36.9, -5.8]}}, "130 may be meant"),
        ({"aoi": {"bbox": [36.7, 0.7, 36.9, 1.0]}, "preset": "notebook"}, None),
        ({"aoi": {"bbox": [36.7, 7.0, 36.9, 7.1]}}, None),
        ({}, None),
    ],
)
def test_an_orbit_without_scenes_near_the_equator_may_be_known_by_another_number(
    sent: dict[str, Any], orbit: str | None
) -> None:
    words = described(View(0, 0.0), orbits=[131], **sent)
    assert ("may be meant" in words) == (orbit is not None)
    assert (orbit or "") in words


@pytest.mark.parametrize(
    "outcome",
    [Outcome(has_data=False), Outcome(error=MASKED)],
)
def test_an_orbit_without_scenes_is_told_with_files_and_without(
    world: World, outcome: Outcome
) -> None:
    world.ee.found = ()
    world.ee.outcomes.append(outcome)
    world.launch(ONE)
    world.until(world.settled)
    assert world.task().state is TaskState.EMPTY
    assert world.task().result.notes[0].startswith("empty: no scene of orbit 131 ASCENDING")
    assert world.ee.calls["find_view"] == 1


def test_that_nobody_can_be_asked_keeps_no_task_from_its_end(world: World) -> None:
    world.ee.fail_next("find_view", TransientFault("Internal error."))
    world.ee.outcomes.append(Outcome(has_data=False))
    world.launch(ONE)
    world.until(world.settled)
    assert world.task().state is TaskState.EMPTY
    assert "there is no scene of that orbit, or all of it is masked" in world.task().result.notes[0]


def test_what_has_data_costs_no_question(world: World) -> None:
    world.launch(message())
    world.until(world.settled)
    assert world.ee.calls["find_view"] == 0


@pytest.mark.parametrize(("minutes", "asked"), [(5, 1), (30, 1), (90, 2), (60 * 24 * 30, 2)])
def test_what_is_seen_is_asked_anew_where_scenes_may_have_come_since(
    world: World, minutes: int, asked: int
) -> None:
    context, found = world.context(), world.ee.found
    world.launch(ONE)
    request = request_of(world.request())
    world.ee.found = ()
    assert "no scene of orbit 131" in explain_empty(context, request, world.task())
    world.ee.found = found
    world.clock.sleep(minutes * 60)
    later = explain_empty(context, request, world.task())
    assert world.ee.calls["find_view"] == asked
    assert ("no scene" in later) == (asked == 1)


@pytest.mark.parametrize(
    ("minutes", "asked", "told"), [(0, 1, False), (5, 1, False), (15, 2, True), (600, 2, True)]
)
def test_what_nobody_could_tell_is_not_asked_for_each_tile(
    world: World, minutes: int, asked: int, told: bool
) -> None:
    context = world.context()
    world.launch(ONE)
    request = request_of(world.request())
    world.ee.fail_next("find_view", TookTooLong("timed out"))
    assert "there is no scene of that orbit, or" in explain_empty(context, request, world.task())
    world.clock.sleep(minutes * 60)
    assert ("all is masked" in explain_empty(context, request, world.task())) == told
    assert world.ee.calls["find_view"] == asked

"""Launch: what becomes of a message, whatever the world does meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from s1ratio.errors import ErrorClass, StoreUnavailable, TransientFault
from s1ratio.records import RequestState
from s1ratio.summary import summarize
from s1ratio.task import TaskState, requeued
from tests.support.simulated import Breaker, World, message
from tests.support.simulated.starts import during_post


def test_a_message_becomes_one_operation_for_each_orbit(world: World) -> None:
    launched = world.launch()
    assert (launched.request_id, launched.state, launched.started) == (
        "r1",
        RequestState.ACCEPTED,
        2,
    )
    assert world.started() == ["r1-o058a-a1", "r1-o131a-a1"]
    assert world.states() == {"o058a": TaskState.SUBMITTED, "o131a": TaskState.SUBMITTED}
    assert world.task().run.operation == world.operations()[0].name


@pytest.mark.parametrize(
    ("ceiling", "asked", "taken"),
    [
        (None, 9999, 100),
        (None, 101, 100),
        (None, 100, 100),
        (None, 3, 3),
        (500, 400, 400),
        (0, 1, 0),
    ],
)
def test_a_message_is_given_the_highest_priority_that_is_allowed(
    ceiling: int | None, asked: int, taken: int, world: World
) -> None:
    if ceiling is not None:
        world.set(max_priority=ceiling)
    world.launch(message(priority=asked))
    assert world.request().priority == taken
    assert {task.place.priority for task in world.tasks()} == {taken}
    assert {operation.priority for operation in world.ee.current()} == {taken}


def test_a_request_from_before_it_had_a_priority_is_planned_all_the_same(world: World) -> None:
    world.ee.fail_next("find_passes", TransientFault("Internal error."))
    world.launch(message(orbits=None, priority=700))
    record = world.request()
    world.store.update_request(replace(record, priority=None), record.version)
    world.until(lambda: bool(world.tasks()))
    assert {task.place.priority for task in world.tasks()} == {100}


def test_the_same_message_again_starts_nothing_more(world: World) -> None:
    world.launch()
    again = world.launch()
    assert (again.request_id, again.started) == ("r1", 0)
    world.until(world.settled)
    assert world.launch().state is RequestState.VERIFIED
    assert world.ee.calls["start"] == 2


def test_deliveries_at_once_start_each_task_once(world: World) -> None:
    barrier = Barrier(4)

    def deliver(_: int) -> None:
        context = world.context()
        barrier.wait(10)
        world.launch(message(orbits=list(range(1, 9))), context)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(deliver, range(4)))
    assert len(world.ee.current()) == 8
    assert set(world.states().values()) == {TaskState.SUBMITTED}
    world.until(world.settled)
    world.assert_sound()
    assert world.ee.calls["start"] == 8


def test_without_an_id_the_message_is_its_own(world: World) -> None:
    first = world.launch(message(request_id=None))
    again = world.launch(b" " + message(request_id=None))
    assert first.request_id == again.request_id
    assert len(world.ee.current()) == 2


def test_another_message_under_a_known_id_is_rejected(world: World) -> None:
    world.launch()
    before = world.request(), world.tasks()
    launched = world.launch(message(end="2024-04-01"))
    assert launched.state is RequestState.REJECTED
    assert [fault.code for fault in launched.reasons] == ["request_id_conflict"]
    (rejection,) = world.store.find_rejections(10)
    assert rejection.reasons == launched.reasons
    assert b"2024-04-01" in rejection.payload.encode()
    assert (world.request(), world.tasks()) == before
    assert len(world.ee.current()) == 2


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{",
        b"[" * 100_000,
        message(end="2023-01-01"),
        message(aoi={"bbox": [0, 0, 1]}),
        message(colour="red"),
    ],
)
def test_an_invalid_message_is_recorded_and_raises_nothing(world: World, payload: bytes) -> None:
    launched = world.launch(payload)
    assert launched.state is RequestState.REJECTED
    assert launched.request_id is None
    (rejection,) = world.store.find_rejections(10)
    assert rejection.reasons == launched.reasons != ()
    assert rejection.message_id == "m1"
    assert rejection.expire_at == rejection.at + world.context().retention
    world.launch(payload)
    assert len(world.store.find_rejections(10)) == 1
    assert sum(world.ee.calls.values()) == 0


def test_a_plan_that_is_too_large_is_rejected_before_it_is_stored(world: World) -> None:
    world.set(max_tasks=1)
    launched = world.launch()
    assert [fault.code for fault in launched.reasons] == ["too_many_tasks"]
    assert world.store.get_request("r1") is None


def test_a_message_too_large_to_be_stored_is_rejected_not_delivered_for_ever(world: World) -> None:
    area = {
        "type": "Feature",
        "properties": {"note": "x" * 1_200_000},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[13, 52], [13.02, 52], [13.02, 52.02], [13, 52.02], [13, 52]]],
        },
    }
    launched = world.launch(message(aoi=area))
    assert launched.state is RequestState.REJECTED
    assert [fault.code for fault in launched.reasons] == ["too_large"]
    assert len(world.store.find_rejections(10)) == 1


def test_a_dead_store_sends_the_message_back(world: World) -> None:
    context = world.context(Breaker(at=1, error=StoreUnavailable))
    with pytest.raises(StoreUnavailable):
        world.launch(context=context)
    assert sum(world.ee.calls.values()) == 0
    assert world.launch().started == 2


def test_a_dead_earth_engine_does_not(world: World) -> None:
    world.ee.down = True
    launched = world.launch()
    assert (launched.state, launched.started) == (RequestState.ACCEPTED, 0)
    world.ticks(30)
    world.ee.down = False
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
    assert [task.run.attempt for task in world.tasks()] == [1, 1]
    world.assert_sound()


def test_nor_when_orbits_must_be_found(world: World) -> None:
    world.ee.down = True
    launched = world.launch(message(orbits=None))
    assert launched.state is RequestState.EXPANDING
    world.ticks(5 * 60)
    assert world.request().state is RequestState.EXPANDING
    world.ee.down = False
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_launch_starts_no_more_than_its_time_allows(world: World) -> None:
    world.set(launch_budget_s=90)
    world.ee.latency_s = 40
    launched = world.launch(message(orbits=list(range(1, 9))))
    assert launched.started == 3  # the third begins at 80 s
    world.ee.latency_s = 0
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED


def test_a_claim_that_is_lost_while_earth_engine_is_in_trouble_raises_nothing(
    world: World,
) -> None:
    """The operation of a lost claim is to be cancelled; the poller can do that, too."""

    def give_back(_: str) -> None:
        task = world.task()
        world.store.transition(
            task, requeued(task, world.clock.now(), ErrorClass.QUEUE, ""), task.version
        )

    during_post(world, give_back)
    world.ee.fail_next("cancel", TransientFault("Internal error."))
    launched = world.launch(message(orbits=[131]))
    assert launched.state is RequestState.ACCEPTED
    world.until(world.settled)
    assert world.request().state is RequestState.VERIFIED
    world.assert_sound()
    assert [op.state for op in world.operations()] == ["CANCELLED", "SUCCEEDED"]


def test_the_summary_says_what_of_an_area_was_left_out(world: World) -> None:
    square = [[14, -20], [14.1, -20], [14.1, -19.9], [14, -19.9], [14, -20]]
    area = {"type": "Polygon", "coordinates": [square]}
    features = [{"type": "Feature", "geometry": geometry} for geometry in (area, None)]
    world.launch(message(request_id="r1", aoi={"type": "FeatureCollection", "features": features}))
    told = summarize(world.request(), world.tasks(), "bucket")["notes"]
    assert told == ["aoi.features[1] has no geometry: left out"]


def test_the_summary_says_what_an_orbit_near_the_equator_is(world: World) -> None:
    kenya = {"bbox": [36.7, 0.7, 36.9, 1.0]}
    world.launch(message(request_id="r1", aoi=kenya, orbits=[57]))
    (told,) = summarize(world.request(), world.tasks(), "bucket")["notes"]
    assert "orbit 57 is made of slices of 57 and, north of the node, of 58" in told

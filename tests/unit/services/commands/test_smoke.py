"""The smoke test of a deployment: what it calls a success, and what it says of a failure."""

import json
from datetime import timedelta
from typing import Any

import pytest

from s1ratio.errors import PubSubUnavailable, StoreUnavailable, TerminalFault
from s1ratio.ports import Store
from s1ratio.records import RequestState
from s1ratio.request import read_message
from s1ratio.request.smoke_message import smoke_message
from s1ratio.services.commands.smoke import Smoked, smoke
from s1ratio.settings import Settings
from tests.support.simulated import Breaker, Outcome, World, broken
from tests.support.simulated.clock import BEGIN
from tests.support.simulated.pubsub import SimulatedTopic

LIMITS = Settings(project="p", bucket="b").limits(BEGIN.date())


class _Delivering(SimulatedTopic):
    """A topic whose messages reach the world at once, or never."""

    def __init__(self, world: World, delivers: bool = True) -> None:
        super().__init__()
        self._world, self._delivers = world, delivers

    def publish(self, data: bytes, attributes: Any) -> str:
        name = super().publish(data, attributes)
        if self._delivers:
            self._world.launch(data)
        return name


def run(
    world: World, topic: SimulatedTopic, ticking: bool = True, store: Store | None = None
) -> Smoked:
    def wait() -> None:
        if ticking:
            world.tick()
        else:
            world.clock.sleep(60)

    deadline = timedelta(minutes=45)
    seen = store or world.store
    return smoke(seen, topic, world.clock, "smoke-1", wait=wait, deadline=deadline)


def test_a_deployment_that_works_passes(world: World) -> None:
    found = run(world, _Delivering(world))
    assert found.passed
    assert (found.state, found.words) == (RequestState.VERIFIED, "")
    assert 0 < found.seconds < 45 * 60
    assert (
        found.eecu_seconds == sum(task.run.eecu_seconds or 0 for task in world.tasks("smoke-1")) > 0
    )


def test_a_message_that_nobody_takes_fails(world: World) -> None:
    found = run(world, _Delivering(world, delivers=False))
    assert not found.passed
    assert found.state is None
    assert "dead letters" in found.words


def test_a_poller_that_is_dead_fails(world: World) -> None:
    found = run(world, _Delivering(world), ticking=False)
    assert not found.passed
    assert "poll_tasks" in found.words


def test_a_rejection_fails_at_once_with_its_reasons(world: World) -> None:
    world.set(max_area_km2=0.1)
    found = run(world, _Delivering(world))
    assert found.state is RequestState.REJECTED
    assert "km²" in found.words
    assert found.seconds < 120


def test_an_end_that_is_no_success_fails_with_what_it_failed_of(world: World) -> None:
    world.ee.fail_next("start", *[TerminalFault("Permission denied.")] * 2)
    found = run(world, _Delivering(world))
    assert found.state in {RequestState.FAILED, RequestState.PARTIAL}
    assert "Permission denied." in found.words


@pytest.mark.parametrize(
    ("outcome", "sees"),
    [
        (Outcome(has_data=False), True),
        (Outcome(has_data=False), False),
        (Outcome(error="No valid (un-masked) pixels in export region."), True),
        (Outcome(error="No valid (un-masked) pixels in export region."), False),
    ],
)
def test_an_absence_fails_with_its_reason(world: World, outcome: Outcome, sees: bool) -> None:
    world.ee.outcomes.extend([outcome] * 2)
    message = read_message(json.dumps(smoke_message("smoke-1")), LIMITS).request
    assert message.orbits is None
    topic = _Delivering(world)
    publish = topic.publish

    def then_see_nothing(data: bytes, attributes: Any) -> str:
        name = publish(data, attributes)
        world.ee.found = world.ee.found if sees else ()
        return name

    topic.publish = then_see_nothing  # type: ignore[method-assign]
    found = run(world, topic)
    assert found.state is RequestState.EMPTY
    assert ("empty: all is masked" if sees else "empty: no scene of orbit") in found.words


def test_a_store_that_is_gone_for_a_while_is_asked_again(world: World) -> None:
    breaker = Breaker(at=2, error=StoreUnavailable)
    assert run(world, _Delivering(world), store=broken(world.store, breaker)).passed
    assert len(breaker.log) > 2


def test_a_topic_that_is_gone_raises(world: World) -> None:
    topic = _Delivering(world)
    topic.down = True
    with pytest.raises(PubSubUnavailable):
        run(world, topic)


@pytest.mark.parametrize("request_id", ["smoke-1", "smoke-ffffffffffff", "a"])
def test_its_message_is_tiny_and_keeps_the_rules(request_id: str) -> None:
    message = read_message(json.dumps(smoke_message(request_id)), LIMITS)
    assert message.request_id == request_id
    assert message.request.aoi.area_km2 < 1.5


def test_no_two_runs_ask_for_the_same_pixels() -> None:
    areas = {
        str(read_message(json.dumps(smoke_message(f"smoke-{n}")), LIMITS).request.aoi.geojson())
        for n in range(20)
    }
    assert len(areas) == 20

"""Random skies, kills and faults: every watch ends, and nothing is asked twice."""

import random
from collections import defaultdict
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.records import Kind
from s1ratio.alerts.watch import OPEN, WatchState
from s1ratio.records import RequestState
from tests.support.simulated.crash import Breaker, Crashed
from tests.support.simulated.operation import Outcome
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.watch_world import HALF, WatchWorld, opened_world, passes

DAYS = 24


@pytest.mark.parametrize("seed", range(8))
def test_every_watch_ends_and_no_request_is_made_twice(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a simulation
    with opened_world(tmp_path, T0 + timedelta(hours=1)) as world:
        world.see_passes(T0 - timedelta(days=40), T0)
        _draw_sky(world, draw)
        rule = world.store.get_definition(Kind.RULE, "flood")
        assert rule is not None
        world.define(Kind.RULE, {**rule.document, "follow": draw.choice(["first", 2, "all"])})
        world.say(samples.gdacs(samples.gdacs_event()))
        cancel_at = draw.choice([None, draw.uniform(1, 10)])
        for _ in range(DAYS * 4):
            world.clock.sleep(draw.uniform(3, 9) * 3600)
            if cancel_at is not None and world.clock.now() > T0 + timedelta(days=cancel_at):
                cancel_at = None
                lowered = {"alertscore": 0.5, "alertlevel": "Green"}
                event = samples.gdacs_event(**lowered, datemodified="2026-03-20T07:10:02")
                world.say(samples.gdacs(event))
            _tick(world, draw)
        world.ee.down = world.topic.down = False
        world.hours(30, every=3)
        _check(world)


def _draw_sky(world: WatchWorld, draw: random.Random) -> None:
    """Let passes be listed: soon, late, in part, or never."""
    for platform, orbit, at in passes(T0, T0 + timedelta(days=DAYS)):
        late = timedelta(hours=draw.choice([2, 3, 5, 30, 100]))
        kind = draw.choice(["whole", "whole", "never", "part", "parts"])
        if kind in {"part", "parts"}:
            world.see(at, at + late, platform=platform, orbit=orbit, box=HALF)
        if kind in {"whole", "parts"}:
            begin = at + timedelta(seconds=25) * (kind == "parts")
            more = timedelta(hours=draw.choice([4, 20, 50])) * (kind == "parts")
            world.see(begin, at + late + more, platform=platform, orbit=orbit)


def _tick(world: WatchWorld, draw: random.Random) -> None:
    """Run a tick that may be killed, or meet an Earth Engine or a topic that does not answer."""
    world.ee.down, world.topic.down = draw.random() < 0.1, draw.random() < 0.1
    if draw.random() < 0.1:
        world.ee.outcomes.append(Outcome(has_data=False))
    breaker = Breaker(draw.randint(1, 12), draw.random() < 0.5) if draw.random() < 0.3 else None
    with suppress(Crashed):
        world.watch(breaker)
    world.deliver()
    if not world.ee.down:
        world.tick(0)


def _check(world: WatchWorld) -> None:
    assert world.incident.state in {IncidentState.CLOSED, IncidentState.CANCELLED}
    every = world.store.find_watches_of(world.incident.id, 350)
    assert every
    assert [one.id for one in every if one.state in OPEN] == []
    assert all(one.reason or one.state is WatchState.DELIVERED for one in every)
    sent = defaultdict(set)
    for (data, _), message in zip(world.topic.messages, world.published, strict=True):
        sent[message["request_id"]].add(data)
    assert all(len(bytes_of) == 1 for bytes_of in sent.values()), "one id, one message"
    afters = [name for name in sent if name.endswith("-a")]
    assert len(afters) == len({name[:-2] for name in afters})
    for watch in every:
        if watch.state is WatchState.DELIVERED:
            pair = {one.id for one in watch.requests} | {watch.baseline or ""}
            found = world.store.get_requests(pair)
            assert {one.state for one in found.values()} == {RequestState.VERIFIED}
            assert len(found) == 2

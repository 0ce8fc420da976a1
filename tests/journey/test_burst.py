"""A burst of messages over a bad wire: each is accounted for, and the rate is printed."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from s1ratio.request import Limits, read_message
from tests.support.empty_function import empty_rate
from tests.support.emulated_cloud import Cloud, Hosts, open_cloud
from tests.support.faulty_earth_engine import FaultyEarthEngine, FaultyFront
from tests.support.message_accounting import account
from tests.support.minimal_message import little
from tests.support.scheduler_ticks import Ticker, ticking, until_ended

pytestmark = pytest.mark.emulators

FAULTS = 0.1
DEADLINE_S = 180.0


@dataclass(frozen=True)
class Burst:
    """Payloads in the order they are published, and what must come of them."""

    payloads: list[bytes]
    request_ids: list[str]
    invalid: list[str]

    @classmethod
    def of(cls, count: int, chance: random.Random) -> "Burst":
        """Return a burst of so many: 10 % are duplicates, 5 % invalid."""
        valid = [_valid(number) for number in range(count * 85 // 100)]
        ids = [read_message(_sent(message), Limits()).request_id for message in valid]
        invalid = [_invalid(number) for number in range(count // 20)]
        order = chance.sample([*valid, *invalid], len(valid) + len(invalid))
        for message in chance.sample(valid, count - len(order)):
            # Half of the duplicates come at once, while the first is at work.
            after = order.index(message) if chance.random() < 0.5 else chance.randrange(len(order))
            order.insert(after + 1, _shuffled(message, chance))
        return cls([*map(_sent, order)], ids, [json.dumps(message) for message in invalid])


def _sent(message: object) -> bytes:
    return json.dumps(message).encode()


def _valid(number: int) -> dict[str, Any]:
    """Every fourth has no id of its own: its digest is it. Every fifth leaves the orbits open."""
    message = little(f"b{number}", labels={"number": str(number)})
    if number % 4 == 0:
        del message["request_id"]
    if number % 5 == 0:
        del message["orbits"]
    return message


def _shuffled(message: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same message with its fields in another order."""
    return dict(chance.sample([*message.items()], len(message)))


def _invalid(number: int) -> object:
    kinds: list[object] = [
        little(f"bad{number}", orbits=[0]),
        little(f"bad{number}", colour="blue"),
        little(f"bad{number}", start="2023-06-01"),
        little(f"Bad {number}"),
        [number],
    ]
    return kinds[number % len(kinds)]


def _taken_in(cloud: Cloud, burst: Burst) -> float:
    """Publish a burst; return the seconds until every message was taken in."""
    began = time.monotonic()
    cloud.topic.publish(*burst.payloads)
    end = began + DEADLINE_S + 0.2 * len(burst.payloads)
    waiting = list(burst.request_ids)
    while waiting and time.monotonic() < end:
        found = cloud.store.get_request(waiting[-1])
        waiting = waiting[:-1] if found else waiting
        time.sleep(0 if found else 0.1)
    while len(cloud.store.find_rejections(2_000)) < len(burst.invalid) and time.monotonic() < end:
        time.sleep(0.1)
    assert waiting == [], f"{len(waiting)} messages were not taken in"
    return time.monotonic() - began


@pytest.mark.parametrize("count", [40, pytest.param(1_000, marks=pytest.mark.soak)])
def test_a_burst_over_a_bad_wire_is_accounted_for(
    count: int,
    seed: int,
    hosts: Hosts,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    burst = Burst.of(count, random.Random(seed))  # noqa: S311 - a replay, no secret
    empty = empty_rate(hosts, tmp_path, burst.payloads)
    front = FaultyFront(seed, FAULTS)
    with (
        open_cloud(hosts, tmp_path, front, hurried=True) as cloud,
        ticking(cloud) as ticker,
    ):
        began = time.monotonic()
        taken_in = _taken_in(cloud, burst)
        until_ended(cloud, burst.request_ids, DEADLINE_S + 0.3 * count)
        took = time.monotonic() - began
        found = account(cloud, burst.request_ids)
        rejected = sorted(rejection.payload for rejection in cloud.store.find_rejections(2_000))
        assert rejected == sorted(burst.invalid)
        assert cloud.topic.dead() == []
    _assert_it_was_hard(front.earth_engine, ticker)
    record_property(
        "figures",
        f"{count} messages: {found.requests} requests VERIFIED, {len(rejected)} rejected, "
        f"{count - found.requests - len(rejected)} duplicates; {front.earth_engine.told()}; "
        f"{found.operations} operations, {found.doubles} of them cancelled doubles; seed {seed}\n"
        f"taken in at {count / taken_in:.1f} messages/s, verified at {count / took:.1f}/s; "
        f"an empty function took in {empty:.1f}/s",
    )


def _assert_it_was_hard(earth_engine: FaultyEarthEngine, ticker: Ticker) -> None:
    """There were faults, some of what was done all the same; and no tick ended in an error."""
    assert earth_engine.dealt.total() > FAULTS / 3 * earth_engine.answers, earth_engine.told()
    assert any(kind.endswith("after") for kind in earth_engine.dealt), earth_engine.told()
    assert set(ticker.outcomes) == {"done"}, ticker.outcomes

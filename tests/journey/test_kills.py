"""Functions killed in the middle of their work: nothing is lost, and nothing is there twice."""

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.emulated_cloud import Cloud, Hosts, open_cloud
from tests.support.intercepting_servers import late, passing_on, serving
from tests.support.message_accounting import account, stored_requests
from tests.support.minimal_message import little
from tests.support.scheduler_ticks import ticking, until_ended

pytestmark = pytest.mark.emulators

BURST = 15  # messages before each kill: about a second of work
ANSWER_S = 0.2  # until Earth Engine's answer, when it has done as asked: many a kill comes between
LONGEST_S = 10.0  # from a burst to its kill
DEADLINE_S = 180.0  # from the last kill to the end of all
_FAR = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass
class Killer:
    """Publishes bursts and kills; `broken` counts the requests and starts left half done."""

    cloud: Cloud
    chance: random.Random
    published: list[str] = field(default_factory=list)
    broken: int = 0
    kills: int = 0
    of_poller: int = 0

    def strike(self, number: int) -> None:
        """Publish a burst, kill a function somewhere in the midst of it, and start it again."""
        names = [f"k{number}-{message}" for message in range(BURST)]
        before = stored_requests(self.cloud)
        self.cloud.topic.publish(*(json.dumps(little(name)).encode() for name in names))
        self.published += names
        self._await_some(before + self.chance.randrange(BURST))
        is_poller = number % 3 == 1
        victim = self.cloud.poll if is_poller else self.cloud.launch
        victim.kill()
        self.broken += self._half_done()
        self.kills += 1
        self.of_poller += is_poller
        victim.start()

    def _await_some(self, stored: int) -> None:
        """Wait until there are so many requests, and a moment longer."""
        end = time.monotonic() + LONGEST_S
        while stored_requests(self.cloud) < stored and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(self.chance.uniform(0.0, 0.1))

    def _half_done(self) -> int:
        store = self.cloud.store
        return len(store.find_expandable(_FAR, BURST)) + len(store.find_stale_starts(_FAR, BURST))


@contextmanager
def _slow(url: str) -> Iterator[str]:
    with serving(late(passing_on(url), ANSWER_S)) as recorder:
        yield recorder.url


@pytest.mark.parametrize("kills", [3, pytest.param(30, marks=pytest.mark.soak)])
def test_whenever_functions_are_killed_nothing_is_lost_and_nothing_is_twice(
    kills: int,
    hosts: Hosts,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    seed: int,
) -> None:
    with (
        open_cloud(hosts, tmp_path, _slow, hurried=True) as cloud,
        ticking(cloud) as ticker,
    ):
        killer = Killer(cloud, random.Random(seed))  # noqa: S311 - a replay, no secret
        for number in range(3 * kills):
            if number >= kills and killer.broken:
                break
            killer.strike(number)
        until_ended(cloud, killer.published, DEADLINE_S)
        found = account(cloud, killer.published)
        assert cloud.topic.dead() == []
    assert killer.broken > 0, "the kills came when there was nothing to break"
    assert set(ticker.outcomes) <= {"done", "broken", "nobody"}, ticker.outcomes
    record_property(
        "figures",
        f"{killer.kills} kills ({killer.of_poller} of the poller), {found.requests} messages, "
        f"nothing lost, nothing twice: {killer.broken} requests and starts were left half done, "
        f"{ticker.recovered} starts recovered, {ticker.outcomes['broken']} ticks broken off, "
        f"{found.operations} operations, {found.doubles} of them cancelled doubles; seed {seed}",
    )

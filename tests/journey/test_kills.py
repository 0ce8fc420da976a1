"""Functions killed in the middle of their work: nothing is lost, and nothing is there twice."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.accounts import account, stored_requests
from tests.support.cloud import Cloud, Hosts, open_cloud
from tests.support.little import little
from tests.support.ticker import ticking, until_ended

pytestmark = [pytest.mark.emulators, pytest.mark.xdist_group("journey")]

BURST = 15  # messages before each kill: about a second of work
LONGEST_S = 1.0  # from a burst to its kill
DEADLINE_S = 25.0  # from the last kill to the end of all
_FAR = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass
class Killer:
    """Publishes bursts and kills; `struck` counts the kills that left something unfinished."""

    cloud: Cloud
    chance: random.Random
    published: list[str] = field(default_factory=list)
    struck: int = 0
    of_poller: int = 0

    def strike(self, number: int) -> None:
        """Publish a burst, kill a function at some moment of it, and start it again."""
        names = [f"k{number}-{message}" for message in range(BURST)]
        self.cloud.topic.publish(*(json.dumps(little(name)).encode() for name in names))
        self.published += names
        time.sleep(self.chance.uniform(0.0, LONGEST_S))
        is_poller = self.chance.random() < 0.3
        victim = self.cloud.poll if is_poller else self.cloud.launch
        victim.kill()
        self.struck += self._is_unfinished()
        self.of_poller += is_poller
        victim.start()

    def _is_unfinished(self) -> bool:
        """Tell whether a message, a request or a start is half done."""
        store = self.cloud.store
        missing = len(self.published) - stored_requests(self.cloud)
        return bool(missing or store.expandable(_FAR, 1) or store.stale_starts(_FAR, 1))


@pytest.mark.parametrize("kills", [5, pytest.param(30, marks=pytest.mark.soak)])
def test_whenever_functions_are_killed_nothing_is_lost_and_nothing_is_twice(
    kills: int,
    hosts: Hosts,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    seed: int,
) -> None:
    with (
        open_cloud(hosts, tmp_path, hurried=True) as cloud,
        ticking(cloud) as ticker,
    ):
        killer = Killer(cloud, random.Random(seed))  # noqa: S311 - a replay, no secret
        for number in range(kills):
            killer.strike(number)
        until_ended(cloud, killer.published, DEADLINE_S)
        found = account(cloud, killer.published)
        assert cloud.topic.dead() == []
    assert killer.struck > kills / 2, "the kills came when there was nothing to break"
    assert set(ticker.outcomes) <= {"done", "broken", "nobody"}, ticker.outcomes
    record_property(
        "figures",
        f"{kills} kills ({killer.of_poller} of the poller, {killer.struck} with work left half "
        f"done), {found.requests} messages, nothing lost, nothing twice: {found.operations} "
        f"operations, {found.doubles} of them cancelled doubles, {ticker.recovered} starts "
        f"recovered; seed {seed}",
    )

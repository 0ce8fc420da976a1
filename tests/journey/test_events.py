"""Events: whoever is killed, a subscriber that drops repetitions sees every change exactly once."""

import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from google.cloud.pubsub_v1 import SubscriberClient

from s1ratio.events.kinds import EventKind
from s1ratio.records import Event
from tests.support.emulated_cloud import Cloud, Hosts, open_cloud
from tests.support.message_accounting import account, stored_requests
from tests.support.minimal_message import little
from tests.support.page_blocks import blocks_of
from tests.support.scheduler_ticks import ticking, until_ended
from tests.support.subscribers import (
    PAGE,
    SubscriberProcess,
    await_told,
    make_events_topic,
    told_once,
)

pytestmark = pytest.mark.emulators

DEADLINE_S = 180.0
_ENDS = {EventKind.REQUEST_ENDED, EventKind.TASK_ENDED}


class Raw:
    """A second subscription: all that was delivered, repetitions as well, in its order."""

    def __init__(self, project: str) -> None:
        self._path = f"projects/{project}/subscriptions/raw"
        self.ids: dict[str, list[str]] = defaultdict(list)

    def drain(self, ids: set[str]) -> None:
        """Take all there is, until these have come."""
        end = time.monotonic() + DEADLINE_S
        with SubscriberClient() as client:
            while ids - {name for names in self.ids.values() for name in names}:
                assert time.monotonic() < end
                asked = {"subscription": self._path, "max_messages": 1_000}
                got = client.pull(request=asked, timeout=30).received_messages
                for each in got:
                    self.ids[each.message.ordering_key].append(each.message.attributes["ce-id"])
                acks = [each.ack_id for each in got]
                if acks:
                    client.acknowledge(subscription=self._path, ack_ids=acks, timeout=30)


class Striker:
    """Publishes bursts and kills: a function, or the subscriber; `unsent` counts what was left."""

    def __init__(
        self, cloud: Cloud, subscriber: SubscriberProcess, chance: random.Random, size: int
    ) -> None:
        self.cloud, self.subscriber, self.chance, self.size = cloud, subscriber, chance, size
        self.published: list[str] = []
        self.unsent = 0

    def strike(self, number: int) -> None:
        """Publish a burst, and kill somewhere in the midst of it."""
        names = [f"e{number}-{message}" for message in range(self.size)]
        before = stored_requests(self.cloud)
        self.cloud.topic.publish(*(json.dumps(little(name)).encode() for name in names))
        self.published += names
        wanted, end = before + self.chance.randrange(self.size), time.monotonic() + 10
        while stored_requests(self.cloud) < wanted and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(self.chance.uniform(0.0, 0.1))
        victim = self.cloud.poll if number % 3 == 1 else self.cloud.launch
        victim.kill()
        self.unsent += bool(self.cloud.store.find_unsent_events(1))
        victim.start()
        if number % 2:
            self.subscriber.kill()
            self.subscriber.start()


@dataclass(frozen=True)
class Lived:
    """What a life came to: its requests, what was committed, and how many kills left events."""

    published: list[str]
    committed: list[Event]
    unsent: int

    @property
    def ids(self) -> set[str]:
        """The ids of all events."""
        return {event.id for event in self.committed}


def live(striker: Striker, kills: int) -> Lived:
    """Strike so often, and as long as no event was left unsent; return when all is told."""
    cloud, number = striker.cloud, 0
    while number < kills or (not striker.unsent and number < 3 * kills):
        striker.strike(number)
        number += 1
    until_ended(cloud, striker.published, DEADLINE_S + len(striker.published) * 0.3)
    account(cloud, striker.published)
    found = [each for name in striker.published for each in cloud.store.find_events_of(name)]
    lived = Lived(striker.published, found, striker.unsent)
    await_told(striker.subscriber, lived.ids, DEADLINE_S)
    assert cloud.store.find_unsent_events(1) == []
    return lived


@pytest.mark.parametrize("strikes", [(3, 6), pytest.param((40, 25), marks=pytest.mark.soak)])
def test_whoever_is_killed_every_change_is_told_exactly_once(
    strikes: tuple[int, int],
    hosts: Hosts,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    seed: int,
) -> None:
    topic = make_events_topic(hosts.project, "my-events", "raw")
    subscriber = SubscriberProcess("once.py", hosts.project, hosts.pubsub, tmp_path / "once")
    chance = random.Random(seed)  # noqa: S311 - a replay, no secret
    with (
        subscriber,
        open_cloud(hosts, tmp_path, hurried=True, events_topic=topic) as cloud,
        ticking(cloud),
    ):
        lived = live(Striker(cloud, subscriber, chance, strikes[1]), strikes[0])
    assert lived.unsent, "no kill came between a commit and its publication"
    told = told_once(subscriber.folder)
    assert {row[0] for row in told} == lived.ids
    ends = Counter(row[2] for row in told if row[1] in _ENDS)
    assert set(ends.values()) == {1}
    assert set(lived.published) <= set(ends)

    raw = Raw(hosts.project)
    raw.drain(lived.ids)
    for key in lived.published:
        first = list(dict.fromkeys(raw.ids[key]))
        assert first == [event.id for event in lived.committed if event.key == key], key
    repeated = sum(map(len, raw.ids.values())) - len(lived.ids)
    record_property(
        "figures",
        f"{len(lived.published)} requests, {lived.unsent} kills that left events unsent: "
        f"{len(lived.ids)} events each told once, and first in its order; {repeated} repetitions; "
        f"seed {seed}",
    )


def test_a_next_step_is_started_for_each_composite(hosts: Hosts, tmp_path: Path) -> None:
    """The emulator ignores filters, so the program sees all events: it acts on the right ones."""
    topic = make_events_topic(hosts.project, "my-composites")
    step = tmp_path / "step.py"
    step.write_text(
        "import sys\nwith open('steps.txt', 'a') as file:\n    print(sys.argv[1], file=file)\n",
        encoding="utf-8",
    )
    subscriber = SubscriberProcess(
        "next_step.py",
        hosts.project,
        hosts.pubsub,
        tmp_path / "next",
        (sys.executable, str(step)),
    )
    steps = subscriber.folder / "steps.txt"
    with (
        subscriber,
        open_cloud(hosts, tmp_path, hurried=True, events_topic=topic) as cloud,
        ticking(cloud),
    ):
        cloud.publish(little("good"))
        cloud.publish(little("bad", orbits=[0]))
        until_ended(cloud, ["good"], DEADLINE_S)
        [task] = cloud.store.find_tasks_of("good")
        end = time.monotonic() + 60
        while not steps.is_file() and time.monotonic() < end:
            subscriber.revive()
            time.sleep(0.2)
        time.sleep(1)  # for a step too many
    started = steps.read_text(encoding="utf-8").split()
    assert started == [f"gs://journey-bucket/{name}" for name in task.result.files]


def test_every_program_of_the_page_is_run() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert set(blocks_of(PAGE)) == {"once.py", "next_step.py"}
    assert text.count("```python") == 2

"""apply_commands killed between a command's record, what it does and its end: each is done once.

Over the genuine emulators: commands are published, pushed, and pushed again by Pub/Sub itself.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.commands.records import CommandRecord, CommandState
from s1ratio.records import RequestState
from s1ratio.regions.records import RegionRecord
from s1ratio.regions.states import RegionState
from s1ratio.task import TaskState
from tests.contract.records import NOW, a_request, a_task
from tests.support.emulated_cloud import DEPLOYMENT, Hosts, environment_of
from tests.support.function_process import FunctionProcess, deployed, running
from tests.support.push_topic import Topic, push_topic

pytestmark = pytest.mark.emulators

BURST = 8  # targets before each kill: two commands each
LONGEST_S = 20.0  # from a burst to its kill
DEADLINE_S = 120.0  # from the last kill to the end of all


@dataclass
class Killer:
    """Publishes bursts of commands and kills; `broken` were not ended when it did."""

    store: FirestoreStore
    topic: Topic
    function: FunctionProcess
    chance: random.Random
    published: list[str] = field(default_factory=list)
    broken: int = 0
    done_and_not_told: int = 0

    def strike(self, number: int) -> None:
        """Publish a burst, kill the function somewhere in the midst of it, and start it again."""
        names = [name for place in range(BURST) for name in self._aim(f"{number}x{place}")]
        self.published += names
        self._await(names, self.chance.randrange(1, len(names)))
        self.function.kill()
        left = [one for one in self.records(names) if not one.state.terminal]
        self.broken += len(left)
        self.done_and_not_told += sum(map(self._is_done, left))
        self.function.start()

    def records(self, names: list[str]) -> list[CommandRecord]:
        """Return those of these commands that are stored."""
        found = (self.store.get_command(name) for name in names)
        return [one for one in found if one is not None]

    def _aim(self, name: str) -> tuple[str, str]:
        """Make a region and a failed request, and publish a command on each; return their ids."""
        self.store.commit_regions([a_region(name)])
        self.store.create_request(
            a_request(f"q{name}", state=RequestState.FAILED, size=1, ended_at=NOW)
        )
        task = a_task(f"q{name}-o131a", state=TaskState.FAILED, ended_at=NOW)
        self.store.create_tasks([task])
        pause = {"id": f"p{name}", "command": "pause", "target": {"region": name}}
        retry = {"id": f"t{name}", "command": "retry", "target": {"request": f"q{name}"}}
        self.topic.publish(json.dumps(pause).encode(), json.dumps(retry).encode())
        return f"p{name}", f"t{name}"

    def _await(self, names: list[str], stored: int) -> None:
        end = time.monotonic() + LONGEST_S
        while len(self.records(names)) < stored and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(self.chance.uniform(0.0, 0.05))

    def _is_done(self, one: CommandRecord) -> bool:
        if one.target_kind == "region":
            region = self.store.get_region(one.target_id)
            return region is not None and one.id in region.commands
        task = self.store.get_task(f"{one.target_id}-o131a")
        return task is not None and one.id in task.origin.commands


def a_region(name: str) -> RegionRecord:
    """Return a region that is active."""
    day = date(2024, 5, 6)
    text = json.dumps({"id": name})
    return RegionRecord(name, text, RegionState.ACTIVE, NOW, NOW, NOW, NOW, day, NOW)


@contextmanager
def _killer(hosts: Hosts, folder: Path, seed: int) -> Iterator[Killer]:
    nowhere = "http://127.0.0.1:9"
    environment: dict[str, Any] = environment_of(hosts, nowhere, nowhere)
    function = FunctionProcess(deployed("apply_commands"), "apply_commands", environment, folder)
    with (
        running(function),
        push_topic(hosts.project, "commands", function.url) as topic,
        closing(firestore.Client(project=hosts.project, database="(default)")) as database,
    ):
        store = FirestoreStore(database, DEPLOYMENT)
        yield Killer(store, topic, function, random.Random(seed))  # noqa: S311 - a replay, no secret


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_whenever_it_is_killed_each_command_is_done_once(
    kills: int,
    hosts: Hosts,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    seed: int,
) -> None:
    with _killer(hosts, tmp_path, seed) as killer:
        for number in range(3 * kills):
            if number >= kills and killer.broken:
                break
            killer.strike(number)
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            found = killer.records(killer.published)
            if len(found) == len(killer.published) and all(one.state.terminal for one in found):
                break
            time.sleep(0.2)
        states = Counter(one.state for one in killer.records(killer.published))
        assert states == {CommandState.APPLIED: len(killer.published)}
        for name in killer.published:
            _check_once(killer.store, name)
        assert killer.topic.dead() == []
    assert killer.broken > 0, "the kills came when there was nothing to break"
    record_property(
        "figures",
        f"{len(killer.published)} commands, each done once: {killer.broken} were broken off by "
        f"kills, {killer.done_and_not_told} of them done and not told; seed {seed}",
    )


def _check_once(store: FirestoreStore, command: str) -> None:
    name = command[1:]
    if command.startswith("p"):
        moves = [one for one in store.find_history_of(name, 9) if one.kind == "state"]
        assert [(one.became, one.by) for one in moves] == [("PAUSED", f"command {command}")]
        region = store.get_region(name)
        assert region is not None
        assert region.commands == (command,)
        return
    task = store.get_task(f"q{name}-o131a")
    assert task is not None
    assert (task.state, task.run.attempt) == (TaskState.PLANNED, 2)
    assert task.origin.commands == (command,)
    assert task.place.not_before <= datetime.now(UTC)

"""The same message several times at once, as Pub/Sub may deliver it: one command, done once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from s1ratio.commands.records import CommandRecord, CommandState
from s1ratio.errors import Conflict
from tests.support.simulated.regions import RegionWorld, region_data
from tests.unit.services.applying.commanded_world import NAME, deliver, said

TWINS, ROUNDS = 6, 4


def _paused(world: RegionWorld) -> None:
    assert [one.became for one in world.history("berlin", "state")] == ["PAUSED"]


def _run(world: RegionWorld) -> None:
    assert len(world.history("berlin", "run")) == 1


def _cancelled(world: RegionWorld) -> None:
    assert world.request().commands == (NAME,)
    kinds = [one.kind for one in world.store.find_events_of("r1")]
    assert kinds.count("s1ratio.request.ended") == 1


def _raised(world: RegionWorld) -> None:
    assert {task.place.priority for task in world.tasks()} == {9_000}


LIVES: dict[str, tuple[bytes, Callable[[RegionWorld], None]]] = {
    "pause": (said("pause", region="berlin"), _paused),
    "run": (said("run", region="berlin"), _run),
    "cancel": (said("cancel"), _cancelled),
    "raise": (said("raise", priority=9_000), _raised),
}


def _deliver_at_once(world: RegionWorld, payload: bytes) -> list[CommandRecord | None]:
    contexts = [world.context() for _ in range(TWINS)]
    barrier = Barrier(TWINS)

    def come(place: int) -> CommandRecord | None:
        barrier.wait()
        try:
            return deliver(world, payload, contexts[place])
        except Conflict:  # sent back: it comes again
            return deliver(world, payload, contexts[place])

    with ThreadPoolExecutor(TWINS) as pool:
        return list(pool.map(come, range(TWINS)))


@pytest.mark.parametrize("name", LIVES)
def test_twins_do_it_once(name: str, tmp_path: Path) -> None:
    payload, check = LIVES[name]
    for number in range(ROUNDS):
        (tmp_path / str(number)).mkdir()
        world = RegionWorld(tmp_path / str(number), launch_budget_s=0)
        world.apply(region_data())
        world.launch()
        found = _deliver_at_once(world, payload)
        assert {one.state for one in found if one} == {CommandState.APPLIED}
        check(world)
        told = [one for one in world.store.find_events_of("r1") if NAME in one.id]
        assert len(told) <= 1
        world.close()

"""Every crash point: whatever call a process dies at, the rest is made good without hands.

Between a state, its event and the event's publication, too: each is told, in its order.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from google.cloud import firestore

from s1ratio.adapters.store.firestore import FirestoreStore
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.errors import StoreUnavailable, TransientFault
from s1ratio.ports import Store
from s1ratio.records import RequestState
from s1ratio.services.context import PollContext
from s1ratio.services.polling.poll import poll
from s1ratio.services.requesting.launch import launch
from s1ratio.task import TaskState
from tests.support.sample import one_of, sample
from tests.support.simulated import Breaker, Crashed, World, message
from tests.support.simulated.events import SimulatedEvents

PAYLOAD = message(orbits=None)
ALIKE = message(orbits=None, request_id="r2")
Process = Callable[[], PollContext]


def one_launch(_: World, process: Process) -> None:
    """A delivery."""
    launch(process(), PAYLOAD)


def polls_alone(world: World, process: Process) -> None:
    """Pollers up to the end, for a request that was stored and no more."""
    with suppress(Crashed):
        launch(world.context(Breaker(at=1, after=True)), PAYLOAD)
    _poll(world, process, 6)


def all_answers_lost(world: World, process: Process) -> None:
    """A delivery whose POSTs are taken though they seem to time out, then pollers."""
    world.ee.fail_after_next("start", *[TransientFault("timed out")] * 2)
    launch(process(), PAYLOAD)
    _poll(world, process, 6)


def _poll(world: World, process: Process, count: int) -> None:
    for _ in range(count):
        world.clock.sleep(60)
        poll(process())


def two_alike(world: World, process: Process) -> None:
    """Two requests for the same pixels: one exports them, the other waits for it."""
    launch(process(), PAYLOAD)
    launch(process(), ALIKE)
    _poll(world, process, 8)


LIVES = [one_launch, polls_alone, all_answers_lost, two_alike]
Life = Callable[[World, Process], None]
NewStore = Callable[[Path], Store]
Recorder = Callable[[str, object], None]
WRITES = frozenset(
    {
        "cancel",
        "create_accepted",
        "create_request",
        "create_tasks",
        "give_back",
        "identify",
        "mark_sent",
        "publish_keyed",
        "reject",
        "set_time_mark",
        "start",
        "take_lease",
        "transition",
        "update_request",
    }
)
ERRORS = [Crashed, StoreUnavailable, TransientFault]
PARTS = 4  # of the points of one life over Firestore, where each takes a second or two


class Trial:
    """A life in which one call breaks, and what comes after; its store is new and empty."""

    def __init__(self, folder: Path, store: NewStore, breaker: Breaker) -> None:
        self.breaker = breaker
        self.world = World(folder)
        self.world.close()
        self.world.store = store(folder / "trial.db")
        self.world.events = self.topic = SimulatedEvents()
        self.world.ee.run = self.world.ee.wait

    def live(self, life: Life) -> None:
        """Live up to the break, or to the end."""
        only_earth_engine = self.breaker.error is TransientFault

        def process() -> PollContext:
            return self.world.context(self.breaker, earth_engine_only=only_earth_engine)

        with suppress(Crashed, StoreUnavailable):
            life(self.world, process)

    def recover(self, *payloads: bytes) -> None:
        """Deliver again and poll on: all must come out as if nothing had happened."""
        for payload in payloads:
            self.world.launch(payload)
        names = ("r1", "r2")[: len(payloads)]
        self.world.until(lambda: all(map(self.world.settled, names)), limit=60, minutes=2)
        self.world.tick()  # sweeps what the last one left
        for name in names:
            self._check(name)
            self._check_events(name)
        assert self.world.store.find_unsent_events(1) == []

    def _check(self, name: str) -> None:
        world = self.world
        assert world.request(name).state is RequestState.VERIFIED
        assert world.states(name) == dict.fromkeys(["o058a", "o131a"], TaskState.VERIFIED)
        for task in world.tasks(name):
            assert task.run.attempt == 1
            survivors = [op.name for op in world.operations(task.id) if op.survives]
            assert (
                survivors == [task.run.operation] if task.result.same_as is None else not survivors
            )
        world.assert_sound(name)

    def _check_events(self, name: str) -> None:
        """Each change was told in its order, and was delivered first in the order of all."""
        world, committed = self.world, self.world.store.find_events_of(name)
        told = {name: world.request(name).sequence}
        told |= {task.id: task.sequence for task in world.tasks(name)}
        for record, sequence in told.items():
            numbers = [one.sequence for one in committed if one.subject == record]
            assert numbers == list(range(1, sequence + 1)), record
        delivered = [one["ce-id"] for key, one, _ in self.topic.delivered if key == name]
        first = dict.fromkeys(delivered)
        assert list(first) == [one.id for one in committed]


def calls_of(life: Life, folder: Path, store: NewStore, error: type[BaseException]) -> list[str]:
    """Return the calls of a life in which nothing breaks."""
    trial = Trial(folder, store, Breaker(error=error))
    trial.live(life)
    trial.world.close()
    return trial.breaker.log


# First, and in parts: a worker takes the next tests in advance, so that whichever are long and last
# would be one's alone while the other has nothing left.
@pytest.mark.soak
@pytest.mark.emulators
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("life", LIVES)
def test_every_crash_point_over_firestore(
    life: Life,
    error: type[BaseException],
    part: int,
    *,
    tmp_path: Path,
    firestore_stores: NewStore,
    record_property: Recorder,
) -> None:
    told = _every_point(life, error, tmp_path, firestore_stores, part=part)
    record_property("figures", f"Firestore, part {part + 1} of {PARTS}: {told}")


@one_of(17)
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("life", LIVES)
def test_every_crash_point_is_recovered_from(
    life: Life, error: type[BaseException], step: int, tmp_path: Path, record_property: Recorder
) -> None:
    told = _every_point(life, error, tmp_path, SqliteStore, step=step)
    record_property("figures", f"SQLite, one of {step}: {told}")


@pytest.mark.emulators
@pytest.mark.parametrize("life", LIVES)
def test_crash_points_over_firestore(
    life: Life, tmp_path: Path, firestore_stores: NewStore, record_property: Recorder
) -> None:
    told = _every_point(life, Crashed, tmp_path, firestore_stores, step=40)
    record_property("figures", f"Firestore, one of 40: {told}")


@pytest.fixture
def firestore_stores(
    firestore_emulator: str, project: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[NewStore]:
    """Return what makes empty stores in the emulator, each a deployment of its own."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    client = firestore.Client(project=project)
    numbers = count()
    yield lambda _: FirestoreStore(client, f"d{next(numbers)}")
    client.close()


def _points(calls: list[str], error: type[BaseException]) -> list[tuple[int, bool]]:
    """Return (n-th call, after it) of breaks that leave different worlds behind.

    To break before a call that only reads, or after it, is the same; and who dies, dies as well
    right after the last write.
    """
    after = [(at, True) for at, name in enumerate(calls, 1) if name in WRITES]
    if error is Crashed:
        return [(1, False), *after]
    return sorted(after + [(at, False) for at in range(1, len(calls) + 1)])


def _every_point(
    life: Life,
    error: type[BaseException],
    folder: Path,
    store: NewStore,
    *,
    step: int = 1,
    part: int | None = None,
) -> str:
    """Break a life at each point, some, or those of a part; return how many were recovered."""
    calls = calls_of(life, folder / "whole", store, error)
    assert {"find_passes", "start"} <= set(calls)
    points = sample(_points(calls, error), step)
    points = points if part is None else points[part::PARTS]
    recovered = 0
    for at, after in points:
        trial = Trial(folder / f"{at}-{after}", store, Breaker(at, after, error))
        try:
            trial.live(life)
            assert len(trial.breaker.log) >= at, "the break was never reached"
            trial.recover(*((PAYLOAD, ALIKE) if life is two_alike else (PAYLOAD,)))
        except AssertionError as trouble:
            when = "after" if after else "before"
            raise AssertionError(f"{when} call {at}, {calls[at - 1]}: {trouble}") from trouble
        finally:
            trial.world.close()
        recovered += 1
    return f"{life.__name__}, {error.__name__}: {len(points)} crash points, {recovered} recovered"

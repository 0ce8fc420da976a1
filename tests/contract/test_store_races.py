"""Many writers at once, as every store survives them: threads, and processes on one file."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.errors import Conflict
from s1ratio.ports import Store
from s1ratio.records import PixelClaim
from s1ratio.task import Claim, Task, TaskState
from tests.contract.conftest import StoreOpener
from tests.contract.records import NOW, a_request, a_task, an_event
from tests.support.task_fields import with_fields

ResultT = TypeVar("ResultT")

WRITERS = 8
DEADLINE_S = 60.0


def _each(job: Callable[..., ResultT], *columns: Sequence[object]) -> list[ResultT]:
    """Call `job` with each row of the columns in a thread of its own, all starting together."""
    rows = list(zip(*columns, strict=True))
    barrier = Barrier(len(rows))

    def run(row: tuple[object, ...]) -> ResultT:
        barrier.wait(DEADLINE_S)
        return job(*row)

    with ThreadPoolExecutor(len(rows)) as pool:
        return [done.result(DEADLINE_S) for done in [pool.submit(run, row) for row in rows]]


def _won(store: Store, task: Task, to: Task) -> bool:
    try:
        store.transition(task, to, task.version)
    except Conflict:
        return False
    return True


@pytest.fixture(params=["one store", "a store each"])
def writers(request: pytest.FixtureRequest, open_store: StoreOpener) -> list[Store]:
    """Return the stores of as many threads: one shared, or one for each."""
    one = open_store()
    return [one if request.param == "one store" else open_store() for _ in range(WRITERS)]


def test_one_of_many_claims_wins(writers: list[Store]) -> None:
    writers[0].create_tasks([a_task()])
    task = writers[0].get_task("r1-o131a")
    assert task is not None
    claims = [task.to(TaskState.STARTING, claim=Claim(f"w{n}")) for n in range(WRITERS)]
    won = _each(_won, writers, [task] * WRITERS, claims)
    assert won.count(True) == 1
    assert writers[0].get_task(task.id) == claims[won.index(True)]


def _started(store: Store, task: Task) -> bool:
    """Start a task with the claim on its pixels, which nobody has had."""
    claim = PixelClaim("d1", task.id, NOW)
    try:
        store.transition(task, task.to(TaskState.STARTING), task.version, claim=claim)
    except Conflict:
        return False
    return True


def test_of_many_starts_of_the_same_pixels_one_wins(writers: list[Store]) -> None:
    writers[0].create_tasks([a_task(f"r{number}-o131a") for number in range(WRITERS)])
    tasks = [writers[0].find_tasks_of(f"r{number}")[0] for number in range(WRITERS)]
    won = _each(_started, writers, tasks)
    assert won.count(True) == 1
    held = writers[0].get_pixel_claim("d1")
    assert held is not None
    assert held.task_id == tasks[won.index(True)].id
    states = [found.state for task in tasks if (found := writers[0].get_task(task.id))]
    assert states.count(TaskState.PLANNED) == WRITERS - 1


def test_one_of_many_equal_changes_wins(writers: list[Store]) -> None:
    writers[0].create_tasks([a_task()])
    task = writers[0].get_task("r1-o131a")
    assert task is not None
    same = task.to(TaskState.STARTING, claim=Claim("w"))
    won = _each(_won, writers, [task] * WRITERS, [same] * WRITERS)
    assert won.count(True) == 1


def test_one_of_many_requests_of_an_id_is_stored(writers: list[Store]) -> None:
    records = [a_request(digest=f"{n}" * 64) for n in range(WRITERS)]
    stored = _each(lambda store, record: store.create_request(record), writers, records)
    assert len({record.digest for record in stored}) == 1
    assert {record.version for record in stored} == {stored[0].version}


def test_tasks_created_by_several_at_once_all_exist(writers: list[Store]) -> None:
    every = [a_task(f"r-{number:03d}") for number in range(60)]
    shares = [every[number:] for number in range(WRITERS)]
    _each(lambda store, share: store.create_tasks(share), writers, shares)
    assert [task.id for task in writers[0].find_tasks_of("r")] == [task.id for task in every]


def _count_up(store: Store, task_id: str, rounds: int, name: str) -> None:
    done = 0
    while done < rounds:
        task = store.get_task(task_id)
        assert task is not None
        more = with_fields(task, start_number=task.claim.start_number + 1)
        try:
            store.transition(task, more, task.version, [an_event(f"{name}-{done}")])
        except Conflict:
            continue
        done += 1


def test_no_update_is_lost(writers: list[Store]) -> None:
    writers[0].create_tasks([a_task(start_number=0)])
    names = [f"w{number}" for number in range(WRITERS)]
    _each(lambda store, name: _count_up(store, "r1-o131a", 5, name), writers, names)
    task = writers[0].get_task("r1-o131a")
    assert task is not None
    assert task.claim.start_number == WRITERS * 5
    assert len(writers[0].find_events_of("r1")) == WRITERS * 5


def _process(path: Path, number: int) -> None:
    """Open the file, which may not be there yet, create the task and count it up."""
    with SqliteStore(path) as store:
        store.create_tasks([a_task(start_number=0), a_task(f"r1-{number}")])
        _count_up(store, "r1-o131a", 50, f"p{number}")


def test_processes_share_a_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "store.db"
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=spawn) as pool:
        jobs = [pool.submit(_process, path, number) for number in range(4)]
        for job in jobs:
            job.result(DEADLINE_S)
    with SqliteStore(path) as store:
        task = store.get_task("r1-o131a")
        assert task is not None
        assert task.claim.start_number == 200
        assert len(store.find_tasks_of("r1")) == 5
        assert len(store.find_events_of("r1")) == 200


def test_a_new_file_opened_by_many_at_once_is_opened_by_all(tmp_path: Path) -> None:
    for number in range(10):
        path = tmp_path / f"{number}.db"
        stores = _each(SqliteStore, [path] * WRITERS)
        _each(lambda store: store.create_tasks([a_task()]), stores)
        for store in stores:
            assert store.get_task("r1-o131a") == a_task()
            store.close()

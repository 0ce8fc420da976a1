"""What is slow to start is started once a run, whatever number of processes the run has."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pytest

Start = Callable[[Path], AbstractContextManager[str]]


@contextmanager
def once_a_run(folders: pytest.TempPathFactory, name: str, start: Start) -> Iterator[str]:
    """Give the address that `start` gives, in a folder that all processes of this run share.

    The first of them starts it, and ends it when no other uses it any more. Locks say who does:
    they fall with their process, however that ends.
    """
    folder = _of_the_run(folders) / name
    folder.mkdir(exist_ok=True)
    address = folder / "address"
    with (
        (folder / "door").open("w") as door,
        (folder / "users").open("w") as users,
        ExitStack() as mine,
    ):
        with _locked(door):
            fcntl.flock(users, fcntl.LOCK_SH)
            if not address.exists():
                address.write_text(mine.enter_context(start(folder)), encoding="utf-8")
                mine.callback(_await_the_last, door, users, address)
            host = address.read_text(encoding="utf-8")
        yield host


def _of_the_run(folders: pytest.TempPathFactory) -> Path:
    """Return the run's own folder: pytest-xdist gives each worker one inside it."""
    base = folders.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def _locked(file: IO[str]) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _await_the_last(door: IO[str], users: IO[str], address: Path) -> None:
    """Wait until nobody else uses it; who comes later starts another."""
    while True:
        with _locked(door):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                address.unlink()
                return
        time.sleep(0.1)

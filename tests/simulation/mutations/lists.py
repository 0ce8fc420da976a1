"""Faults in what is shown: the list, names, clocks, the bucket, and what another store made."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from s1ratio import task as tasks
from s1ratio.services.context import PollContext
from s1ratio.services.operations.listing import Listing
from s1ratio.task import Task
from tests.simulation.mutations.mutation import Mutation

_id_used = tasks.id_used


def _whole(name: str) -> str:
    return name


def _one_list(context: PollContext, task: Task, listing: Listing) -> Task | None:
    """One list after the grace is enough to tell that a start has no operation."""
    refused_at = task.claim.awaits_list
    if refused_at is None:
        return None
    early = refused_at + context.list_grace - listing.drawn_at
    later = context.clock.now() + early
    return tasks.put_off(task, later) if early > timedelta() else None


def _none(*_: object) -> None:
    return None


@contextmanager
def _without_grace() -> Iterator[None]:
    """The next list that does not show an operation is proof, however soon it is read."""

    def used(task: Task, told_at: datetime, _: datetime) -> Task:
        return _id_used(task, told_at, told_at)

    with (
        patch("s1ratio.task.id_used", used),
        patch("s1ratio.services.following.recover.look_again", _none),
    ):
        yield


@contextmanager
def _of_our_clock() -> Iterator[None]:
    """A start keeps the time of whoever claimed it, and files are compared with that."""

    def undated(task: Task, _: object) -> Task:
        return task

    with (
        patch("s1ratio.task.starts.dated", undated),
        patch("s1ratio.services.following.observe._dated", undated),
    ):
        yield


def _forget(task: Task) -> Task:
    """An operation of another store is reckoned with while a list shows it, and no longer."""
    return task


def _any(*_: object) -> bool:
    return True


LISTS = {
    "names of operations are compared whole": Mutation(
        lambda: patch("s1ratio.ports.earth_engine.operation_id", _whole), 9
    ),
    "no grace for a used id": Mutation(_without_grace, 9),
    "a single omission takes the next id": Mutation(
        lambda: patch("s1ratio.services.following.recover.look_again", _one_list), 19
    ),
    "the files' other writer is forgotten": Mutation(
        lambda: patch("s1ratio.task.twinned", _forget), 10040
    ),
    "files are judged by our own clock": Mutation(_of_our_clock, 9),
    "a missing file fails at once": Mutation(
        lambda: patch("s1ratio.services.verifying.verify_task._look_again", _none), 29
    ),
    "stores cancel each other's operations": Mutation(
        lambda: patch("s1ratio.services.following.observe.is_cancellable", _any), 11
    ),
}

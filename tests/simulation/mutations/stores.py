"""Faults around the store: writes, events, records that it refuses."""

from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

from s1ratio.adapters.store.base import Documents
from s1ratio.adapters.store.database import Write
from s1ratio.adapters.store.tasks import TaskDocuments
from s1ratio.errors import Conflict, RecordRefused
from s1ratio.services.waiting import isolation
from s1ratio.task import Task
from tests.simulation.mutations.mutation import Mutation

_transition, _commit = TaskDocuments.transition, Documents._commit


def _blind(store: TaskDocuments, task: Task, to: Task, _: Any, *more: Any, **named: Any) -> Task:
    current = store.get_task(task.id)
    return _transition(store, task, to, current.version if current else None, *more, **named)


def _silent(
    store: TaskDocuments, task: Task, to: Task, expected: Any, _: Any = (), **named: Any
) -> Task:
    return _transition(store, task, to, expected, (), **named)


def _blocked(
    documents: Documents, write: Write, events: Sequence[Any], *more: Write, **named: Any
) -> Any:
    """What is there already under an event's id keeps its record from being written."""
    if documents._database.get("events", [event.id for event in events]):
        raise Conflict("told already")
    return _commit(documents, write, events, *more, **named)


def _as_planned(start: Task) -> str | None:
    """What was planned alike is alike, whatever software POSTs it."""
    return start.pixels.digest


STORES = {
    "pixels of another graph are shared": Mutation(
        lambda: patch("s1ratio.services.starting.sharing._key_of", _as_planned)
    ),
    "writes without compare-and-set": Mutation(
        lambda: patch.object(TaskDocuments, "transition", _blind), 9
    ),
    "ends without events": Mutation(lambda: patch.object(TaskDocuments, "transition", _silent), 0),
    "a leftover event blocks an end": Mutation(
        lambda: patch.object(Documents, "_commit", _blocked), 29
    ),
    "a refused record stops the tick": Mutation(
        lambda: patch.object(isolation, "EVERYBODYS", (*isolation.EVERYBODYS, RecordRefused)), 27
    ),
}

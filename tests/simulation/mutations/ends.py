"""Faults in ends: what operations come to, what their files are, what a request may spend."""

from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

from s1ratio import task as tasks
from s1ratio.errors import EarthEngineFault, OutOfMemory, TransientFault
from s1ratio.ports import ObjectStore, Operation, StoredObject
from s1ratio.services.context import PollContext
from s1ratio.services.following import observe
from s1ratio.services.verifying import outputs
from s1ratio.services.verifying.verdict import Verdict
from s1ratio.task import Task, TaskState
from tests.simulation.mutations.mutation import Mutation

_succeeded = observe._MOVES["SUCCEEDED"]
_too_much = observe._too_much
_list_outputs = outputs.list_outputs


def _unseen(*_: Any) -> Verdict:
    return Verdict(TaskState.VERIFIED, ("unseen.tif",))


def _hopeful(message: str, _: int | None = None) -> EarthEngineFault:
    return TransientFault(message)


def _cancelled_all_the_same(context: PollContext, task: Task, operation: Operation) -> Task:
    if task.end.cancelling is not None:
        return tasks.cancelled(task, "cancelled")
    return _succeeded(context, task, operation)


def _but_for_memory(task: Task, operation: Operation) -> EarthEngineFault | None:
    fault = _too_much(task, operation)
    return None if isinstance(fault, OutOfMemory) else fault


class _NoFault(EarthEngineFault):
    """What no operation fails by."""


def _first_shard(task: Task, objects: ObjectStore) -> tuple[Sequence[StoredObject], int]:
    items, older = _list_outputs(task, objects)
    return items[:1], older


def _within(*_: Any) -> None:
    return None


ENDS = {
    "nobody opens the files": Mutation(
        lambda: patch("s1ratio.services.verifying.verdict.judge_outputs", _unseen), 79
    ),
    "every failure is retried": Mutation(
        lambda: patch("s1ratio.services.following.observe.fault_of", _hopeful), 5
    ),
    "a success after a cancel is not recorded": Mutation(
        lambda: patch.dict(observe._MOVES, {"SUCCEEDED": _cancelled_all_the_same}), 21
    ),
    "out of memory is never split": Mutation(
        lambda: patch("s1ratio.services.following.observe._too_much", _but_for_memory), 27
    ),
    "an empty export fails": Mutation(
        lambda: patch("s1ratio.services.following.observe.NothingExported", _NoFault), 28
    ),
    "one shard is enough": Mutation(
        lambda: patch("s1ratio.services.verifying.verdict.list_outputs", _first_shard), 9
    ),
    "the ceiling of EECU-seconds is ignored": Mutation(
        lambda: patch("s1ratio.services.requesting.settle._over_ceiling", _within), 32
    ),
}

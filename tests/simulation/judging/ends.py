"""Ends of tasks: each has one, for a reason that is to be seen in Earth Engine or was asked for."""

from collections.abc import Iterable, Iterator

from s1ratio.ports import operation_id
from s1ratio.services.following.observe import MAX_ATTEMPTS
from s1ratio.services.starting.refusals import MAX_REFUSALS
from s1ratio.task import Task, TaskState
from tests.simulation.fates.fated_operation import FatedOperation
from tests.simulation.fates.words import kind_of
from tests.simulation.judging.operations import operations_of
from tests.simulation.world.site import Site

_THERE = {TaskState.VERIFIED, TaskState.EMPTY}
_DEEPEST = 2
# Failures after which another attempt is due.
_AGAIN = {"transient", "refused", "quota", "memory"}


def judge_ends(site: Site) -> Iterator[str]:
    """Tell of tasks that have not ended, or not for a reason, or spent attempts on nothing."""
    judge = _Judge(site)
    for task in judge.tasks.values():
        yield from judge.task(task)


class _Judge:
    """The tasks of a site, and its operations."""

    def __init__(self, site: Site) -> None:
        self.site, self.tasks, self.made = site, site.tasks, operations_of(site)

    def task(self, task: Task) -> Iterator[str]:
        if not task.ended:
            yield f"{task.id} has not ended: {task.state} a{task.run.attempt}, {task.trouble.error}"
            return
        op = self._operation(task)
        if not self._is_justified(task, op):
            yield (
                f"{task.id} a{task.run.attempt} is {task.state} "
                f"({task.trouble.error_class}: {task.trouble.error}), "
                f"but {task.run.operation} is {op.state if op else None}, {op and op.result}"
            )
        wasted = self._wasted(task)
        if len(wasted) > self.site.witness.by_hand[task.id]:
            yield f"{task.id} wasted attempts {wasted} of {task.run.attempt}"

    def _operation(self, task: Task) -> FatedOperation | None:
        """Return the operation that a task names, if it is one of its present attempt.

        One of which only the files were found has no name: then that which wrote them.
        """
        own = self.made.get((task.id, task.run.attempt), [])
        if task.run.operation is None and task.state in _THERE:
            return next((op for op in reversed(own) if op.state == "SUCCEEDED"), None)
        name = operation_id(task.run.operation or "")
        return next((op for op in own if operation_id(op.name) == name), None)

    def _is_justified(self, task: Task, op: FatedOperation | None) -> bool:
        """Tell whether a task's end is what its operation, its parts or its leader came to."""
        if task.state is TaskState.FAILED and _failed_before(task, self.site):
            return True
        if task.family.parts:
            parts = [self.tasks[id_] for id_ in task.children]
            return all(part.ended for part in parts) and task.state is _merged(parts)
        if task.result.same_as:
            return task.state in _THERE and self._has_exported(self.tasks[task.result.same_as])
        if task.state is TaskState.CANCELLED:
            asked = self.site.was_cancelled(task.plan.request_id)
            if op is not None and op.state == "SUCCEEDED":
                # It has come to its end, and that is to be seen unless the operation is not.
                return op.was_away(self.site.around.clock.now())
            return asked or (op is not None and op.stopped_by_hand)
        return op is not None and (_by_operation(task, op) or self._has_twin(op))

    def _has_exported(self, leader: Task) -> bool:
        """Tell whether a task exported its pixels, in whichever attempt: it may be done again."""
        ours = [op for (id_, _), ops in self.made.items() if id_ == leader.id for op in ops]
        return leader.state in _THERE or any(op.state == "SUCCEEDED" for op in ours)

    def _has_twin(self, op: FatedOperation) -> bool:
        """Tell whether another store's operation wrote to the same place, or an earlier life's.

        Two stores under one name are told not to write to one bucket: nobody can help it.
        """
        shared = self.site.plot.kinds.neighbour == "store"
        ours = (op.origin.site, op.origin.life)
        return any(
            twin.object_name == op.object_name
            and (twin.origin.site, twin.origin.life) != ours
            and (shared or twin.origin.site == op.origin.site)
            for twin in self.site.around.ee.fated()
        )

    def _wasted(self, task: Task) -> list[int]:
        """Return the attempts after which no other one was due.

        That of memory is worth another one only as the first failure: the next time it is split.
        """
        wasted, failures, now = list[int](), 0, self.site.around.clock.now()
        for attempt in range(1, task.run.attempt):
            ops = self.made.get((task.id, attempt), [])
            kinds = {kind_of(op.result.error) for op in ops if op.state == "FAILED"} & _AGAIN
            away = any(op.was_away(now) for op in ops)
            if not (kinds or away) or (kinds == {"memory"} and failures and not away):
                wasted.append(attempt)
            # After one that did not fail a person has begun anew.
            failures = failures + (away or bool(kinds - {"quota"})) if kinds or away else 0
        return wasted


def _failed_before(task: Task, site: Site) -> bool:
    """Tell whether a task failed before it had an operation: its start or its record is refused."""
    refused = site.plot.kinds.refused
    if task.trouble.error_class == "unexpected":
        return refused is not None and task.id.startswith(refused.id)
    often = site.witness.refused[task.id] >= MAX_REFUSALS
    return task.trouble.error_class == "refused" and often


def _by_operation(task: Task, op: FatedOperation) -> bool:
    """Tell whether a task that was not cancelled ended as its operation did."""
    result, kind = op.result, kind_of(op.result.error)
    if task.state is TaskState.FAILED:
        return _may_fail(task, op)
    if op.state == "FAILED":
        return kind == "empty" and task.state is TaskState.EMPTY
    good = op.state == "SUCCEEDED" and not result.is_odd
    return good and result.has_data is (task.state is TaskState.VERIFIED)


def _may_fail(task: Task, op: FatedOperation) -> bool:
    """Tell whether a task may fail by the class that it names."""
    kind = kind_of(op.result.error) if op.state == "FAILED" else None
    spent, deepest = task.run.retries + 1 >= MAX_ATTEMPTS, task.family.depth >= _DEEPEST
    causes = {
        "verification": op.state == "SUCCEEDED" and op.result.is_odd,
        "terminal": kind == "terminal",
        "transient": kind == "transient" and spent,
        "refused": kind == "refused" and spent,
        "resources": kind in {"resources", "memory"} and deepest,
        "too_big": kind == "too_big" and deepest,
        "lost": op.fate.gone is not None and spent,
    }
    return causes.get(task.trouble.error_class or "", False)


def _merged(parts: Iterable[Task]) -> TaskState:
    states = {part.state for part in parts}
    if states <= _THERE:
        return TaskState.VERIFIED if TaskState.VERIFIED in states else TaskState.EMPTY
    return TaskState.FAILED if TaskState.FAILED in states else TaskState.CANCELLED

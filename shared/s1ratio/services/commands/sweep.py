"""Sweep: what is to be cancelled comes to its end, tick by tick, whatever state it is in.

A request's wish reaches its tasks here. What has no operation ends at once; a live operation is
asked to end, and what becomes of its task is what Earth Engine then says: a success that came
first stands. Starts under way are left to `services.following.recover`. All of it may be done
again.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from s1ratio import task as tasks
from s1ratio.errors import Conflict, EarthEngineFault, TransientFault
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.context import Context
from s1ratio.services.operations.cancellation import tell_refusal
from s1ratio.services.operations.late import expect_late
from s1ratio.services.storing.requests import written
from s1ratio.services.storing.tasks import moved_or_current
from s1ratio.services.waiting.admission import silent
from s1ratio.services.waiting.isolation import guarded
from s1ratio.task import Task, TaskState

_REQUESTS = 50  # records hold their areas
_PAGE = 500
_LIVE = (TaskState.SUBMITTED, TaskState.RUNNING)
AT_ONCE = (TaskState.PLANNED, TaskState.LOST)  # no operation of theirs is known
MOST = 3_000  # at once: what Earth Engine's queue holds


def sweep(
    context: Context, until: datetime, changed: set[str], troubles: list[str]
) -> Iterator[Task]:
    """Bring on all that is to be cancelled; yield the tasks that ended here.

    The ids of the requests concerned go into `changed`, unexpected errors into `troubles`. Raises
    EarthEngineFault where Earth Engine does not answer: the next sweep asks again.
    """
    for record in context.store.cancelling_requests(_REQUESTS):
        changed.add(record.id)
        with guarded(f"request {record.id}", troubles):
            yield from spread(context, record, until)
    live: list[Task] = []
    for task in context.store.cancelling_tasks(MOST):
        changed.add(task.plan.request_id)
        with guarded(f"task {task.id}", troubles):
            after = bring_on(context, task, task.end.cancelling or "cancelled")
            if after.ended:
                yield after
            elif after.state in _LIVE:
                live.append(after)
    if live and not silent(context):
        _ask(context, live, until)


def spread(context: Context, record: RequestRecord, until: datetime) -> list[Task]:
    """Let a request's wish reach its tasks; return those that ended. No Earth Engine."""
    why = record.cancelling or "cancelled"
    after = [
        ended_at_once(context, task, why)
        for state in AT_ONCE
        for task in _leaving(context, record.id, state, until)
    ]
    for state in _LIVE:
        for task in context.store.tasks_of_in(record.id, state, MOST):
            wanted(context, task, why)
    if record.state is RequestState.EXPANDING:
        _end_unexpanded(context, record)
    return [task for task in after if task.ended]


def bring_on(context: Context, task: Task, why: str) -> Task:
    """Bring on one task that is to be cancelled, without Earth Engine; return it as it stands.

    What can't end at once keeps the wish, for the next sweep; of a split task its parts do.
    """
    if task.state in AT_ONCE:
        return ended_at_once(context, task, why)
    after = wanted(context, task, why)
    if after.state is TaskState.SPLIT:
        for child in context.store.tasks(after.children).values():
            if not child.ended:
                bring_on(context, child, why)
    return after


def ended_at_once(context: Context, task: Task, why: str) -> Task:
    """Cancel a task that has no operation that is known; return it as it then stands."""
    if task.state is TaskState.LOST:
        expect_late(context)
    return moved_or_current(context, task, tasks.cancelled(task, why))


def wanted(context: Context, task: Task, why: str) -> Task:
    """Store with a task that it is to be cancelled; return it as it then stands.

    Of a start under way only this is changed, and it goes on; its operation is then cancelled.
    """
    if task.ended or task.end.cancelling is not None:
        return task
    return moved_or_current(context, task, replace(task, end=replace(task.end, cancelling=why)))


def _leaving(
    context: Context, request_id: str, state: TaskState, until: datetime
) -> Iterator[Task]:
    """Yield a request's tasks in a state, which each of them leaves; at least one page."""
    seen = set[str]()
    while True:
        page = context.store.tasks_of_in(request_id, state, _PAGE)
        fresh = [task for task in page if task.id not in seen]
        seen.update(task.id for task in fresh)
        yield from fresh
        if not fresh or len(page) < _PAGE or context.clock.now() >= until:
            return


def _end_unexpanded(context: Context, record: RequestRecord) -> None:
    """End a request whose tasks were not all made yet, once those that were have ended."""
    if all(task.ended for task in context.store.tasks_of(record.id)):
        with suppress(Conflict):  # somebody has expanded it: the next sweep sees how far
            written(context, record, replace(record, state=RequestState.CANCELLED))


def _ask(context: Context, live: list[Task], until: datetime) -> None:
    """Ask Earth Engine to end the operations of tasks; one that it refuses is asked again."""
    for task in live:
        if task.run.operation is None or context.clock.now() >= until:
            continue
        try:
            context.earth_engine.cancel(task.run.operation)
        except TransientFault:
            raise
        except EarthEngineFault as fault:
            tell_refusal(task.run.operation, fault)

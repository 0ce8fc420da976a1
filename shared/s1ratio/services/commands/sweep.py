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
from s1ratio.services.operations.late_operations import watch_late
from s1ratio.services.storing.requests import commit_request
from s1ratio.services.storing.tasks import commit_or_reload
from s1ratio.services.waiting.admission import in_outage
from s1ratio.services.waiting.fairness import in_another_order
from s1ratio.services.waiting.isolation import isolate_request, isolate_task
from s1ratio.task import Task, TaskState

_REQUESTS_PAGE = 50  # records hold their areas; reconciliation comes to the others
_PAGE = 500
_LIVE = (TaskState.SUBMITTED, TaskState.RUNNING)
WITHOUT_OPERATION = (TaskState.PLANNED, TaskState.LOST)  # no operation of theirs is known
TASKS_PAGE = 3_000  # at once: what Earth Engine's queue holds


def sweep(
    context: Context, until: datetime, changed: set[str], troubles: list[str]
) -> Iterator[Task]:
    """Bring on all that is to be cancelled; yield the tasks that ended here.

    The ids of the requests concerned go into `changed`, unexpected errors into `troubles`. Raises
    EarthEngineFault where Earth Engine does not answer: the next sweep asks again.
    """
    for record in context.store.find_cancelling_requests(_REQUESTS_PAGE):
        changed.add(record.id)
        with isolate_request(context, record.id, troubles):
            yield from cancel_request_tasks(context, record, until, troubles)
    live: list[Task] = []
    for task in context.store.find_cancelling_tasks(TASKS_PAGE):
        changed.add(task.plan.request_id)
        with isolate_task(context, task, troubles):
            after = advance_cancel(context, task, task.end.cancelling or "cancelled")
            if after.ended:
                yield after
            elif after.state in _LIVE:
                live.append(after)
    if live and not in_outage(context):
        _request_cancels(context, live, until)


def cancel_request_tasks(
    context: Context, record: RequestRecord, until: datetime, troubles: list[str]
) -> list[Task]:
    """Let a request's wish reach its tasks; return those that ended. No Earth Engine.

    An unexpected error over one task is added to `troubles`, and puts that one off.
    """
    why = record.cancelling or "cancelled"
    ended: list[Task] = []
    for state in WITHOUT_OPERATION:
        for task in _fetch_leaving(context, record.id, state, until):
            with isolate_task(context, task, troubles):
                after = cancel_now(context, task, why)
                ended += [after] if after.ended else []
    for state in _LIVE:
        for task in context.store.find_tasks_of_in(record.id, state, TASKS_PAGE):
            with isolate_task(context, task, troubles):
                flag_cancel(context, task, why)
    if record.state is RequestState.EXPANDING:
        _end_unexpanded(context, record)
    return ended


def advance_cancel(context: Context, task: Task, why: str) -> Task:
    """Bring on one task that is to be cancelled, without Earth Engine; return it as it stands.

    What can't end at once keeps the wish, for the next sweep; of a split task its parts do.
    """
    if task.state in WITHOUT_OPERATION:
        return cancel_now(context, task, why)
    after = flag_cancel(context, task, why)
    if after.state is TaskState.SPLIT:
        for child in context.store.get_tasks(after.children).values():
            if not child.ended:
                advance_cancel(context, child, why)
    return after


def cancel_now(context: Context, task: Task, why: str) -> Task:
    """Cancel a task that has no operation that is known; return it as it then stands."""
    if task.state is TaskState.LOST:
        watch_late(context)
    return commit_or_reload(context, task, tasks.cancelled(task, why))


def flag_cancel(context: Context, task: Task, why: str) -> Task:
    """Store with a task that it is to be cancelled; return it as it then stands.

    Of a start under way only this is changed, and it goes on; its operation is then cancelled.
    """
    if task.ended or task.end.cancelling is not None:
        return task
    return commit_or_reload(context, task, replace(task, end=replace(task.end, cancelling=why)))


def _fetch_leaving(
    context: Context, request_id: str, state: TaskState, until: datetime
) -> Iterator[Task]:
    """Yield a request's tasks in a state, which each of them leaves; at least one page."""
    seen = set[str]()
    while True:
        page = context.store.find_tasks_of_in(request_id, state, _PAGE)
        fresh = [task for task in page if task.id not in seen]
        seen.update(task.id for task in fresh)
        yield from fresh
        if not fresh or len(page) < _PAGE or context.clock.now() >= until:
            return


def _end_unexpanded(context: Context, record: RequestRecord) -> None:
    """End a request whose tasks were not all made yet, once those that were have ended."""
    if all(task.ended for task in context.store.find_tasks_of(record.id)):
        with suppress(Conflict):  # somebody has expanded it: the next sweep sees how far
            commit_request(context, record, replace(record, state=RequestState.CANCELLED))


def _request_cancels(context: Context, live: list[Task], until: datetime) -> None:
    """Ask Earth Engine to end the operations of tasks; one that it refuses is asked again."""
    for task in in_another_order(live, context.clock.now()):
        if task.run.operation is None or context.clock.now() >= until:
            continue
        try:
            context.earth_engine.cancel(task.run.operation)
        except TransientFault:
            raise
        except EarthEngineFault as fault:
            tell_refusal(task.run.operation, fault)

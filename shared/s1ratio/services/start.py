"""Start: one surviving operation for each attempt, whatever breaks in between.

Claim by compare-and-set, one POST under a deterministic request id, compare-and-set again. A
start that broke leaves the task STARTING; `services.recover` goes on after its lease.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from s1ratio import task as tasks
from s1ratio.errors import (
    Conflict,
    EarthEngineFault,
    QueueFull,
    QuotaExceeded,
    RequestIdUsed,
    TransientFault,
)
from s1ratio.records import RequestState
from s1ratio.request import CompositeRequest
from s1ratio.services.backoff import QUEUE_PAUSE, QUOTA_PAUSE, pause
from s1ratio.services.context import Context, request_of
from s1ratio.services.move import moved, moved_or_current
from s1ratio.services.split import is_too_much, split_or_current
from s1ratio.services.stop import stopped
from s1ratio.services.trouble import isolated
from s1ratio.task import Task, TaskState


@dataclass
class StartReport:
    """What a run of starts came to; `refused`: a full queue or a used up quota ended it.

    `requests` are those whose tasks it touched; `troubles` are unexpected errors, in words.
    """

    started: int = 0
    put_back: int = 0
    broken: int = 0
    failed: int = 0
    split: int = 0
    refused: bool = False
    requests: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)


def start_all(context: Context, due: Iterable[Task], until: datetime) -> StartReport:
    """Start planned tasks in turn, until the time is over or no more are taken."""
    report = StartReport()
    requests = Requests(context)
    for task in due:
        if context.clock.now() >= until or report.refused:
            break
        report.requests.add(task.plan.request_id)
        with isolated(context, task, report.troubles):
            why = requests.cancelling(task)
            if why is not None:
                moved_or_current(context, task, tasks.cancelled(task, why))
                continue
            started = start(context, requests.of(task), task)
            if started is not None:
                _count(report, started)
    return report


def start(context: Context, request: CompositeRequest, task: Task) -> Task | None:
    """Start one planned task; return it as it then stands, or None if another worker has it."""
    now = context.clock.now()
    claim = tasks.starting(task, context.owner, now, context.lease, context.settings.deployment)
    try:
        claim = moved(context, task, claim)
    except Conflict:
        return None
    return post(context, request, claim)


def post(context: Context, request: CompositeRequest, claim: Task, first: bool = True) -> Task:
    """Make the one POST of a claim and store what came of it.

    `first` says that no POST of the attempt came before whose fate is unknown.
    """
    text = tasks.description(context.settings.deployment, claim)
    try:
        operation = context.earth_engine.start(request, claim, text)
    except EarthEngineFault as fault:
        if is_too_much(fault):
            return split_or_current(context, claim, fault)
        return moved_or_current(context, claim, _after_fault(context, claim, fault, first))
    return record(context, claim, operation)


def record(context: Context, claim: Task, operation: str) -> Task:
    """Store the operation of a claim; if the claim was lost meanwhile, cancel the operation.

    A store that can't be reached raises: the operation is found again by its description.
    """
    try:
        return moved(context, claim, tasks.submitted(claim, operation))
    except Conflict:
        current = context.store.task(claim.id) or claim
    if current.state is TaskState.STARTING and current.ee_request_id == claim.ee_request_id:
        # Taken over under the same id, which has no other operation: cancelling it would leave
        # whoever took over with a cancelled one.
        return record(context, current, operation)
    if current.operation != operation:
        stopped(context, operation)
    return current


def _after_fault(context: Context, claim: Task, fault: EarthEngineFault, first: bool) -> Task:
    """Return the task after a POST that was refused, or of which nothing is known."""
    now = context.clock.now()
    for kind, wait in ((QueueFull, QUEUE_PAUSE), (QuotaExceeded, QUOTA_PAUSE)):
        if isinstance(fault, kind):
            move = tasks.put_back if first else tasks.held
            return move(claim, now + wait, fault.error_class, str(fault))
    if isinstance(fault, RequestIdUsed):
        grace = timedelta(seconds=context.settings.list_grace_s)
        return tasks.id_used(claim, now, now + grace)
    if isinstance(fault, TransientFault):
        # It may have taken effect: untouched until the lease is over, at the least.
        later = now + pause(claim.tries + 1, claim.id)
        return tasks.postponed(claim, later, fault.error_class, str(fault))
    return tasks.failed(claim, fault.error_class, str(fault))


def _count(report: StartReport, task: Task) -> None:
    if task.state is TaskState.PLANNED:
        report.put_back += 1
        report.refused = True
    elif task.state is TaskState.STARTING:
        report.broken += 1
    elif task.state is TaskState.FAILED:
        report.failed += 1
    elif task.state is TaskState.SPLIT:
        report.split += 1
    else:
        report.started += 1


class Requests:
    """The requests of tasks; each is read from the store once, as long as there are few."""

    _MOST = 50

    def __init__(self, context: Context) -> None:
        self._read: Callable[[str], _Known] = lambda key: _read(context, key)
        self._known: dict[str, _Known] = {}

    def of(self, task: Task) -> CompositeRequest:
        """Return the request that a task belongs to."""
        return self._of(task).request

    def cancelling(self, task: Task) -> str | None:
        """Return why a task is not to be started any more, by itself or with its request."""
        return task.cancelling or self._of(task).cancelling

    def _of(self, task: Task) -> "_Known":
        key = task.plan.request_id
        if key not in self._known:
            if len(self._known) >= self._MOST:  # areas may be large
                self._known.clear()
            self._known[key] = self._read(key)
        return self._known[key]


@dataclass(frozen=True)
class _Known:
    request: CompositeRequest
    cancelling: str | None


def _read(context: Context, request_id: str) -> _Known:
    record_ = context.store.request(request_id)
    if record_ is None:
        raise LookupError(f"request {request_id} has tasks but no record in the store")
    why = record_.error or "cancelled" if record_.state is RequestState.CANCELLED else None
    return _Known(request_of(record_), record_.cancelling or why)

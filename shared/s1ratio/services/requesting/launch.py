"""Launch: one message becomes a stored request, its tasks, and as many starts as time allows.

Once the request is stored, Earth Engine's troubles never send the message back: the poller goes
on where this stopped. Only a store that can't be reached raises.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.logevents import REQUEST_LAUNCHED, tell
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.context import Context
from s1ratio.services.publishing.publish import publish_committed
from s1ratio.services.requesting.expand import expand
from s1ratio.services.requesting.reject import reject
from s1ratio.services.requesting.take_in import Taken, take_in
from s1ratio.services.starting.batch import start_all
from s1ratio.services.starting.request_cache import RequestCache
from s1ratio.services.waiting.admission import find_room
from s1ratio.services.waiting.fairness import may_go_first
from s1ratio.services.waiting.isolation import log_unexpected
from s1ratio.task import TaskState

_LOG = logging.getLogger(__name__)
_UNKNOWN_STARTS = 10_000  # so many that room is asked for


@dataclass(frozen=True)
class Launched:
    """What became of a message: the request's id and state, how many starts, why rejected."""

    request_id: str | None
    state: RequestState
    started: int = 0
    reasons: tuple[Fault, ...] = ()


def launch(context: Context, payload: bytes, message_id: str | None = None) -> Launched:
    """Take a message in; the same message again changes nothing and goes on where it stands."""
    launched = _launch(context, payload, message_id)
    publish_committed(context)
    return launched


def _launch(context: Context, payload: bytes, message_id: str | None) -> Launched:
    try:
        taken = take_in(context, payload)
    except InvalidRequest as error:
        reject(context, payload, error.faults, message_id)
        return Launched(None, RequestState.REJECTED, reasons=error.faults)
    until = context.clock.now() + timedelta(seconds=context.settings.launch_budget_s)
    record = expand(context, taken.record)
    started = 0
    if record.state is RequestState.ACCEPTED:
        with log_unexpected(f"starting request {record.id}", []):  # the poller starts it then
            started = _start(context, replace(taken, record=record), until)
    fields = {"state": record.state.value, "started": started, "pubsub_message": message_id}
    tell(_LOG, REQUEST_LAUNCHED, request=record.id, **fields, **_why(record))
    return Launched(record.id, record.state, started, record.reasons)


def _why(record: RequestRecord) -> dict[str, object]:
    reasons = [str(reason) for reason in record.reasons]
    return {"error": record.error, "reasons": reasons or None}


def _start(context: Context, taken: Taken, until: datetime) -> int:
    """Start what is due of a request, if there is room and nobody has long been waiting for it.

    Return how many starts Earth Engine took. What is left is the poller's.
    """
    report = _start_due(context, taken, until)
    if report is None or report.started < report.due:
        context.launches.forget()
    return report.started if report is not None else 0


def _start_due(context: Context, taken: Taken, until: datetime) -> "_Started | None":
    now, record = context.clock.now(), taken.record
    if now >= until:
        return None
    # Room is counted, who waits is read: in a storm, which leaves no room, nobody is read.
    room = find_room(context, len(taken.tasks or ()) or _UNKNOWN_STARTS)
    if room <= 0 or not may_go_first(context, record.id, record.priority or 0, taken.head):
        return None
    known = RequestCache(context)
    if taken.request is not None:
        known.remember(record, taken.request)
    every = taken.tasks if taken.tasks is not None else context.store.find_tasks_of(record.id)
    due = [
        task for task in every if task.state is TaskState.PLANNED and task.place.not_before <= now
    ]
    due.sort(key=lambda task: task.place.turn)
    report = start_all(context, due, until, room, whole_line=False, known=known)
    return _Started(report.started, len(due))


@dataclass(frozen=True)
class _Started:
    """How many starts were taken, of how many tasks that were due."""

    started: int
    due: int

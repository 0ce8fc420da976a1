"""Admission: how many tasks may be started now, and what holds the others back.

Earth Engine's own answer decides. A full queue, a used up quota, or no answer at all hold up every
start of the deployment until a time that is stored; our counts only keep a distance from the
queue's end, and are a ceiling on what a day may cost.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from s1ratio.errors import (
    AccessRefused,
    EarthEngineFault,
    ErrorClass,
    QuotaExceeded,
    TransientFault,
)
from s1ratio.logevents import STARTS_HELD, tell
from s1ratio.services.context import Context
from s1ratio.services.storing.tasks import commit_or_reload
from s1ratio.services.waiting.backoff import after_reset
from s1ratio.services.waiting.clocks import judge_time_mark
from s1ratio.services.waiting.isolation import isolate_task
from s1ratio.task import Task
from s1ratio.time_marks import TimeMark

_LOG = logging.getLogger(__name__)

# How long an Earth Engine that is silent, or refuses everybody, is not asked to start anything.
OUTAGE_PAUSE = timedelta(minutes=5)

# A full queue has room again soon; these may last.
_ANNOTATED = frozenset(
    {ErrorClass.CEILING, ErrorClass.OUTAGE, ErrorClass.QUOTA, ErrorClass.REFUSED}
)
# What holds up starts, what lasts longest first.
_HOLDS = (ErrorClass.QUOTA, ErrorClass.OUTAGE, ErrorClass.REFUSED, ErrorClass.QUEUE)
_WORDS = {
    ErrorClass.QUEUE: "Earth Engine's queue is full",
    ErrorClass.QUOTA: "Earth Engine's quota is used up",
    ErrorClass.OUTAGE: "Earth Engine does not answer",
    ErrorClass.REFUSED: "Earth Engine refuses what it is asked",
}


@dataclass(frozen=True)
class Admitted:
    """How many tasks may be started; none while something holds them: its class, and words."""

    room: int
    held: ErrorClass | None = None
    why: str | None = None


def admit(context: Context) -> Admitted:
    """Return what may be started now: asked once for a run of starts."""
    marks = context.store.get_time_marks(map(_mark, _HOLDS))
    for reason in _HOLDS:
        until = _standing(context, reason, marks.get(_mark(reason)))
        if until is not None:
            return Admitted(0, reason, f"{_WORDS[reason]}: no start before {_clock_time(until)}")
    settings, midnight = context.settings, _midnight(context.clock.now())
    today = settings.max_tasks_day - context.store.count_started(midnight)
    if today <= 0:
        reopens = _clock_time(midnight + timedelta(days=1))
        words = f"{settings.max_tasks_day} tasks were started today, the most a day may have"
        tell(_LOG, STARTS_HELD, error_class=ErrorClass.CEILING, until=reopens, error=words)
        return Admitted(0, ErrorClass.CEILING, f"{words}: no start before {reopens}")
    return Admitted(max(0, min(today, settings.max_active - context.store.count_active())))


def find_room(context: Context, starts: int) -> int:
    """Return how many tasks may be started now, for a launch of so many; see `launch_memory`."""
    now = context.clock.now()
    if context.launches.take_room(starts, now):
        return starts
    room = admit(context).room
    context.launches.renew_room(room, now)
    return room


def hold(context: Context, fault: EarthEngineFault, at: datetime | None = None) -> datetime:
    """Hold up all starts because of a full queue or a used up quota; return until when.

    A quota is asked after once a day, when it resets. `at` is when the fault was told, by default
    now: a quota that has been reset since then holds nothing up.
    """
    settings, told_at = context.settings, at or context.clock.now()
    if isinstance(fault, QuotaExceeded):
        until = after_reset(told_at, settings.quota_reset_hour, settings.deployment)
    else:
        until = told_at + timedelta(seconds=settings.queue_pause_s)
    if until > context.clock.now():
        _hold(context, fault.error_class, until, str(fault))
    return until


def annotate_queue(
    context: Context, line: Iterable[Task], admitted: Admitted, troubles: list[str]
) -> None:
    """Say with the first task of each request in line what holds it; once for each reason.

    An unexpected error over one of them is added to `troubles`, and puts that one off.
    """
    if admitted.held not in _ANNOTATED:
        return
    first: dict[str, Task] = {}
    for task in line:
        first.setdefault(task.plan.request_id, task)
    for task in first.values():
        if task.trouble.error_class != admitted.held:
            after = task.to(task.state, trouble=task.trouble.because(admitted.held, admitted.why))
            with isolate_task(context, task, troubles):
                commit_or_reload(context, task, after)


def was_held_since(context: Context, reason: ErrorClass, since: datetime) -> bool:
    """Tell whether something held up starts at any time after `since`."""
    until = context.store.get_time_mark(_mark(reason))
    return until is not None and until > since


def in_outage(context: Context) -> bool:
    """Tell whether Earth Engine did not answer a short while ago: asking again is no use yet."""
    return _find_hold(context, ErrorClass.OUTAGE) is not None


def is_refusing(context: Context) -> bool:
    """Tell whether Earth Engine refused everybody a short while ago."""
    return _find_hold(context, ErrorClass.REFUSED) is not None


def hold_all(context: Context, reason: ErrorClass, words: str) -> None:
    """Hold up all starts for an outage, and then searches for passes, too, or for a refusal."""
    _hold(context, reason, context.clock.now() + OUTAGE_PAUSE, words)


def hold_for_list(context: Context, fault: EarthEngineFault) -> bool:
    """Hold up all starts if a list that was not told means that; tell whether it does."""
    if not isinstance(fault, TransientFault | AccessRefused):
        return False
    passing = isinstance(fault, TransientFault)
    hold_all(context, ErrorClass.OUTAGE if passing else ErrorClass.REFUSED, str(fault))
    return True


def clear_outage(context: Context) -> None:
    """Hold nothing up any more for an outage: Earth Engine has told its list."""
    if in_outage(context):
        context.store.set_time_mark(_mark(ErrorClass.OUTAGE), context.clock.now())


def probe_outage(context: Context) -> bool:
    """Ask Earth Engine for its list, after another call failed; if that fails, too, hold all.

    So an outage, or a refusal of everybody, is told from a call that never succeeds by itself.
    """
    try:
        next(iter(context.earth_engine.list_operations()), None)
    except EarthEngineFault as fault:
        return hold_for_list(context, fault)
    return False


def _hold(context: Context, reason: ErrorClass, until: datetime, words: str) -> None:
    context.store.set_time_mark(_mark(reason), until)
    tell(_LOG, STARTS_HELD, error_class=reason, until=_clock_time(until), error=words)


def _find_hold(context: Context, reason: ErrorClass) -> datetime | None:
    return _standing(context, reason, context.store.get_time_mark(_mark(reason)))


def _standing(context: Context, reason: ErrorClass, at: datetime | None) -> datetime | None:
    """Return until when something holds up starts whose mark stands at `at`."""
    until = judge_time_mark(context, _mark(reason), at, _longest(context, reason))
    return until if until is not None and until > context.clock.now() else None


def _longest(context: Context, reason: ErrorClass) -> datetime:
    """Return until when a hold may last that is set now."""
    now, settings = context.clock.now(), context.settings
    if reason is ErrorClass.QUOTA:
        return after_reset(now, settings.quota_reset_hour, settings.deployment)
    queue_pause = timedelta(seconds=settings.queue_pause_s)
    return now + (queue_pause if reason is ErrorClass.QUEUE else OUTAGE_PAUSE)


def _mark(reason: ErrorClass) -> TimeMark:
    return TimeMark(f"starts-{reason}")


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _clock_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"

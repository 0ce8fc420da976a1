"""Freeing: what waits for a time that was written by a clock that was ahead need not.

A pause lasts an hour at most, that of a used up quota until it resets, that of a period until its
scenes can be had. What waits longer was put off by a clock that has been put right since: a
laptop's that was a day ahead, say. It is looked for when a mark or a request bears a time ahead,
and goes on at once, or when its period is over.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from s1ratio import task as tasks
from s1ratio.errors import Conflict, ErrorClass
from s1ratio.logevents import TROUBLE, tell
from s1ratio.plan import available_from, not_before
from s1ratio.records import RequestRecord
from s1ratio.services.polling.rounds import Leg
from s1ratio.services.polling.tick_state import Tick
from s1ratio.services.storing.requests import commit_request, request_of
from s1ratio.services.storing.tasks import commit_task
from s1ratio.services.waiting.backoff import after_reset
from s1ratio.services.waiting.clocks import MAX_SKEW, is_ahead
from s1ratio.services.waiting.isolation import isolate_request, isolate_task
from s1ratio.task import Task, TaskState
from s1ratio.time_marks import TimeMark

_LOG = logging.getLogger(__name__)

_MAX_PAUSE = timedelta(hours=1)
_EVER = datetime(9999, 1, 1, tzinfo=UTC)
_PAGE = 200
_WAITING = {
    TimeMark.ROUND_PLANNED: TaskState.PLANNED,
    TimeMark.ROUND_STARTING: TaskState.STARTING,
    TimeMark.ROUND_SUCCEEDED: TaskState.SUCCEEDED,
    TimeMark.ROUND_LOST: TaskState.LOST,
}


class Freeing:
    """The part of a round that frees what waits for too long, once it is `needed`."""

    def __init__(self, tick: Tick, needed: bool) -> None:
        self._tick, self._needed, self._freed = tick, needed, 0

    def note(self, record: RequestRecord) -> None:
        """Note a request: one made in time to come says that a clock was ahead."""
        self._needed = self._needed or is_ahead(self._tick.context, record.created_at)

    def legs(self) -> list[Leg]:
        """Return the legs over the tasks that wait; they find none unless it is needed."""
        self._free_requests()
        return [
            Leg(mark, partial(self._fetch, state), self._free_task)
            for mark, state in _WAITING.items()
        ]

    def tell(self) -> None:
        """Say how many were freed, if any."""
        if self._freed:
            words = (
                f"{self._freed} tasks and requests waited for times that a clock wrote which was "
                "ahead: they go on now; set the clocks by NTP"
            )
            self._tick.troubles.append(words)
            tell(_LOG, TROUBLE, what=words)

    def _fetch(self, state: TaskState, limit: int, since: datetime | None) -> Sequence[Task]:
        if not self._needed:
            return ()
        return self._tick.context.store.find_tasks_in(state, limit, since)

    def _free_requests(self) -> None:
        """Free requests that have no tasks yet, by way of a look at some of them."""
        context = self._tick.context
        for record in context.store.find_expandable(_EVER, _PAGE):
            self.note(record)
            with isolate_request(context, record.id, self._tick.troubles), suppress(Conflict):
                if self._needed and record.not_before > self._latest(record):
                    due = not_before(request_of(record), context.clock.now())
                    commit_request(context, record, replace(record, not_before=due))
                    self._freed += 1

    def _latest(self, record: RequestRecord) -> datetime:
        """Return until when a request may have to wait."""
        now = self._tick.context.clock.now()
        pause = self._until_reset() if record.error else now
        return max(available_from(request_of(record)), pause + MAX_SKEW)

    def _free_task(self, task: Task) -> None:
        context, now = self._tick.context, self._tick.context.clock.now()
        with isolate_task(context, task, self._tick.troubles), suppress(Conflict):
            if not self._waits_too_long(task):
                return
            if task.state is TaskState.STARTING:
                commit_task(context, task, tasks.put_off(task, now))
            else:
                due = self._due(task, now)
                commit_task(context, task, task.to(task.state, place=task.place.until(due)))
            self._freed += 1

    def _due(self, task: Task, now: datetime) -> datetime:
        """Return since when a task may go on: no start comes before the end of its period."""
        is_planned = task.state is TaskState.PLANNED
        return not_before(self._tick.requests.of(task), now) if is_planned else now

    def _waits_too_long(self, task: Task) -> bool:
        starting = task.state is TaskState.STARTING
        until = task.claim.lease_until if starting else task.place.not_before
        if until is None or not is_ahead(self._tick.context, until, self._longest(task)):
            return False
        if task.state is not TaskState.PLANNED:
            return True
        return until > available_from(self._tick.requests.of(task))

    def _longest(self, task: Task) -> timedelta:
        """Return how long a task may have to wait, whatever its request's period."""
        context = self._tick.context
        if task.state is not TaskState.PLANNED:
            return max(_MAX_PAUSE, context.lease, context.list_grace, context.lost_grace)
        if task.trouble.error_class == ErrorClass.QUOTA:
            return self._until_reset() - context.clock.now()
        is_put_off = task.trouble.error_class is not None or task.pixels.waits_for is not None
        queue_pause = timedelta(seconds=context.settings.queue_pause_s)
        return max(_MAX_PAUSE, queue_pause) if is_put_off else timedelta()

    def _until_reset(self) -> datetime:
        settings = self._tick.context.settings
        now = self._tick.context.clock.now()
        return after_reset(now, settings.quota_reset_hour, settings.deployment)

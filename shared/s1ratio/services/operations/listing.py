"""Listing: the project's operations as one tick read them, and how far back it did.

Its time is Earth Engine's own, as that of the operations in it is: whether one ought to be listed
by now is told by one clock, however wrong ours are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cached_property

from s1ratio.errors import EarthEngineFault
from s1ratio.ports import Operation, operation_id
from s1ratio.services.context import Context
from s1ratio.task import Task, TaskState

A_SECOND = timedelta(seconds=1)  # Earth Engine tells its time no finer
# A task's start is dated a little after its operation was made: when the POST was answered.
LOOK_BACK = timedelta(minutes=5)
# A start of which nothing is known is dated by the clock of whoever made it. That may be a day
# ahead, and the list is read so much further back: once before the start is made again, and
# whenever it is certain that there is something to find.
UNSURE_LOOK_BACK = timedelta(hours=25)
# Ten days an operation may run, and four in the queue before it. No tick reads further back for a
# task that only seems to be active, or the list would grow for good; older ones are asked for by
# name.
MAX_LOOK_BACK = timedelta(days=14)


class Extent(Enum):
    """How much of the list was read."""

    UNREAD = auto()  # an error came before it: nothing is known
    UNNEEDED = auto()  # nothing depends on it: Earth Engine was not asked
    PARTIAL = auto()  # a fault or the end of the time came before `back_to` was reached
    WHOLE = auto()


@dataclass(frozen=True)
class Listing:
    """Operations, newest first: all that were made after `back_to`; before, none but live ones.

    `drawn_at` is when Earth Engine told the first of them, by its own clock; `ahead` how far ours
    was ahead of it then. `trouble` is the fault that ended the reading early.
    """

    operations: Sequence[Operation]
    drawn_at: datetime
    back_to: datetime
    extent: Extent = Extent.WHOLE
    trouble: EarthEngineFault | None = None
    ahead: timedelta = timedelta()

    @classmethod
    def without_reading(cls, extent: Extent, now: datetime) -> "Listing":
        """Return the listing of a tick that has not read the list."""
        return cls((), now, now, extent)

    @property
    def answers(self) -> bool:
        """Whether an operation that should be here and is not may be held for missing."""
        return self.extent is not Extent.UNREAD and self.trouble is None

    def find(self, name: str | None) -> Operation | None:
        """Return the operation of a name, whichever way it names the project; None if not here."""
        return self._by_id.get(operation_id(name)) if name is not None else None

    @cached_property
    def _by_id(self) -> dict[str, Operation]:
        return {operation.id: operation for operation in self.operations}

    def covers(self, task: Task) -> bool:
        """Tell whether an operation of the task's attempt would be here, if the list showed it."""
        started = task.claim.starting_at
        return started is None or min(started, self.drawn_at) - look_back(task) >= self.back_to

    def is_too_old(self, task: Task) -> bool:
        """Tell whether a task was started before what any tick reads."""
        started = task.claim.starting_at
        return started is not None and started < self.drawn_at - MAX_LOOK_BACK


def look_back(task: Task) -> timedelta:
    """Return how long before a task's start the list is to be read for its operation."""
    if task.state is not TaskState.STARTING:
        return LOOK_BACK
    claim = task.claim
    is_sought = claim.awaits_list is not None or claim.missed_at is None
    return UNSURE_LOOK_BACK if is_sought else LOOK_BACK


def fetch_listing(
    context: Context,
    since: datetime,
    reach: datetime,
    until: datetime,
    at_least: timedelta = LOOK_BACK,
) -> Listing:
    """Return the operations made since then, and the live ones back to `reach`: a request a page.

    It goes back `at_least` so far from Earth Engine's own time, whatever ours made of `since`. What
    a fault or the end of the time leaves unread is told by `back_to`.
    """
    return _Reading(context, since, reach, at_least).read(until)


class _Reading:
    """One reading of the list, and how far it has come."""

    def __init__(
        self, context: Context, since: datetime, reach: datetime, at_least: timedelta
    ) -> None:
        self._context, self._at_least = context, at_least
        self._since, self._reach = since, reach
        self._found: list[Operation] = []
        self._drawn_at = self._back_to = context.clock.now()
        self._ahead: timedelta | None = None

    def read(self, until: datetime) -> Listing:
        """Return the list as far as it could be read in time."""
        try:
            for operation in self._context.earth_engine.list_operations():
                self._date()
                if operation.created_at < self._reach:
                    break
                self._take(operation)
                if self._context.clock.now() >= until:
                    return self._part(None)
        except EarthEngineFault as trouble:
            return self._part(trouble)
        self._date()
        return self._listing(self._since, Extent.WHOLE, None)

    def _date(self) -> None:
        """Take over the time at which Earth Engine told the first page."""
        if self._ahead is not None:
            return
        self._drawn_at = self._back_to = self._context.told_at()
        self._ahead = self._context.clock.now() - self._drawn_at
        self._since = min(self._since, self._drawn_at - self._at_least)
        self._reach = min(self._reach, self._since)

    def _take(self, operation: Operation) -> None:
        if operation.created_at >= self._since or operation.live:
            self._found.append(operation)
        self._back_to = min(self._back_to, operation.created_at)

    def _part(self, trouble: EarthEngineFault | None) -> Listing:
        return self._listing(max(self._since, self._back_to), Extent.PARTIAL, trouble)

    def _listing(
        self, back_to: datetime, extent: Extent, trouble: EarthEngineFault | None
    ) -> Listing:
        ahead = self._ahead or timedelta()
        return Listing(self._found, self._drawn_at, back_to, extent, trouble, ahead)

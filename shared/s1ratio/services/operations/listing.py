"""Listing: the project's operations as one tick read them, and how far back it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import cached_property

from s1ratio.errors import EarthEngineFault
from s1ratio.ports import Operation, operation_id
from s1ratio.services.context import Context
from s1ratio.task import Task

# An operation may have been made a little before its task's start, by another clock than ours.
LOOK_BACK = timedelta(minutes=5)
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

    `trouble` is the fault that ended the reading early.
    """

    operations: Sequence[Operation]
    drawn_at: datetime
    back_to: datetime
    extent: Extent = Extent.WHOLE
    trouble: EarthEngineFault | None = None

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
        return started is None or started - LOOK_BACK >= self.back_to

    def is_too_old(self, task: Task) -> bool:
        """Tell whether a task was started before what any tick reads."""
        started = task.claim.starting_at
        return started is not None and started < self.drawn_at - MAX_LOOK_BACK


def fetch_listing(context: Context, since: datetime, reach: datetime, until: datetime) -> Listing:
    """Return the operations made since then, and the live ones back to `reach`: a request a page.

    What a fault or the end of the time leaves unread is told by `back_to`.
    """
    drawn_at = context.clock.now()
    back_to, found = drawn_at, list[Operation]()
    try:
        for operation in context.earth_engine.list_operations():
            if operation.created_at < reach:
                break
            if operation.created_at >= since or operation.live:
                found.append(operation)
            back_to = min(back_to, operation.created_at)
            if context.clock.now() >= until:
                return Listing(found, drawn_at, max(since, back_to), Extent.PARTIAL)
    except EarthEngineFault as trouble:
        return Listing(found, drawn_at, max(since, back_to), Extent.PARTIAL, trouble)
    return Listing(found, drawn_at, since)

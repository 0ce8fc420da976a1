"""Follow: the project's operations, read once, move the tasks whose operations changed.

What changed is what was updated since a mark in time, less an overlap, and is not remembered as
applied. The mark stops before whatever must be looked at again. Now and then all are looked
at, whenever they changed: one that was listed very late, or that two ticks at once passed over, is
not lost for good.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from s1ratio import task as tasks
from s1ratio.ports import Operation
from s1ratio.services.context import Context, PollContext
from s1ratio.services.following.observe import observe
from s1ratio.services.operations.listing import Extent, Listing
from s1ratio.services.operations.strangers import tell_strangers
from s1ratio.services.waiting.clocks import get_past_mark
from s1ratio.services.waiting.isolation import isolate_task, log_unexpected
from s1ratio.task import Task, TaskState
from s1ratio.time_marks import TimeMark

# An update may be listed a little after later ones.
OVERLAP = timedelta(minutes=10)
_MAX_BETWEEN_ALL = timedelta(hours=1)


@dataclass(frozen=True)
class Marks:
    """How far the operations' changes are applied, and when all of them were looked at last."""

    changed: datetime | None
    reconciled: datetime | None

    def is_time_for_all(self, now: datetime) -> bool:
        """Tell whether all operations are to be looked at."""
        if self.changed is None or self.reconciled is None:
            return True
        return now - self.reconciled >= _MAX_BETWEEN_ALL

    def has_loose_ends(self, now: datetime) -> bool:
        """Tell whether all must be looked at once more: an orphan may have come up since then.

        So they are until an hour at least has gone by since the last change.
        """
        if self.changed is None or not self.is_time_for_all(now):
            return False
        return self.reconciled is None or self.changed > self.reconciled - _MAX_BETWEEN_ALL

    def is_recent(self, operation: Operation, drawn_at: datetime) -> bool:
        """Tell whether an operation's change may not be applied yet.

        A mark that lies behind the time of the list was set by a clock that was put right since.
        """
        if self.changed is None:
            return True
        return operation.updated_at >= min(self.changed, drawn_at) - OVERLAP


@dataclass
class Followed:
    """What became of operations: `moved` tasks by id; requests of those `seen` for the first time.

    `tasks` are theirs by the operation's id, as they were read. `done` are the ids of operations
    that need not be looked at any more unless they change; those of `unclear` must be.
    """

    moved: dict[str, Task] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    unclear: list[Operation] = field(default_factory=list)
    in_time: bool = True


def read_marks(context: Context) -> Marks:
    """Return the marks as they are stored."""
    changed = context.store.get_time_mark(TimeMark.OPERATIONS)
    return Marks(changed, get_past_mark(context, TimeMark.RECONCILED))


def follow(
    context: PollContext, listing: Listing, mark: Marks, until: datetime, troubles: list[str]
) -> Followed:
    """Move the tasks whose operations changed, as long as there is time.

    An unexpected error over one operation is added to `troubles` and puts its task off; it is
    looked at again when all are, lest it hold the mark for good.
    """
    now, memory = context.clock.now(), context.memory
    # By time of change: what there is no time for is then behind the mark.
    every = sorted(listing.operations, key=_updated_at)
    recent = [operation for operation in every if mark.is_recent(operation, listing.drawn_at)]
    is_all = mark.is_time_for_all(now)
    new = every if is_all else [op for op in recent if not memory.knows(op)]
    found = _Look(context, new, until, troubles).run(is_all)
    found.seen = {
        task.plan.request_id
        for op in recent
        if op.id not in memory.applied and (task := found.tasks.get(op.id)) is not None
    }
    memory.remember(op for op in recent if op.id in found.done or memory.knows(op))
    if listing.extent is Extent.WHOLE:  # else what was not read may have changed earlier
        _advance(context, mark.changed, found.unclear or recent[-1:], listing.drawn_at)
        if is_all and found.in_time:
            # Changes are compared with it, which are Earth Engine's times.
            context.store.set_time_mark(TimeMark.RECONCILED, min(now, listing.drawn_at))
    return found


class _Look:
    """One look at operations and their tasks, which are read at once."""

    def __init__(
        self,
        context: PollContext,
        operations: Sequence[Operation],
        until: datetime,
        troubles: list[str],
    ) -> None:
        self.context, self.operations = context, operations
        self.until, self.troubles = until, troubles
        deployment = context.settings.deployment
        self.names = {op.id: tasks.task_of(deployment, op.description) for op in operations}
        wanted = {name[0] for name in self.names.values() if name}
        self.known = context.store.get_tasks(wanted) if wanted else {}

    def run(self, is_all: bool) -> Followed:
        """Follow each operation until the time is over; return what was found."""
        if is_all:
            tell_strangers(self.context, self.operations, self.known, self.troubles)
        found = Followed()
        for number, operation in enumerate(self.operations):
            if self.context.clock.now() >= self.until:
                found.unclear += self.operations[number:]
                found.in_time = False
                break
            with self._isolated(operation):
                self._look_at(operation, found)
        return found

    def _isolated(self, operation: Operation) -> AbstractContextManager[None]:
        """Return what keeps an unexpected error to an operation's task, or to itself."""
        name = self.names[operation.id]
        task = self.known.get(name[0]) if name else None
        if task is None:
            return log_unexpected(f"operation {operation.name}", self.troubles)
        return isolate_task(self.context, task, self.troubles)

    def _look_at(self, operation: Operation, found: Followed) -> None:
        name = self.names[operation.id]
        before = self.known.get(name[0]) if name else None
        if name is None or before is None:
            found.done.add(operation.id)
            return
        found.tasks[operation.id] = before
        after = observe(self.context, before, name[1], operation)
        if after is None:
            found.unclear.append(operation)
            return
        if after.state is not TaskState.STARTING:  # else its start may name it yet
            found.done.add(operation.id)
        if after != before:
            self.known[after.id] = found.moved[after.id] = after


def _updated_at(operation: Operation) -> datetime:
    return operation.updated_at


def _advance(
    context: Context, mark: datetime | None, operations: Sequence[Operation], drawn_at: datetime
) -> None:
    """Set the mark to the first of these changes; one in the future would hide all others."""
    if operations:
        new = min(*map(_updated_at, operations), drawn_at)
        if new != mark:
            context.store.set_time_mark(TimeMark.OPERATIONS, new)

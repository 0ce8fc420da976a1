"""Memory: what one poller process knows from its earlier ticks.

It saves reads and nothing else: without it, or with that of another process, every tick is right.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from s1ratio.plan import ExportTask, View
from s1ratio.ports import Operation, operation_id
from s1ratio.request import Direction

# Operations: about 10 MB.
_MAX_REMEMBERED = 20_000
_MAX_VIEWS = 100
_VIEW_LASTS = timedelta(hours=1)
_UNTOLD_LASTS = timedelta(minutes=10)
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Memory:
    """What was done already.

    `applied` are the operations whose tasks are as they tell, by id, as they were then; those
    that a tick looks at again because their change is recent. `unsettled` are requests that are
    still to be counted, each with when a task of it was last seen to have moved; `settled_to` is
    until when the ends of tasks have been. `views` are what orbits see of the areas of requests, by
    request, orbit and direction, each with when it was asked: once for all empty tiles of one.
    """

    applied: dict[str, tuple[datetime, str, float]] = field(default_factory=dict)
    unsettled: dict[str, datetime] = field(default_factory=dict)
    settled_to: datetime | None = None
    views: dict[tuple[str, int, Direction], tuple[View | None, datetime]] = field(
        default_factory=dict
    )

    def keep_view(self, plan: ExportTask, view: View | None, now: datetime) -> None:
        """Keep what a task's orbit sees, None if nobody can tell; of many the first goes."""
        key = plan.request_id, plan.orbit, plan.direction
        self.views.pop(key, None)
        if len(self.views) >= _MAX_VIEWS:
            del self.views[next(iter(self.views))]
        self.views[key] = view, now

    def recall_view(self, plan: ExportTask, now: datetime) -> tuple[bool, View | None]:
        """Return whether it was asked lately what a task's orbit sees, and what came of that.

        After an hour it is asked anew: scenes come, even late. What nobody could tell is, sooner:
        but not for each tile, which may take a minute each time.
        """
        key = plan.request_id, plan.orbit, plan.direction
        if key not in self.views:
            return False, None
        view, at = self.views[key]
        lasts = _UNTOLD_LASTS if view is None else _VIEW_LASTS
        return timedelta() <= now - at < lasts, view

    def unsettle(self, request_id: str, moved_at: datetime | None = None) -> None:
        """Have a request counted: a task of it moved, at this time if that is known."""
        at = moved_at or _UNKNOWN
        self.unsettled[request_id] = max(at, self.unsettled.get(request_id, at))

    def knows(self, operation: Operation) -> bool:
        """Tell whether nothing about an operation is new."""
        return self.applied.get(operation.id) == _shown(operation)

    def remember(self, operations: Iterable[Operation]) -> None:
        """Keep these operations as applied, the last ones if there are too many; forget others."""
        shown = [(operation.id, _shown(operation)) for operation in operations]
        self.applied = dict(shown[-_MAX_REMEMBERED:])

    def forget(self, operation: str | None) -> None:
        """Look at an operation anew, even if nothing about it has changed."""
        if operation is not None:
            self.applied.pop(operation_id(operation), None)


def _shown(operation: Operation) -> tuple[datetime, str, float]:
    return operation.updated_at, operation.state, operation.progress

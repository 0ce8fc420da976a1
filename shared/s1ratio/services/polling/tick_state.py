"""Tick: what one tick of the poller keeps: its time, its report, and what its steps pass on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from s1ratio.services.context import PollContext
from s1ratio.services.following.follow import Marks
from s1ratio.services.operations.listing import Extent, Listing
from s1ratio.services.starting.request_cache import RequestCache
from s1ratio.task import Task, TaskState


@dataclass
class PollReport:
    """What a tick did, in counts, and what kept it from doing more.

    `skipped`: another tick is under way, and this one did nothing. `shared` tasks ended by the
    files of others with the same pixels; `published` counts events; `held` is what held up starts.
    """

    skipped: bool = False

    expanded: int = 0
    observed: int = 0
    recovered: int = 0
    lost: int = 0
    verified: int = 0
    empty: int = 0
    failed: int = 0
    cancelled: int = 0
    started: int = 0
    shared: int = 0
    settled: int = 0
    catalogued: int = 0
    published: int = 0
    held: str | None = None
    troubles: list[str] = field(default_factory=list)

    def json(self) -> dict[str, object]:
        """Return the counts as JSON."""
        return asdict(self)


_COUNTED = {
    TaskState.VERIFIED: "verified",
    TaskState.EMPTY: "empty",
    TaskState.FAILED: "failed",
    TaskState.CANCELLED: "cancelled",
}


class Tick:
    """One tick. Steps write these for those that come after them:

    `marks`, `listing` and `broken_starts`, read before it: by `read_operations`;
    `ended` tasks: by whoever ends one, through `note`.
    """

    def __init__(self, context: PollContext) -> None:
        self.context = context
        self.report = PollReport()
        self.requests = RequestCache(context)
        now = context.clock.now()
        self.until = self.step_until = now + self._budget
        self.marks = Marks(None, None)
        self.listing = Listing.without_reading(Extent.UNREAD, now)
        self.broken_starts: Sequence[Task] = ()
        self.ended: list[Task] = []

    @property
    def troubles(self) -> list[str]:
        """What went wrong, in words."""
        return self.report.troubles

    def begin_step(self, share: float) -> None:
        """Give the next step this share of the budget, as far as it is not spent."""
        self.step_until = min(self.until, self.context.clock.now() + share * self._budget)

    def is_over(self) -> bool:
        """Tell whether the time of the present step is over."""
        return self.context.clock.now() >= self.step_until

    def unsettle(self, *request_ids: str) -> None:
        """See that requests are counted whose tasks moved, in this tick or a later one."""
        for request_id in request_ids:
            self.context.memory.unsettle(request_id, self.context.clock.now())

    def note(self, task: Task) -> None:
        """Count a task that moved, and see that its request is counted."""
        self.context.memory.unsettle(
            task.plan.request_id, task.end.ended_at or self.context.clock.now()
        )
        if task.ended:
            self.ended.append(task)
        name = _COUNTED.get(task.state)
        if name is not None:
            setattr(self.report, name, getattr(self.report, name) + 1)

    @property
    def _budget(self) -> timedelta:
        return timedelta(seconds=self.context.settings.tick_budget_s)

"""Tick: the state that one tick of the poller keeps: its budget, its report, what it has read."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from s1ratio.services.context import PollContext
from s1ratio.services.operations.listing import Listing
from s1ratio.services.starting.start import Requests
from s1ratio.task import Task, TaskState


@dataclass
class PollReport:
    """What a tick did, in counts, and what kept it from doing more.

    `skipped`: another tick is under way, and this one did nothing. `shared` tasks ended by the
    files of others with the same pixels; `held` is what held up starts.
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
    held: str | None = None
    troubles: list[str] = field(default_factory=list)

    def json(self) -> dict[str, object]:
        """Return the counts as JSON."""
        return asdict(self)


class Tick:
    """One tick: its budget, its report, its listing, and the requests whose tasks it changed.

    `listing` is None as long as nothing is known of Earth Engine's operations.
    """

    def __init__(self, context: PollContext) -> None:
        self.context = context
        self.report = PollReport()
        self.until = context.clock.now() + timedelta(seconds=context.settings.tick_budget_s)
        self.requests = Requests(context)
        self.changed = context.memory.unsettled
        self.ended: list[Task] = []
        self.listing: Listing | None = None

    def share(self, part: float) -> datetime:
        """Return when a step must end that may take this part of the budget from now on."""
        budget = timedelta(seconds=self.context.settings.tick_budget_s)
        return min(self.until, self.context.clock.now() + part * budget)

    def over(self, until: datetime | None = None) -> bool:
        """Tell whether the time is over, of a step or of the whole tick."""
        return self.context.clock.now() >= (until or self.until)

    def note(self, task: Task) -> None:
        """Count a task that moved, and see that its request is counted."""
        self.changed.add(task.plan.request_id)
        if task.ended:
            self.ended.append(task)
        counted = {
            TaskState.VERIFIED: "verified",
            TaskState.EMPTY: "empty",
            TaskState.FAILED: "failed",
            TaskState.CANCELLED: "cancelled",
        }
        name = counted.get(task.state)
        if name is not None:
            setattr(self.report, name, getattr(self.report, name) + 1)

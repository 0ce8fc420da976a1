"""Poll: one tick of following, mending, verifying and starting tasks.

Every step is bounded by the tick's budget and safe to repeat; two ticks at once do no harm,
since every write is a compare-and-set. Without an active task nothing is asked of Earth Engine.
"""

import logging
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from s1ratio.errors import EarthEngineFault, ObjectStoreUnavailable
from s1ratio.records import RequestState
from s1ratio.services.context import PollContext
from s1ratio.services.expand import expand
from s1ratio.services.follow import follow, listed
from s1ratio.services.recover import LOOK_BACK, recover
from s1ratio.services.settle import settle, settle_all
from s1ratio.services.start import Requests, start_all
from s1ratio.services.verification import verify_task
from s1ratio.task import Task, TaskState

_LOG = logging.getLogger(__name__)
_BATCH = 200


@dataclass
class PollReport:
    """What a tick did, in counts, and what kept it from doing more."""

    expanded: int = 0
    observed: int = 0
    recovered: int = 0
    verified: int = 0
    empty: int = 0
    failed: int = 0
    started: int = 0
    settled: int = 0
    troubles: list[str] = field(default_factory=list)

    def json(self) -> dict[str, object]:
        """Return the counts as JSON."""
        return asdict(self)


def poll(context: PollContext) -> PollReport:
    """Run one tick. Earth Engine's or the bucket's troubles end a step, not the tick."""
    report = _Tick(context).run()
    for trouble in report.troubles:
        _LOG.warning("a step of the tick ended early: %s", trouble)
    _LOG.info("tick done", extra=report.json())
    return report


class _Tick:
    """One tick: its budget, its report, and the requests whose tasks it changed."""

    def __init__(self, context: PollContext) -> None:
        self.context = context
        self.report = PollReport()
        self.until = context.clock.now() + timedelta(seconds=context.settings.tick_budget_s)
        self.requests = Requests(context)
        self.changed: set[str] = set()

    def run(self) -> PollReport:
        for step in (self.expand, self.follow, self.verify, self.start):
            try:
                step()
            except (EarthEngineFault, ObjectStoreUnavailable) as trouble:
                self.report.troubles.append(f"{step.__name__}: {trouble}")
        self.report.settled = settle(self.context, self.changed) + settle_all(self.context)
        return self.report

    def expand(self) -> None:
        """Give due requests their passes and tasks."""
        now = self.context.clock.now()
        for record in self.context.store.expandable(now, _BATCH):
            if self.over():
                return
            if expand(self.context, record).state is not RequestState.EXPANDING:
                self.report.expanded += 1

    def follow(self) -> None:
        """Read the operations once; move their tasks; mend broken starts."""
        oldest = self.context.store.oldest_start()
        if oldest is None:
            return
        drawn = self.context.clock.now()  # what waits for the list must wait until here
        operations = listed(self.context, oldest - LOOK_BACK)
        for task in follow(self.context, operations, self.until):
            self.report.observed += 1
            self._count_end(task)
            self.changed.add(task.plan.request_id)
        for task in self.context.store.stale_starts(drawn, _BATCH):
            if self.over():
                return
            if recover(self.context, self.requests, task, operations) is not None:
                self.report.recovered += 1
                self.changed.add(task.plan.request_id)

    def verify(self) -> None:
        """Open what succeeded exports wrote."""
        now = self.context.clock.now()
        for task in self.context.store.to_verify(now, _BATCH):
            if self.over():
                return
            after = verify_task(self.context, self.requests.of(task), task)
            self._count_end(after)
            self.changed.add(task.plan.request_id)

    def start(self) -> None:
        """Start planned tasks while Earth Engine's queue has room for them."""
        store = self.context.store
        due = store.startable(self.context.clock.now(), _BATCH)
        room = self.context.settings.max_active - store.count_active() if due else 0
        report = start_all(self.context, due[: max(0, room)], self.until)
        self.report.started = report.started
        self.report.failed += report.failed
        self.changed.update(task.plan.request_id for task in due[: max(0, room)])

    def over(self) -> bool:
        return self.context.clock.now() >= self.until

    def _count_end(self, task: Task) -> None:
        counted = {
            TaskState.VERIFIED: "verified",
            TaskState.EMPTY: "empty",
            TaskState.FAILED: "failed",
        }
        name = counted.get(task.state)
        if name is not None:
            setattr(self.report, name, getattr(self.report, name) + 1)

"""Poll: one tick of following, mending, verifying and starting tasks.

Every step is bounded by the tick's budget and safe to repeat; two ticks at once do no harm,
since every write is a compare-and-set. Without an active task nothing is asked of Earth Engine.
One request's or task's unexpected error is its own: it is told, and the others get their turn.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from s1ratio.errors import EarthEngineFault, ObjectStoreUnavailable, TransientFault
from s1ratio.logevents import TROUBLE, class_of, tell
from s1ratio.ports import Operation
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.admission import admit, answered, hold_for_outage, silent, tell_line
from s1ratio.services.context import PollContext
from s1ratio.services.expand import expand
from s1ratio.services.follow import follow, listed
from s1ratio.services.gauges import tell_tick
from s1ratio.services.late import since_when
from s1ratio.services.merge import ended_with
from s1ratio.services.recover import LOOK_BACK, recover
from s1ratio.services.same_pixels import wake
from s1ratio.services.settle import settle, settle_all
from s1ratio.services.start import Requests
from s1ratio.services.start_all import start_all
from s1ratio.services.sweep import sweep
from s1ratio.services.trouble import guarded, isolated
from s1ratio.services.turns import line
from s1ratio.services.verification import verify_task
from s1ratio.task import Task, TaskState

_LOG = logging.getLogger(__name__)
_BATCH = 200
_PAGE = 20  # records hold their areas
# Shares of the budget for steps that wait for others most of their time.
_TO_SWEEP, _TO_VERIFY, _TO_EXPAND = 0.25, 0.5, 0.25


@dataclass
class PollReport:
    """What a tick did, in counts, and what kept it from doing more.

    `shared` tasks ended by the files of others with the same pixels; `held` is what held up starts.
    """

    expanded: int = 0
    observed: int = 0
    recovered: int = 0
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


def poll(context: PollContext) -> PollReport:
    """Run one tick. Earth Engine's or the bucket's troubles end a step, not the tick.

    Only a store that can't be reached raises.
    """
    since = context.clock.now()
    report = _Tick(context).run()
    tell_tick(context, report.json(), since)
    return report


class _Tick:
    """One tick: its budget, its report, and the requests whose tasks it changed."""

    def __init__(self, context: PollContext) -> None:
        self.context = context
        self.report = PollReport()
        self.until = context.clock.now() + timedelta(seconds=context.settings.tick_budget_s)
        self.requests = Requests(context)
        self.changed: set[str] = set()
        self.ended: list[Task] = []

    def run(self) -> PollReport:
        troubles = self.report.troubles
        for step in (self.follow, self.sweep, self.verify, self.wake, self.expand, self.start):
            try:
                with guarded(step.__name__, troubles):
                    step()
            except (EarthEngineFault, ObjectStoreUnavailable) as trouble:
                troubles.append(f"{step.__name__}: {trouble}")
                tell(_LOG, TROUBLE, what=troubles[-1], error_class=class_of(trouble))
        self.report.settled = settle(self.context, self.changed, troubles)
        with guarded("settle", troubles):
            self.report.settled += settle_all(self.context, self.until, troubles)
        return self.report

    def expand(self) -> None:
        """Give due requests their passes and tasks."""
        until, seen = self.share(_TO_EXPAND), set[str]()
        while True:
            due = self.context.store.expandable(self.context.clock.now(), _PAGE)
            fresh = [record for record in due if record.id not in seen]
            if not fresh or silent(self.context):  # those that were put off are not due any more
                return
            for record in fresh:
                if self.over(until):
                    return
                seen.add(record.id)
                if not self._expand(record):
                    return

    def _expand(self, record: RequestRecord) -> bool:
        """Bring one request on; False says that Earth Engine does not answer."""
        after = expand(self.context, record)
        if after.state is not RequestState.EXPANDING:
            self.report.expanded += 1
        if after.error:
            self.report.troubles.append(f"request {after.id}: {after.error}")
            tell(_LOG, TROUBLE, what=self.report.troubles[-1], request=after.id)
            return not silent(self.context)
        return True

    def follow(self) -> None:
        """Read the operations once; move their tasks; mend broken starts."""
        oldest = since_when(self.context, self.context.store.oldest_start())
        if oldest is None:
            return
        drawn = self.context.clock.now()  # what waits for the list must wait until here
        try:
            operations = listed(self.context, oldest - LOOK_BACK)
        except TransientFault as fault:
            hold_for_outage(self.context, str(fault))
            raise
        answered(self.context)
        for task in follow(self.context, operations, self.until, self.report.troubles):
            self.report.observed += 1
            self._count_end(task)
            self.changed.add(task.plan.request_id)
        for task in self.context.store.stale_starts(drawn, _BATCH):
            if self.over():
                return
            self.changed.add(task.plan.request_id)
            with isolated(self.context, task, self.report.troubles):
                self._recover(task, operations)

    def _recover(self, task: Task, operations: Sequence[Operation]) -> None:
        after = recover(self.context, self.requests, task, operations)
        if after is not None:
            self.report.recovered += 1
            self._count_end(after)

    def sweep(self) -> None:
        """Bring on what is to be cancelled."""
        until, troubles = self.share(_TO_SWEEP), self.report.troubles
        for task in sweep(self.context, until, self.changed, troubles):
            self._count_end(task)

    def verify(self) -> None:
        """Open what succeeded exports wrote."""
        until = self.share(_TO_VERIFY)
        for task in self.context.store.to_verify(self.context.clock.now(), _BATCH):
            if self.over(until):
                return
            self.changed.add(task.plan.request_id)
            with isolated(self.context, task, self.report.troubles):
                self._count_end(verify_task(self.context, self.requests.of(task), task))

    def wake(self) -> None:
        """Let tasks that wait for pixels end with those that ended in this tick."""
        ended = [*self.ended, *ended_with(self.context, self.ended)]
        for task in wake(self.context, ended):
            self.report.shared += 1
            self.changed.add(task.plan.request_id)

    def start(self) -> None:
        """Start planned tasks while Earth Engine's queue has room for them."""
        due = line(self.context, _BATCH)
        if not due:
            return
        admitted = admit(self.context)
        self.report.held = admitted.why
        tell_line(self.context, due, admitted)
        report = start_all(self.context, due, self.until, admitted.room)
        self.report.started = report.started
        self.report.shared += report.shared
        self.report.failed += report.failed
        self.report.troubles += report.troubles
        self.changed |= report.requests

    def share(self, part: float) -> datetime:
        """Return when a step must end that may take this part of the budget from now on."""
        budget = timedelta(seconds=self.context.settings.tick_budget_s)
        return min(self.until, self.context.clock.now() + part * budget)

    def over(self, until: datetime | None = None) -> bool:
        return self.context.clock.now() >= (until or self.until)

    def _count_end(self, task: Task) -> None:
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

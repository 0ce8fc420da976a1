"""Poll: one tick of following, mending, verifying and starting tasks.

Every step is bounded by the tick's budget and safe to repeat. A lease lets one tick work at a
time; two at once, where it ended early, do no harm: every write is a compare-and-set. Without an
active task nothing is asked of Earth Engine, but for one last look for orphans.
One request's or task's unexpected error is its own: it is told, and the others get their turn.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from s1ratio.errors import (
    EarthEngineFault,
    ObjectStoreUnavailable,
    StoreUnavailable,
    TransientFault,
)
from s1ratio.logevents import TICK_SKIPPED, TROUBLE, class_of, tell
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.commands.sweep import sweep
from s1ratio.services.context import PollContext
from s1ratio.services.following.follow import Marks, follow, marks
from s1ratio.services.following.lost import decide
from s1ratio.services.following.recover import recover
from s1ratio.services.operations.late import since_when
from s1ratio.services.operations.listing import LONGEST, LOOK_BACK, Listing, listed
from s1ratio.services.polling.merge import ended_with
from s1ratio.services.polling.metrics import tell_tick
from s1ratio.services.polling.reconcile import reconcile
from s1ratio.services.polling.tick import PollReport, Tick
from s1ratio.services.requesting.expand import expand
from s1ratio.services.requesting.settle import settle_recent
from s1ratio.services.starting.batch import start_all
from s1ratio.services.starting.sharing import wake
from s1ratio.services.verifying.verify_task import verify_task
from s1ratio.services.waiting.admission import admit, answered, hold_for_outage, silent, tell_line
from s1ratio.services.waiting.fairness import line
from s1ratio.services.waiting.isolation import guarded, isolated
from s1ratio.task import Task

_LOG = logging.getLogger(__name__)
_BATCH = 200
_PAGE = 20  # records hold their areas
# Shares of the budget for steps that wait for others most of their time.
_TO_LIST, _TO_SWEEP, _TO_VERIFY, _TO_RECONCILE, _TO_EXPAND = 0.5, 0.25, 0.5, 0.25, 0.25

LEASE = "poll"
# What the last call of a tick may take beyond its budget.
_LEASE_LONGER = timedelta(seconds=60)


def poll(context: PollContext) -> PollReport:
    """Run one tick. Earth Engine's or the bucket's troubles end a step, not the tick.

    Does nothing while another tick is under way. Only a store that can't be reached raises.
    """
    since = context.clock.now()
    with _lease(context, since) as is_ours:
        if not is_ours:
            tell(_LOG, TICK_SKIPPED)
            return PollReport(skipped=True)
        report = _Tick(context).run()
    counts = report.json()
    del counts["skipped"]
    tell_tick(context, counts, since)
    return report


@contextmanager
def _lease(context: PollContext, now: datetime) -> Iterator[bool]:
    """Hold the poller's lease, and tell whether it could be had.

    One that a process died with is over soon after that tick would have been.
    """
    budget = timedelta(seconds=context.settings.tick_budget_s)
    if not context.store.take_lease(LEASE, context.owner, now, now + budget + _LEASE_LONGER):
        yield False
        return
    try:
        yield True
    finally:
        with suppress(StoreUnavailable):  # it ends by itself
            context.store.give_back(LEASE, context.owner)


class _Tick(Tick):
    """The steps of a tick."""

    def run(self) -> PollReport:
        troubles = self.report.troubles
        for step in (
            self.follow,
            self.decide,
            self.sweep,
            self.verify,
            self.reconcile,
            self.wake,
            self.expand,
            self.start,
        ):
            try:
                with guarded(step.__name__, troubles):
                    step()
            except (EarthEngineFault, ObjectStoreUnavailable) as trouble:
                troubles.append(f"{step.__name__}: {trouble}")
                tell(_LOG, TROUBLE, what=troubles[-1], error_class=class_of(trouble))
        with guarded("settle", troubles):
            self.report.settled += settle_recent(self.context, self.until, troubles)
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
        mark, now = marks(self.context), self.context.clock.now()
        stale = self.context.store.stale_starts(now, _BATCH)
        since = self._since(mark, stale)
        if since is None:
            self.listing = Listing((), now, now)
            return
        reach = now - LONGEST if mark.is_time_for_all(now) else since
        listing = listed(self.context, since, min(since, reach), self.share(_TO_LIST))
        self.listing = listing
        self._hold_for(listing)
        found = follow(self.context, listing, mark, self.until, self.report.troubles)
        self.report.observed += len(found.moved)
        self.changed |= found.seen
        for task in found.moved.values():
            self.note(task)
        if listing.trouble is not None:
            raise listing.trouble
        for task in stale:
            if self.over():
                return
            if listing.covers(task):
                self._recover(task, listing)

    def _hold_for(self, listing: Listing) -> None:
        """Let starts and searches wait for an Earth Engine that does not answer."""
        if isinstance(listing.trouble, TransientFault):
            hold_for_outage(self.context, str(listing.trouble))
        elif listing.trouble is None:
            answered(self.context)

    def _since(self, mark: Marks, stale: Sequence[Task]) -> datetime | None:
        """Return how far back the list must be read; None if nothing depends on it."""
        now, store = self.context.clock.now(), self.context.store
        oldest = since_when(self.context, store.oldest_start())
        starts = [oldest] if oldest else []
        starts += _starts(store.lost(now, _BATCH))
        if not starts and not mark.has_loose_ends(now):
            return None
        since = max(min(starts, default=now), now - LONGEST)
        # A start that broke must be found, however long ago that was, lest it be made twice.
        return min([since, *_starts(stale)]) - LOOK_BACK

    def _recover(self, task: Task, listing: Listing) -> None:
        with isolated(self.context, task, self.report.troubles):
            after = recover(self.context, self.requests, task, listing.operations)
            if after is not None:
                self.report.recovered += 1
                self.note(after)

    def decide(self) -> None:
        """Decide on tasks whose operations have been gone for a while."""
        decide(self, self.context.store.lost(self.context.clock.now(), _BATCH))

    def reconcile(self) -> None:
        """Now and then, look for what no change leads to."""
        reconcile(self, self.share(_TO_RECONCILE))

    def sweep(self) -> None:
        """Bring on what is to be cancelled."""
        until, troubles = self.share(_TO_SWEEP), self.report.troubles
        for task in sweep(self.context, until, self.changed, troubles):
            self.note(task)

    def verify(self) -> None:
        """Open what succeeded exports wrote."""
        until = self.share(_TO_VERIFY)
        for task in self.context.store.to_verify(self.context.clock.now(), _BATCH):
            if self.over(until):
                return
            with isolated(self.context, task, self.report.troubles):
                self.note(verify_task(self.context, self.requests.of(task), task))

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


def _starts(tasks: Iterable[Task]) -> list[datetime]:
    """Return since when tasks may have an operation, of those that have been started."""
    times = (task.claim.starting_at for task in tasks)
    return [at for at in times if at is not None]


__all__ = ["PollReport", "poll"]

"""Tick: due regions become requests, 50 at a time, as long as there is time.

A lease lets one tick work at a time; two at once do no harm: one region is one compare-and-set
commit, before anything of it is published, and ids follow from regions and periods. One region's
trouble is its own: it is told, it is put off, and the others get their turn.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from s1ratio.errors import StoreUnavailable
from s1ratio.logevents import REGIONS_TICK, TICK_SKIPPED, tell
from s1ratio.regions.records import RegionRecord
from s1ratio.scenes import MAX_QUESTIONS, SceneQuestion
from s1ratio.services.publishing.publish import publish_committed
from s1ratio.services.regions.context import RegionContext
from s1ratio.services.regions.following import (
    Followed,
    follow_request,
    question_about,
    read_followed,
)
from s1ratio.services.regions.refreshing import DueRegion, read_due, refresh
from s1ratio.services.regions.setbacks import (
    isolate_refresh,
    isolate_region,
    put_off_look,
    put_off_refresh,
)
from s1ratio.services.scene_lists import SceneLists, list_scenes

_LOG = logging.getLogger(__name__)

LEASE = "regions"
CHUNK = 50
_LEASE_LONGER = timedelta(seconds=60)


class _Due(Protocol):
    @property
    def id(self) -> str:
        """The name of what is due."""


D = TypeVar("D", bound=_Due)


@dataclass
class RegionsReport:
    """What a tick did, in counts, and what kept it from doing more.

    `skipped`: another tick is under way, and this one did nothing.
    """

    skipped: bool = False
    looked_at: int = 0
    requested: int = 0
    followed: int = 0
    revised: int = 0
    calls: int = 0
    troubles: list[str] = field(default_factory=list)

    def json(self) -> dict[str, object]:
        """Return the counts as JSON."""
        return asdict(self)


def refresh_regions(context: RegionContext) -> RegionsReport:
    """Run one tick. Only a store that can't be reached raises."""
    since = context.clock.now()
    with _lease(context, since) as is_ours:
        if not is_ours:
            tell(_LOG, TICK_SKIPPED)
            return RegionsReport(skipped=True)
        tick = _Tick(context, since)
        while not tick.is_over() and tick.work_on_some():
            publish_committed(context)
    publish_committed(context)
    report = tick.report
    counts = {name: value for name, value in report.json().items() if name != "skipped"}
    seconds = (context.clock.now() - since).total_seconds()
    told = {**counts, "troubles": len(report.troubles)}
    tell(_LOG, REGIONS_TICK, **told, duration_s=round(seconds, 3))
    return report


@contextmanager
def _lease(context: RegionContext, now: datetime) -> Iterator[bool]:
    budget = timedelta(seconds=context.settings.tick_budget_s)
    if not context.store.take_lease(LEASE, context.owner, now, now + budget + _LEASE_LONGER):
        yield False
        return
    try:
        yield True
    finally:
        with suppress(StoreUnavailable):  # it ends by itself
            context.store.give_back(LEASE, context.owner)


class _Line:
    """What is due of one kind, in turn, each once a tick, though it may still be due after it."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._stuck = 0

    def draw(self, find: Callable[[int], Sequence[D]], most: int) -> list[D]:
        """Return the next ones, `most` at most."""
        if most <= 0:
            return []
        found = find(most + self._stuck)
        fresh = [one for one in found if one.id not in self._seen][:most]
        self._stuck = len(found) - len(fresh)
        self._seen |= {one.id for one in fresh}
        return fresh


class _Tick:
    """One tick: its time, its report, and what it has worked on."""

    def __init__(self, context: RegionContext, since: datetime) -> None:
        self.context, self.report = context, RegionsReport()
        self._until = since + timedelta(seconds=context.settings.tick_budget_s)
        self._regions, self._refreshes = _Line(), _Line()
        self._lists = True  # whether Earth Engine has answered so far

    def is_over(self) -> bool:
        """Tell whether its time is over."""
        return self.context.clock.now() >= self._until

    def work_on_some(self) -> bool:
        """Work on some of what is due, with one list of scenes; tell whether there was any."""
        store, now = self.context.store, self.context.clock.now()
        records = self._regions.draw(lambda most: store.find_due_regions(now, most), CHUNK)
        due = self._read(records, now)
        asked = [one.question for one in due if one.question is not None]
        refreshes = self._refreshes.draw(
            lambda most: store.find_due_refreshes(now, most), MAX_QUESTIONS - len(asked)
        )
        followed = read_followed(self.context, refreshes) if refreshes else []
        asked += [one for each in followed if (one := question_about(each)) is not None]
        lists = self._list_scenes(asked)
        self._refresh(due, lists, now)
        self._follow(followed, lists, now)
        return bool(records or refreshes or len(asked) >= MAX_QUESTIONS)

    def _read(self, records: Sequence[RegionRecord], now: datetime) -> list[DueRegion]:
        due = []
        for record in records:
            with isolate_region(self.context, record, self.report.troubles):
                due.append(read_due(self.context, record, now))
        return due

    def _list_scenes(self, questions: Sequence[SceneQuestion]) -> SceneLists:
        if not questions or not self._lists:
            return SceneLists()
        now = self.context.clock.now()
        half = now + (self._until - now) / 2  # the rest is for what follows from it
        found = list_scenes(self.context, questions, half, self.report.troubles)
        self.report.calls += found.calls
        self._lists = not found.stopped
        return found

    def _refresh(self, due: Sequence[DueRegion], lists: SceneLists, now: datetime) -> None:
        for one in due:
            if self.is_over():
                return
            with isolate_region(self.context, one.record, self.report.troubles):
                key = one.question.key if one.question else ""
                made = refresh(self.context, one, lists.answers.get(key), now)
                self.report.requested += len(made)
                self.report.looked_at += 1
                if key in lists.at_fault:
                    put_off_look(self.context, one.record.id, lists.at_fault[key])

    def _follow(self, followed: Sequence[Followed], lists: SceneLists, now: datetime) -> None:
        for each in followed:
            if self.is_over():
                return
            with isolate_refresh(self.context, each.refresh, self.report.troubles):
                key = f"request {each.refresh.id}"
                if key in lists.at_fault:
                    put_off_refresh(self.context, each.refresh)
                    continue
                answer = lists.answers.get(key)
                self.report.revised += follow_request(self.context, each, answer, now)
                self.report.followed += 1

"""What one tick of watches knows and counts; how one watch's trouble stays its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from s1ratio.alerts.log_events import WATCH_CHANGED
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch import WATCH_WORDS, Watch, WatchReason, WatchState
from s1ratio.logevents import tell
from s1ratio.services.alerts.definitions import load_rules
from s1ratio.services.alerts.isolate import isolate
from s1ratio.services.alerts.watch_context import WatchContext
from s1ratio.services.storing.incidents import commit_watch
from s1ratio.services.waiting.backoff import pause
from s1ratio.services.waiting.isolation import MAX_UNEXPECTED

_LOG = logging.getLogger(__name__)


@dataclass
class WatchesReport:
    """A tick in numbers: incidents asked about, watches opened, and those that moved, by state."""

    skipped: bool = False
    calls: int = 0
    asked: int = 0
    opened: int = 0
    arrived: int = 0
    requested: int = 0
    delivered: int = 0
    missed: int = 0
    ended: int = 0
    troubles: int = 0

    def json(self) -> dict[str, Any]:
        """Return the counts."""
        return asdict(self)


@dataclass
class WatchTick:
    """One tick of watches: its rules are those of its beginning."""

    context: WatchContext
    now: datetime
    until: datetime
    report: WatchesReport = field(default_factory=WatchesReport)
    troubles: list[str] = field(default_factory=list)
    _rules: dict[str, Rule] | None = None

    def has_time(self) -> bool:
        """Tell whether something more may begin."""
        return self.context.clock.now() < self.until

    def rule(self, name: str) -> Rule | None:
        """Return a rule, None if it was removed."""
        if self._rules is None:
            self._rules = {one.name: one for one in load_rules(self.context.store)}
        return self._rules.get(name)

    def save(self, after: Watch, before: Watch | None) -> Watch:
        """Store a watch in the place of the one that was read, None: it is new; count its move.

        Raises Conflict where another writer came first.
        """
        if after == before:
            return after
        stored = commit_watch(self.context, after, before)
        self._count(after, before)
        return stored

    def _count(self, after: Watch, before: Watch | None) -> None:
        if before is None:
            self.report.opened += 1
        if before is not None and after.state is before.state:
            return
        name = after.state.value.lower()
        if hasattr(self.report, name):
            setattr(self.report, name, getattr(self.report, name) + 1)
        tell(_LOG, WATCH_CHANGED, watch=after.id, incident=after.incident, state=after.state.value)

    @contextmanager
    def isolated(self, watch: Watch) -> Iterator[None]:
        """Work on one watch; an unexpected error puts it off, and ends it after ten times."""
        with isolate(
            f"watch {watch.id}", self.troubles, lambda words: self._put_off(watch.id, words)
        ):
            yield

    def _put_off(self, watch_id: str, words: str) -> None:
        watch = self.context.store.get_watch(watch_id)
        if watch is None or watch.due_at is None:
            return
        tries = watch.tries + 1
        after = replace(watch, tries=tries, due_at=self.now + pause(tries, watch.id), words=words)
        if tries >= MAX_UNEXPECTED:
            told = f"{WATCH_WORDS[WatchReason.UNEXPECTED]}: {words}"
            reason = WatchReason.UNEXPECTED
            after = replace(after, state=WatchState.ENDED, due_at=None, reason=reason, words=told)
        self.save(after, watch)

"""What one tick of incidents knows and counts."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from s1ratio.alerts.feed import Feed
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.silences import Silence
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.definitions import load_feeds, load_rules, load_silences


@dataclass
class IncidentsReport:
    """A tick in numbers: what was read again, judged, placed; incidents moved, wanted."""

    skipped: bool = False
    reread: int = 0
    judged: int = 0
    placed: int = 0
    moved: int = 0
    wanted: int = 0
    troubles: int = 0

    def json(self) -> dict[str, Any]:
        """Return the counts."""
        return asdict(self)


@dataclass
class Tick:
    """One tick: its rules are those of its beginning, read once if anything needs them."""

    context: AlertContext
    until: datetime
    report: IncidentsReport = field(default_factory=IncidentsReport)
    troubles: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, context: AlertContext) -> "Tick":
        """Return a tick that begins now."""
        budget = timedelta(seconds=context.settings.tick_budget_s)
        return cls(context, context.clock.now() + budget)

    def has_time(self) -> bool:
        """Tell whether something more may begin."""
        return self.context.clock.now() < self.until

    @cached_property
    def feeds(self) -> list[Feed]:
        """The feeds there are."""
        return load_feeds(self.context.store)

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules there are."""
        return load_rules(self.context.store)

    @cached_property
    def silences(self) -> list[Silence]:
        """The silences that have not ended."""
        return load_silences(self.context.store, self.context.clock.now())

    @cached_property
    def lowering(self) -> frozenset[str]:
        """The feeds for which a severity below the gate cancels."""
        return frozenset(feed.name for feed in self.feeds if feed.lowering == "cancel")

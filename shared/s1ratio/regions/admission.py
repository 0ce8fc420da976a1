"""Admission: which wishes of a region become requests now, which never do, which wait. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from s1ratio.regions.due import Skip, Wanted
from s1ratio.regions.kinds import Overlap
from s1ratio.regions.messages import id_of
from s1ratio.regions.model import Region
from s1ratio.regions.states import Cause, Why

LOOK_AGAIN = timedelta(minutes=10)  # at an earlier request that must end first


@dataclass(frozen=True)
class Spent:
    """What a region has spent in a month: requests, and EECU-seconds as far as they are known."""

    requests: int = 0
    eecu_seconds: float = 0.0


@dataclass(frozen=True)
class Facts:
    """What the store knows around a region's wishes.

    `known` are ids that were requested before, `open_requests` those not ended; `median` is what
    one request is expected to spend, EECU-seconds, None without history.
    """

    known: frozenset[str] = frozenset()
    open_requests: int = 0
    spent: Spent = Spent()
    median: float | None = None


@dataclass
class Admitted:
    """What became of the wishes: taken under their ids, skipped, held until a time."""

    taken: list[tuple[str, Wanted]] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    dealt_with: list[Wanted] = field(default_factory=list)
    held: Why | None = None
    held_until: datetime | None = None
    held_first: Wanted | None = None


def admit(region: Region, wanted: Sequence[Wanted], facts: Facts, now: datetime) -> Admitted:
    """Return what becomes of wishes, in their order; what follows one that is held is held, too."""
    found = Admitted()
    known = set(facts.known)
    for one in wanted:
        name = id_of(region, one.days, one.pass_name)
        if one.days.empty or name in known:
            why = Why.EMPTY_PERIOD if one.days.empty else Why.SAME_PERIOD
            _skip(found, one, why, None if one.days.empty else name)
            continue
        held = _hold(region, one, facts, len(found.taken))
        if held is Why.OVERLAP and region.overlap is Overlap.SKIP:
            _skip(found, one, held, name)
            continue
        if held is not None:
            found.held, found.held_first = held, one
            found.held_until = now + LOOK_AGAIN if held is Why.OVERLAP else next_month(now)
            return found
        known.add(name)
        found.taken.append((name, one))
        found.dealt_with.append(one)
    return found


def _skip(found: Admitted, one: Wanted, why: Why, name: str | None) -> None:
    last = one.mark or one.firing
    found.skips.append(Skip(why, one.firing, last, request_id=name, words=one.pass_name))
    found.dealt_with.append(one)


def _hold(region: Region, one: Wanted, facts: Facts, taken: int) -> Why | None:
    """Return what a wish must wait for, or None. What somebody asks for by hand overlaps."""
    by_itself = one.cause in {Cause.SCHEDULE, Cause.NEW_SCENES}
    if by_itself and facts.open_requests and region.overlap is not Overlap.ALLOW:
        return Why.OVERLAP
    return Why.BUDGET if is_over_budget(region, facts, taken + 1) else None


def is_over_budget(region: Region, facts: Facts, more: int) -> bool:
    """Tell whether so many requests more would be beyond a month's budget.

    Without history nothing is known of what they spend, and only their number counts.
    """
    budget, spent = region.budget, facts.spent
    if budget.requests is not None and spent.requests + more > budget.requests:
        return True
    if budget.eecu_seconds is None:
        return False
    expected = more * facts.median if facts.median is not None else 0.0
    return spent.eecu_seconds + expected > budget.eecu_seconds


def month_of(now: datetime) -> datetime:
    """Return when the month of a time began (UTC)."""
    return datetime(now.year, now.month, 1, tzinfo=UTC)


def next_month(now: datetime) -> datetime:
    """Return when the next month begins (UTC)."""
    return month_of(month_of(now) + timedelta(days=32))

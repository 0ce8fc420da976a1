"""Whether a rule takes an alert, and why not: the first rule that lets it pass, by name."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shapely import Point

from s1ratio.alerts.countries import country_at
from s1ratio.alerts.expressions import evaluate, is_true
from s1ratio.alerts.geodesy import area_km2
from s1ratio.alerts.items import Item, Status
from s1ratio.alerts.places import place_of
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.texts import read_json

# How far an alert came with a rule: of several rules the answer of the one that it came farthest
# with is told.
_STEPS = (
    Reason.NO_RULE,
    Reason.BROKEN_FILTER,
    Reason.FILTER,
    Reason.SEVERITY,
    Reason.NO_PLACE,
    Reason.COUNTRY,
    Reason.AREA,
    Reason.TOO_OLD,
)


@dataclass(frozen=True)
class Verdict:
    """The rule that takes an alert, or why none does; `words` say what was compared."""

    rule: Rule | None
    reason: Reason | None = None
    words: str = ""


def judge(item: Item, arrived_at: datetime, rules: Iterable[Rule]) -> Verdict:
    """Return what becomes of an alert that arrived at a time, by its feed's rules."""
    if item.status is not Status.ALERT:
        return Verdict(None, Reason.STATUS)
    refusals = [Verdict(None, Reason.NO_RULE, f"of feed {item.feed}")]
    for rule in sorted(rules, key=lambda one: one.name):
        if rule.of_feed(item.feed) is None:
            continue
        refusal = next(_refusals(item, arrived_at, rule), None)
        if refusal is None:
            return Verdict(rule)
        refusals.append(refusal)
    return max(refusals, key=lambda one: _STEPS.index(one.reason or Reason.NO_RULE))


def refuse_by_gates(item: Item, rule: Rule) -> Verdict | None:
    """Return why a rule's filter or severity keeps an alert out, None if it passes both."""
    return next(_by_gates(item, rule), None)


def _refusals(item: Item, arrived_at: datetime, rule: Rule) -> Iterator[Verdict]:
    yield from _by_gates(item, rule)
    if item.place is None:
        yield Verdict(None, Reason.NO_PLACE, f"rule {rule.name}")
        return
    place = place_of(item.place)
    if isinstance(place, Point):
        code = None if item.footprint else country_at(place.x, place.y)
        if code is not None:
            yield Verdict(None, Reason.COUNTRY, f"the middle of {code}")
    elif (area := area_km2(place)) > rule.max_area_km2:
        words = f"{area:,.0f} km², rule {rule.name} takes {rule.max_area_km2:,.0f}"
        yield Verdict(None, Reason.AREA, words)
    age = arrived_at - item.time
    if age > timedelta(days=rule.max_age_days):
        words = f"it came {age.days} days after it, rule {rule.name} takes {rule.max_age_days:g}"
        yield Verdict(None, Reason.TOO_OLD, words)


def _by_gates(item: Item, rule: Rule) -> Iterator[Verdict]:
    named = rule.of_feed(item.feed)
    if named is not None and named.filter is not None:
        try:
            passes = is_true(evaluate(named.filter, read_json(item.raw)))
        except ValueError as error:
            yield Verdict(None, Reason.BROKEN_FILTER, f"rule {rule.name}: {error}")
            return
        if not passes:
            yield Verdict(None, Reason.FILTER, f"rule {rule.name}")
    if item.severity < rule.gate(item.feed):
        words = f"{item.severity}, rule {rule.name} takes {rule.gate(item.feed)} and above"
        yield Verdict(None, Reason.SEVERITY, words)


def by_name(rules: Sequence[Rule]) -> dict[str, Rule]:
    """Return rules by their names."""
    return {rule.name: rule for rule in rules}

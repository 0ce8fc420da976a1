"""Budgets: how many incidents of a rule, and of an owner, are followed at once.

What is over waits, HELD, and the worst goes first: one that opens does not take the room that
held ones of a higher severity wait for.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.rule import Rule
from s1ratio.errors import Conflict
from s1ratio.services.alerts.tick_state import Tick


def find_hold(tick: Tick, incident: Incident, rule: Rule) -> str:
    """Return in words why an open incident must wait, nothing if it may be followed."""
    room = _room_of_rule(tick, rule)
    if room <= 0:
        return f"rule {rule.name} has {rule.open_at_once} incidents already"
    worse = _worse(tick.context.store.find_held_incidents("rule", rule.name, room + 1), incident)
    if len(worse) >= room:
        return _give_way(tick, worse, f"rule {rule.name}")
    return _find_hold_of_owner(tick, incident, rule) if rule.owner else ""


def _find_hold_of_owner(tick: Tick, incident: Incident, rule: Rule) -> str:
    store, most = tick.context.store, rule.owner_open_at_once
    room = most - store.count_followed_incidents("owner", rule.owner)
    if room <= 0:
        return f"owner {rule.owner} has {most} incidents already"
    found = _worse(store.find_held_incidents("owner", rule.owner, room + 1), incident)
    # One that its own rule holds would not take the room.
    rules = {one.name: one for one in tick.rules}
    free = {name for name in {one.rule for one in found} if _has_room(tick, rules.get(name))}
    worse = [one for one in found if one.rule in free]
    return _give_way(tick, worse, f"owner {rule.owner}") if len(worse) >= room else ""


def _room_of_rule(tick: Tick, rule: Rule) -> int:
    return rule.open_at_once - tick.context.store.count_followed_incidents("rule", rule.name)


def _has_room(tick: Tick, rule: Rule | None) -> bool:
    return rule is not None and _room_of_rule(tick, rule) > 0


def _worse(held: Sequence[Incident], incident: Incident) -> list[Incident]:
    """Return the held incidents that go before another: by severity, then by age."""
    mine = _rank(incident)
    return [one for one in held if one.id != incident.id and _rank(one) < mine]


def _rank(incident: Incident) -> tuple[int, datetime, str]:
    return -incident.severity, incident.opened_at, incident.id


def _give_way(tick: Tick, worse: Sequence[Incident], whose: str) -> str:
    """Let held incidents have their turn, and say so."""
    now = tick.context.clock.now()
    for one in worse:
        if one.due_at > now:
            with suppress(Conflict):  # another looks at it already
                tick.context.store.save_incident(replace(one, due_at=now), one.version)
    return f"{len(worse)} of {whose} that are worse, or older, go first"

"""Whom a silence names: that there is such a rule, feed, owner or incident, and that it has an end.

A silence with a slip of the pen would cover nothing, and nobody would hear of it.
"""

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches

from s1ratio.alerts.hazards import DEFAULTS
from s1ratio.alerts.silences import Silence
from s1ratio.faults import Fault
from s1ratio.ports import AlertStore
from s1ratio.services.alerts.definitions import load_feeds, load_rules


def silence_faults(store: AlertStore, silence: Silence, now: datetime) -> list[Fault]:
    """Return what a silence names that is not there, and an end that is over."""
    faults = []
    if silence.ends_at <= now:
        words = f"{silence.ends_at:%Y-%m-%d %H:%M} UTC is over: it would cover nothing"
        faults.append(Fault("ends_at", "over", words))
    rules = load_rules(store)
    known: list[tuple[str, str | None, Iterable[str]]] = [
        ("hazard", silence.hazard, {*DEFAULTS, *(rule.hazard for rule in rules)}),
        ("rule", silence.rule, [rule.name for rule in rules]),
        ("owner", silence.owner, {rule.owner for rule in rules if rule.owner}),
        ("feed", silence.feed, [feed.name for feed in load_feeds(store)]),
    ]
    for field, name, names in known:
        if name is not None and name not in names:
            faults.append(Fault(field, "unknown", _unknown(field, name, sorted(names))))
    if silence.incident is not None and store.get_incident(silence.incident) is None:
        words = f"no incident {silence.incident} is known: see `s1ratio incidents list`"
        faults.append(Fault("incident", "unknown", words))
    return faults


def _unknown(field: str, name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, 1)
    if near:
        return f"no {field} {name} is known: {near[0]}?"
    return f"no {field} {name} is known: there are {', '.join(names) or 'none'}"

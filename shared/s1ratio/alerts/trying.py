"""What a payload would lead to, tried without a store: incidents, watches, requests, why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from s1ratio.alerts.covering import Cover, cover
from s1ratio.alerts.feed import Feed
from s1ratio.alerts.foretelling import NOT_ASKED, Foretold, foretell
from s1ratio.alerts.grouping import Waiting, group
from s1ratio.alerts.incident import Incident, member_of
from s1ratio.alerts.item import Item, Status
from s1ratio.alerts.items import BrokenItem
from s1ratio.alerts.judging import judge
from s1ratio.alerts.reasons import WORDS, Reason
from s1ratio.alerts.recording import read_payload
from s1ratio.alerts.revising import advance
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.rule_requests import refuse_early
from s1ratio.alerts.silences import Silence
from s1ratio.errors import InvalidRequest
from s1ratio.request.checks import Limits


@dataclass(frozen=True)
class Trial:
    """What came of a payload: its feed, and as JSON the incidents and what led to none."""

    feed: str
    incidents: tuple[Incident, ...]
    covers: Mapping[str, Cover]
    refused: tuple[dict[str, Any], ...]
    watches: Mapping[str, Sequence[dict[str, Any]]] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """Return it as JSON values; `notes` say what could not be known."""
        found = [
            {**_incident(one, self.covers[one.id]), "watches": [*self.watches.get(one.id, ())]}
            for one in self.incidents
        ]
        notes = [NOT_ASKED] if any(self.watches.values()) else []
        told = {"feed": self.feed, "incidents": found, "why_not": list(self.refused)}
        return {**told, "notes": notes}


def try_payload(
    payload: bytes,
    attributes: Mapping[str, str],
    feeds: Sequence[Feed],
    rules: Sequence[Rule],
    *,
    at: datetime,
    silences: Sequence[Silence] = (),
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
) -> Trial:
    """Return what a payload that arrives at a time leads to by the rules, under these limits."""
    reading = read_payload(payload, attributes, feeds)
    refused: list[dict[str, Any]] = []
    if reading.reason is not None:
        refused.append(_why(None, reading.reason, reading.words))
    waiting: dict[str, list[Waiting]] = {}
    for found in reading.items:
        if isinstance(found, BrokenItem):
            refused.append(_why(found.id, found.reason, found.words))
        elif found.status is Status.CANCEL:
            refused.append(_why(found.id, Reason.CANCELLED, _cancelled_by(found)))
        elif (verdict := judge(found, at, rules)).rule is not None:
            one = Waiting(member_of(found, at), verdict.rule)
            waiting.setdefault(verdict.rule.hazard, []).append(one)
        else:
            refused.append(_why(found.id, verdict.reason or Reason.NO_RULE, verdict.words))
    named = {rule.name: rule for rule in rules}
    incidents, covers, watches = [], {}, {}
    for every in waiting.values():
        for opened in group(every, (), at).changed:
            rule = named[opened.rule]
            after = advance(opened, rule, silences, held="", now=at)
            after = refuse_early(after, rule, limits)
            incidents.append(after)
            covers[after.id] = cover(after.counted, rule.buffers)
            refused += [_why(m.id, m.out, "") for m in after.members if m.out is not None]
            watches[after.id] = _watches(after, rule, at)
    return Trial(reading.feed, tuple(incidents), covers, tuple(refused), watches)


def _watches(incident: Incident, rule: Rule, at: datetime) -> list[dict[str, Any]]:
    """Return the watches that an incident gets, if its area is wanted."""
    if not incident.wanted:
        return []
    try:
        return [watch_document(one, rule) for one in foretell(incident, rule, at)]
    except InvalidRequest as error:
        return [{"id": None, "expected_at": None, "requests": [], "why_not": str(error)}]


def watch_document(one: Foretold, rule: Rule) -> dict[str, Any]:
    """Return a watch that is foretold as JSON values, with the requests that would follow."""
    watch, coming = one.watch, one.coming
    return {
        "id": watch.id,
        "relative_orbit": watch.relative_orbit,
        "direction": watch.direction.value,
        "expected_at": coming.first_line.isoformat(timespec="minutes") if coming else None,
        "platform": coming.platform if coming else None,
        "requests": [
            {
                "id": each.id,
                "role": "before" if each.id == watch.baseline else "after",
                "start": each.start.isoformat(timespec="seconds"),
                "end": each.end.isoformat(timespec="seconds"),
                "priority": rule.priority,
            }
            for each in watch.requests
        ],
        "why_not": one.why_not,
    }


def _cancelled_by(item: Item) -> str:
    return f"it cancels {', '.join(item.supersedes)}" if item.supersedes else ""


def _incident(one: Incident, found: Cover) -> dict[str, Any]:
    return {
        "id": one.id,
        "hazard": one.hazard,
        "rule": one.rule,
        "state": one.state.value,
        "severity": one.severity,
        "wanted": one.wanted,
        "reason": _words(one.reason, one.words) if one.reason else None,
        "area_km2": round(found.km2, 3),
        "members": [f"{member.feed}:{member.id}" for member in one.members],
        "inhibited": [f"{feed}:{name}" for feed, name in found.inhibited],
    }


def _why(name: str | None, reason: Reason, words: str) -> dict[str, Any]:
    return {"alert": name, "reason": reason.value, "words": _words(reason, words)}


def _words(reason: Reason, words: str) -> str:
    return f"{WORDS[reason]} ({words})" if words else WORDS[reason]

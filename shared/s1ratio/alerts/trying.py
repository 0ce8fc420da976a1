"""What a payload would lead to, tried without a store: incidents, what is inhibited, why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from s1ratio.alerts.covering import Cover, cover
from s1ratio.alerts.feed import Feed
from s1ratio.alerts.grouping import Waiting, group
from s1ratio.alerts.incident import Incident, member_of
from s1ratio.alerts.items import BrokenItem
from s1ratio.alerts.judging import judge
from s1ratio.alerts.reasons import WORDS, Reason
from s1ratio.alerts.recording import read_payload
from s1ratio.alerts.revising import advance
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.silences import Silence


@dataclass(frozen=True)
class Trial:
    """What came of a payload: its feed, and as JSON the incidents and what led to none."""

    feed: str
    incidents: tuple[Incident, ...]
    covers: Mapping[str, Cover]
    refused: tuple[dict[str, Any], ...]

    def json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        found = [_incident(one, self.covers[one.id]) for one in self.incidents]
        return {"feed": self.feed, "incidents": found, "why_not": list(self.refused)}


def try_payload(
    payload: bytes,
    attributes: Mapping[str, str],
    feeds: Sequence[Feed],
    rules: Sequence[Rule],
    *,
    at: datetime,
    silences: Sequence[Silence] = (),
) -> Trial:
    """Return what a payload that arrives at a time, and nothing else, leads to by the rules."""
    reading = read_payload(payload, attributes, feeds)
    refused: list[dict[str, Any]] = []
    if reading.reason is not None:
        refused.append(_why(None, reading.reason, reading.words))
    waiting: dict[str, list[Waiting]] = {}
    for found in reading.items:
        if isinstance(found, BrokenItem):
            refused.append(_why(found.id, found.reason, found.words))
        elif (verdict := judge(found, at, rules)).rule is not None:
            one = Waiting(member_of(found, at), verdict.rule)
            waiting.setdefault(verdict.rule.hazard, []).append(one)
        else:
            refused.append(_why(found.id, verdict.reason or Reason.NO_RULE, verdict.words))
    named = {rule.name: rule for rule in rules}
    incidents, covers = [], {}
    for every in waiting.values():
        for opened in group(every, (), at).changed:
            rule = named[opened.rule]
            incidents.append(advance(opened, rule, silences, held=False, now=at))
            covers[opened.id] = cover(opened.counted, rule.buffers)
    return Trial(reading.feed, tuple(incidents), covers, tuple(refused))


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

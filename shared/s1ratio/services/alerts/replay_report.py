"""What came of a replay, as JSON: incidents, watches, requests, costs, holds, and why not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.watch import Watch
from s1ratio.labels import ROLE_LABEL, WATCH_LABEL
from s1ratio.ports import Store
from s1ratio.preview import NO_HISTORY, estimate_document
from s1ratio.services.alerts.predicted_sky import Asked, RequestDesk

_MANY = 10_000
_MAX_WATCHES = 350
NOTE = (
    "passes are predicted, of every track that flies over an area: which of these were acquired "
    "only Earth Engine's list of scenes tells, which a replay does not ask"
)


@dataclass
class Replayed:
    """What came of a replay, and of each incident that was held since when and until when."""

    messages: int = 0
    alerts: set[str] = field(default_factory=set)
    held: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)
    why_not: list[dict[str, Any]] = field(default_factory=list)


def replay_document(store: Store, desk: RequestDesk, done: Replayed) -> dict[str, Any]:
    """Return what came of a replay, whose requests a desk took in."""
    incidents = [*reversed(store.find_incidents(_MANY))]
    why_not = [*done.why_not, *_alerts_without(store, done)]
    return {
        "messages": done.messages,
        "alerts": len(done.alerts),
        "incidents": [_incident(store, one) for one in incidents],
        "requests": [_request(name, one) for name, one in desk.asked.items()],
        "eecu_seconds": _spent(list(desk.asked.values())),
        "held": [
            {"incident": name, "from": since.isoformat(), "until": until.isoformat()}
            for name, (since, until) in done.held.items()
        ],
        "reasons": dict(Counter(one["reason"] for one in why_not)),
        "why_not": why_not,
        "notes": [NOTE] if desk.asked else [],
    }


def explain_alert(name: str, reason: Reason, words: str) -> dict[str, Any]:
    """Return why an alert or a message led to nothing."""
    return {"id": name, "reason": reason.value, "words": words}


def _alerts_without(store: Store, done: Replayed) -> list[dict[str, Any]]:
    found = store.get_alerts(sorted(done.alerts)).values()
    return [explain_alert(one.id, one.reason, one.words) for one in found if one.reason is not None]


def _incident(store: Store, one: Incident) -> dict[str, Any]:
    return {
        "id": one.id,
        "hazard": one.hazard,
        "state": one.state.value,
        "severity": one.severity,
        "members": len(one.members),
        "inhibited": one.inhibited,
        "area_km2": one.area_km2,
        "requests": one.requests,
        "reason": one.reason.value if one.reason else None,
        "words": one.words,
        "watches": [_watch(each) for each in store.find_watches_of(one.id, _MAX_WATCHES)],
    }


def _watch(one: Watch) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state.value,
        "delivered": one.delivered,
        "missed": one.missed,
        "why_not": None if one.delivered else one.words or None,
    }


def _request(name: str, one: Asked) -> dict[str, Any]:
    labels = one.message["labels"]
    known = labels if isinstance(labels, dict) else {}
    return {
        "id": name,
        "at": one.at.isoformat(timespec="minutes"),
        "watch": known.get(WATCH_LABEL),
        "role": known.get(ROLE_LABEL),
        **{field: one.message[field] for field in ("start", "end", "priority")},
        "estimate": estimate_document(one.estimate),
        "refused": one.refused,
    }


def _spent(asked: Sequence[Asked]) -> dict[str, float] | str:
    """Return what all will cost: a sum of medians, one of 90th percentiles, or "no history"."""
    known = [one.estimate for one in asked if one.refused is None]
    told = [one for one in known if one is not None]
    if not told or len(told) < len(known):
        return NO_HISTORY
    return {
        "p50": round(sum(one.eecu_s.median for one in told), 1),
        "p90": round(sum(one.eecu_s.p90 for one in told), 1),
    }

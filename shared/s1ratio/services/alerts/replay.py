"""Replay: recorded messages through feeds and rules, against a clock that is set by them.

What is wanted counts as requested at once, as who watches incidents would have done with the next
pass: so only what an incident's area grew by is wanted again.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from s1ratio.alerts.incident import note_requested
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import AlertState
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.tick import tick_incidents

_STEP = timedelta(minutes=10)
_NAME = re.compile(r"(?P<at>\d{8}T\d{6}Z)(-(?P<feed>[a-z0-9-]+))?(\.[a-z]+)?")


class ReplayClock:
    """Time that passes only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Set the time; it never goes back."""
        self._now = max(self._now, now)


@dataclass(frozen=True)
class Message:
    """A recorded message: when it arrived, its feed if it says so, and what was in it."""

    at: datetime
    feed: str | None
    path: Path

    def payload(self) -> bytes:
        """Return what was in it."""
        return self.path.read_bytes()


@dataclass
class Replayed:
    """What came of a replay: messages, incidents as JSON, requests, and why not, by reason."""

    messages: int = 0
    alerts: set[str] = field(default_factory=set)
    requests: int = 0
    held: set[str] = field(default_factory=set)
    incidents: list[dict[str, Any]] = field(default_factory=list)
    why_not: list[dict[str, Any]] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "messages": self.messages,
            "alerts": len(self.alerts),
            "requests": self.requests,
            "held": sorted(self.held),
            "incidents": self.incidents,
            "reasons": dict(Counter(one["reason"] for one in self.why_not)),
            "why_not": self.why_not,
        }


def messages_in(folder: Path, start: datetime, end: datetime) -> list[Message]:
    """Return the messages in a folder that arrived in a period, in that order.

    Their files are named `20260304T060000Z-gdacs.json`: when they arrived, and the feed, which may
    be left out. Other files are passed over.
    """
    found = []
    for path in sorted(folder.iterdir()):
        named = _NAME.fullmatch(path.name)
        if named is None or not path.is_file():
            continue
        at = datetime.strptime(named["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if start <= at < end:
            found.append(Message(at, named["feed"], path))
    return sorted(found, key=lambda one: (one.at, one.path.name))


def replay(
    context: AlertContext, clock: ReplayClock, messages: Sequence[Message], end: datetime
) -> Replayed:
    """Record messages when they arrived, with a tick every ten minutes while there is work.

    `clock` is the context's, whose store holds feeds and rules and nothing else.
    """
    done = Replayed()
    for message in messages:
        _let_pass(context, clock, message.at, done)
        attributes = {"feed": message.feed} if message.feed else {}
        found = record(context, message.payload(), attributes)
        done.messages += 1
        if found.reason is not None:
            done.why_not.append(_why(message.path.name, found.reason, found.words))
        done.alerts |= set(found.ids)
    _let_pass(context, clock, end, done)
    _conclude(context, done)
    return done


def _let_pass(context: AlertContext, clock: ReplayClock, until: datetime, done: Replayed) -> None:
    for at in _steps(clock.now(), until):
        clock.set(at)
        if not _has_work(context, at):
            continue
        tick_incidents(context)
        for incident in context.store.find_wanted_incidents(1_000):
            context.store.save_incident(note_requested(incident, at), incident.version)
            done.requests += 1
        held = (one for one in context.store.find_incidents(1_000) if one.reason is Reason.HELD)
        done.held |= {one.id for one in held}


def _steps(start: datetime, until: datetime) -> Iterator[datetime]:
    at = start
    while at < until:
        at = min(at + _STEP, until)
        yield at


def _has_work(context: AlertContext, now: datetime) -> bool:
    store = context.store
    states = (AlertState.RECORDED, AlertState.WAITING)
    due = any(store.find_due_alerts(state, now, 1) for state in states)
    return due or bool(store.find_due_incidents(now, 1))


def _conclude(context: AlertContext, done: Replayed) -> None:
    for one in reversed(context.store.find_incidents(10_000)):
        done.incidents.append(
            {
                "id": one.id,
                "hazard": one.hazard,
                "state": one.state.value,
                "severity": one.severity,
                "members": len(one.members),
                "area_km2": one.area_km2,
                "requests": one.requests,
                "reason": one.reason.value if one.reason else None,
            }
        )
    for record_ in context.store.get_alerts(sorted(done.alerts)).values():
        if record_.reason is not None:
            done.why_not.append(_why(record_.id, record_.reason, record_.words))


def _why(name: str, reason: Reason, words: str) -> dict[str, Any]:
    return {"id": name, "reason": reason.value, "words": words}

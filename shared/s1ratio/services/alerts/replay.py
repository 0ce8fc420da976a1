"""Replay: recorded messages through feeds and rules, against a clock that is set by them.

Incidents and watches are ticked as ever, and followed after the last message until no watch is
open. Passes are those that are predicted, of every track over an area; see `predicted_sky`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import AlertState
from s1ratio.ports import Store
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.predicted_sky import PredictedSky, RequestDesk
from s1ratio.services.alerts.record import record
from s1ratio.services.alerts.replay_report import Replayed, explain_alert, replay_document
from s1ratio.services.alerts.watch import watch_incidents
from s1ratio.services.alerts.watch_context import WatchContext

_STEP = timedelta(minutes=10)
_FOLLOWED = timedelta(days=60)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)
_MANY = 1_000
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


def messages_in(folder: Path, start: datetime, end: datetime) -> tuple[list[Message], list[Path]]:
    """Return the messages in a folder that arrived in a period, in that order; and other files.

    Their files are named `20260304T060000Z-gdacs.json`: when they arrived, and the feed, which may
    be left out. Files of another name are none.
    """
    found, others = [], []
    for path in sorted(folder.iterdir()):
        named = _NAME.fullmatch(path.name)
        at = _time_in(named["at"]) if named is not None and path.is_file() else None
        if named is None or at is None:
            others.append(path)
        elif start <= at < end:
            found.append(Message(at, named["feed"], path))
    return sorted(found, key=lambda one: (one.at, one.path.name)), others


def _time_in(text: str) -> datetime | None:
    """Return the time that a name begins with, None if there is no such day or hour."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def replay(
    context: AlertContext,
    clock: ReplayClock,
    messages: Sequence[Message],
    end: datetime,
    history: Store | None = None,
) -> dict[str, Any]:
    """Record messages when they arrived, with a tick every ten minutes while there is work.

    Then follow what is open from `end` on, by the hour. `clock` is the context's, whose store holds
    feeds and rules and nothing else; `history` is a store by whose tasks costs are told. Return
    what came of it as JSON values.
    """
    desk, done = RequestDesk(context.store, clock, history), Replayed()
    sky: Any = PredictedSky(clock)  # of Earth Engine's port what watching asks
    world = WatchContext(
        context.settings, context.store, sky, clock, context.owner, alerts=context, publisher=desk
    )
    for message in messages:
        _let_pass(world, clock, message.at, done)
        attributes = {"feed": message.feed} if message.feed else {}
        found = record(context, message.payload(), attributes)
        done.messages += 1
        if found.reason is not None:
            done.why_not.append(explain_alert(message.path.name, found.reason, found.words))
        done.alerts |= set(found.ids)
    _let_pass(world, clock, end, done)
    last = end + _FOLLOWED
    while clock.now() < last and _is_open(context.store):
        _let_pass(world, clock, clock.now() + timedelta(hours=1), done, timedelta(hours=1))
    return replay_document(context.store, desk, done)


def _let_pass(
    world: WatchContext,
    clock: ReplayClock,
    until: datetime,
    done: Replayed,
    step: timedelta = _STEP,
) -> None:
    store, at = world.store, clock.now()
    while at < until:
        at = min(at + step, until)
        clock.set(at)
        if not _has_work(store, at):
            continue
        watch_incidents(world)
        for one in store.find_incidents(_MANY):
            if one.reason is Reason.HELD:
                done.held[one.id] = (done.held.get(one.id, (at, at))[0], at)


def _has_work(store: Store, now: datetime) -> bool:
    states = (AlertState.RECORDED, AlertState.WAITING)
    return (
        any(store.find_due_alerts(state, now, 1) for state in states)
        or bool(store.find_due_incidents(now, 1))
        or bool(store.find_wanted_incidents(1))
        or bool(store.find_looking_watches(now, 1))
        or bool(store.find_requested_watches(now, 1))
    )


def _is_open(store: Store) -> bool:
    return bool(store.find_looking_watches(_LATEST, 1) or store.find_requested_watches(_LATEST, 1))

"""Incidents and watches: a change is stored in one place, with what is told of it."""

import hashlib
from dataclasses import replace
from typing import Any

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.watch import Watch
from s1ratio.events.kinds import EventKind
from s1ratio.events.of_incidents import tell_of_incident, tell_of_watch
from s1ratio.records import Event
from s1ratio.services.event_world import EventWorld, teller_of


def commit_incident(world: EventWorld, incident: Incident, expected: Any) -> Incident:
    """Compare-and-set an incident, `expected` None: it is new; return it as stored.

    It is told where it stands otherwise than when it was told last.
    """
    stands, events = _standing(incident), []
    if stands != incident.told:
        incident = replace(incident, told=stands, sequence=incident.sequence + 1)
        events = [tell_of_incident(teller_of(world), incident)]
    stored = world.store.save_incident(incident, expected, events)
    world.outbox.note(events)
    return stored


def _standing(incident: Incident) -> str:
    """Return what of an incident is told, as a text to compare with."""
    area = hashlib.sha256((incident.area or "").encode()).hexdigest()[:12]
    reason = incident.reason.value if incident.reason else ""
    count = len(incident.counted)
    return f"{incident.state.value} {incident.severity} {count} {area} {reason}".strip()


def commit_watch(world: EventWorld, after: Watch, before: Watch | None) -> Watch:
    """Store a watch in the place of the one that was read, None: it is new; return it as stored.

    A pass that came, was delivered or missed is told.
    """
    teller, events = teller_of(world), list[Event]()
    for kind in _told(after, before):
        after = replace(after, sequence=after.sequence + 1)
        events.append(tell_of_watch(teller, after, kind))
    stored = world.store.save_watch(after, before.version if before else None, events)
    world.outbox.note(events)
    return stored


def _told(after: Watch, before: Watch | None) -> list[EventKind]:
    """Return what there is to tell of a watch's change."""
    arrived_before = before.arrived_at if before else None
    delivered, missed = (before.delivered, before.missed) if before else (0, 0)
    told = {
        EventKind.WATCH_DELIVERED: after.delivered > delivered,
        EventKind.WATCH_MISSED: after.missed > missed,
        EventKind.WATCH_ARRIVED: after.arrived_at not in {None, arrived_before},
    }
    return [kind for kind, is_so in told.items() if is_so]

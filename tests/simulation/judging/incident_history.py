"""Sees every write of alerts and incidents, and objects to what must never happen: an alert in two
incidents, one that ended without its alerts, what is silenced or beyond a budget and is followed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import AlertRecord, Definition, Kind
from s1ratio.ports import Store
from s1ratio.records import Event
from tests.simulation.judging.told import faults_of_told
from tests.support.simulated import SimulatedClock

# As long as a tick may go on with what it read before.
SOON = timedelta(minutes=15)


class IncidentHistory:
    """Keeps the last committed state of each incident, and since when it is as it is.

    `skew` is how far the clock of a worker is off at most.
    """

    def __init__(
        self, store: Store, complaints: list[str], clock: SimulatedClock, skew: timedelta
    ) -> None:
        self._store, self._complaints, self.clock, self.skew = store, complaints, clock, skew
        self.incidents: dict[str, Incident] = {}
        self.home: dict[tuple[str, str], str] = {}
        self.ended: dict[str, datetime] = {}
        self.asked: dict[str, list[datetime]] = {}
        self.followed_since: dict[str, datetime] = {}
        self._silences: list[tuple[datetime, dict[str, Any]]] = []
        self.handlers: Mapping[str, Callable[..., None]] = {
            "save_incident": self._saved,
            "update_alert": self._updated,
            "save_definition": self._defined,
        }

    def is_silenced(self, incident: Incident) -> bool:
        """Tell whether a silence has covered an incident for a while, and does for longer."""
        now = self.clock.now()
        since, until = now - SOON - self.skew, now + self.skew
        return any(
            document["hazard"] == incident.hazard
            and stored_at < since
            and until < datetime.fromisoformat(document["ends_at"])
            for stored_at, document in self._silences
        )

    def ended_long_ago(self, incident_id: str) -> bool:
        """Tell whether an incident ended longer ago than a tick takes."""
        at = self.ended.get(incident_id)
        return at is not None and self.clock.now() > at + SOON

    def _defined(self, who: str, definition: Definition, expected: Any, *, answer: Any) -> None:
        del who, expected, answer
        if definition.kind is Kind.SILENCE:
            self._silences.append((self.clock.now(), definition.document))

    def _updated(self, who: str, record: AlertRecord, expected: Any, *, answer: Any) -> None:
        del expected, answer
        words = f"{who} met the unexpected at alert {record.id}: {record.words}"
        self._object(record.tries > 0 or record.reason is Reason.UNEXPECTED, words)

    def _saved(
        self,
        who: str,
        incident: Incident,
        expected: Any,
        events: Sequence[Event] = (),
        *,
        answer: Incident,
    ) -> None:
        before = self.incidents.get(incident.id)
        state, was = incident.state, before.state if before else None
        numbers = before.sequence if before else 0, incident.sequence
        for words in faults_of_told(
            incident.id, numbers, events, changed=state is not was, state=state.value
        ):
            self._complaints.append(f"{who}: {words}")
        stale = before is not None and before.version != expected
        self._object(stale, f"{who} overwrote {incident.id}")
        self._object(incident.tries > 0, f"{who} met the unexpected: {incident.words}")
        self._check_members(who, incident)
        self._check_state(who, before, incident)
        if incident.wanted and (before is None or not before.wanted):
            silenced = self.is_silenced(incident)
            self._object(silenced, f"{who} wants {incident.id}, which is silenced")
        self._note(before, incident)
        self.incidents[incident.id] = answer

    def _note(self, before: Incident | None, incident: Incident) -> None:
        now = self.clock.now()
        if incident.state.live:
            self.ended.pop(incident.id, None)
        else:
            self.ended.setdefault(incident.id, now)
        if before is not None and incident.requests > before.requests:
            self.asked.setdefault(incident.id, []).append(now)
        if incident.state.followed:
            self.followed_since.setdefault(incident.id, now)

    def _check_members(self, who: str, incident: Incident) -> None:
        keys = [member.key for member in incident.members]
        twice = len(keys) != len(set(keys))
        self._object(twice, f"{who} put an alert into {incident.id} twice: {sorted(keys)}")
        for key in keys:
            home = self.home.setdefault(key, incident.id)
            before = self.incidents.get(home)
            member = before.member(key) if before is not None else None
            if home == incident.id or (member is not None and member.out is not None):
                continue  # what counts no more may open another one
            self._object(True, f"{who} put {key} into {incident.id} and {home}")

    def _check_state(self, who: str, before: Incident | None, incident: Incident) -> None:
        state = incident.state
        counted = [member.key for member in incident.members if member.out is None]
        taken_back = state is IncidentState.CANCELLED and bool(counted)
        self._object(taken_back, f"{who} cancelled {incident.id}, of which {counted} count")
        was = before is not None and before.state.followed
        if not state.followed or was:
            return
        definition = self._store.get_definition(Kind.RULE, incident.rule)
        most = definition.document.get("open_at_once", 100) if definition else 100
        rule = [one for one in self.incidents.values() if one.rule == incident.rule]
        others = [one.id for one in rule if one.state.followed and one.id != incident.id]
        words = f"{who} follows {incident.id} beside {others}: {most} at once may be"
        self._object(len(others) >= most, words)
        self._object(self.is_silenced(incident), f"{who} follows {incident.id}, which is silenced")

    def _object(self, broken: bool, words: str) -> None:
        if broken:
            self._complaints.append(words)

"""The events of incidents and of their watches.

Each function takes the record as it is to be stored with it, its `sequence` raised already.
"""

from datetime import datetime

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.watch import ArrivedPass, Watch
from s1ratio.events.data import IncidentData, PassData, WatchData
from s1ratio.events.kinds import EventKind
from s1ratio.events.teller import Change, Teller
from s1ratio.records import Event


def tell_of_incident(teller: Teller, incident: Incident) -> Event:
    """Return the event of an incident that stands otherwise than when it was told last."""
    data = IncidentData(
        incident=incident.id,
        rule=incident.rule,
        hazard=incident.hazard,
        state=incident.state,
        severity=incident.severity,
        alerts=len(incident.counted),
        area_km2=incident.area_km2,
        opened_at=_text(incident.opened_at),
        reason=incident.reason,
        words=incident.words or None,
    )
    change = Change(EventKind.INCIDENT_CHANGED, incident.id, incident.sequence, incident.id)
    return teller.tell(change, data, {"state": incident.state.value, "incident": incident.id})


def tell_of_watch(teller: Teller, watch: Watch, kind: EventKind) -> Event:
    """Return the event of a watch of which a pass arrived, or was delivered, or missed."""
    data = WatchData(
        watch=watch.id,
        incident=watch.incident,
        state=watch.state,
        relative_orbit=watch.relative_orbit,
        direction=watch.direction,
        taken=_pass_data(watch.taken) if watch.taken else None,
        requests=tuple(one.id for one in watch.requests) or None,
        baseline=watch.baseline,
        delivered=watch.delivered,
        missed=watch.missed,
        reason=watch.reason,
        words=watch.words or None,
    )
    change = Change(kind, watch.id, watch.sequence, watch.incident)
    return teller.tell(change, data, {"state": watch.state.value, "incident": watch.incident})


def _pass_data(taken: ArrivedPass) -> PassData:
    return PassData(
        platform=taken.platform,
        absolute_orbit=taken.absolute_orbit,
        first_line=_text(taken.first_line),
        last_line=_text(taken.last_line),
        coverage=taken.coverage,
    )


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"

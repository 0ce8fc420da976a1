"""Alerts: none is lost, each comes to something for a reason; their incidents end."""

from collections.abc import Iterator

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import AlertRecord, AlertState
from tests.simulation.drawing.happenings import Said
from tests.simulation.world.standing_site import StandingSite

_SETTLED = {AlertState.MEMBER, AlertState.FILTERED, AlertState.BROKEN, AlertState.CANCELLED}


def judge_alerts(site: StandingSite) -> Iterator[str]:
    """Tell of alerts that were lost, or have no reason; of incidents unlike their members."""
    incidents = {one.id: one for one in site.store.find_incidents(1_000)}
    for feed, name in sorted({(one.feed, one.alert) for one in site.standing.said if one.alert}):
        record = site.store.get_alert(f"{feed}:{name}")
        if record is None:
            yield f"alert {name} of {feed} was lost"
        else:
            yield from _alert(record, incidents)
    for said in site.standing.said:
        yield from _said(site, said)
    for incident in incidents.values():
        yield from _incident(site, incident)


def _said(site: StandingSite, said: Said) -> Iterator[str]:
    """Tell of a message that was forgotten: the newest of an alert, one that takes others back."""
    record = site.store.get_alert(f"{said.feed}:{said.alert}")
    newest = max(one.revision for one in site.standing.said if one.alert == said.alert)
    kept = record.item.raw if record is not None and record.item is not None else ""
    if said.alert and newest not in kept:
        yield f"alert {said.alert} is not as {newest} told it: {kept[:200]}"
    for name in said.cancels:
        other = site.store.get_alert(f"{said.feed}:{name}")
        if other is None or other.state is not AlertState.CANCELLED:
            yield f"alert {name} is {other and other.state}, though {said.alert} cancelled it"


def _alert(record: AlertRecord, incidents: dict[str, Incident]) -> Iterator[str]:
    if record.state not in _SETTLED:
        yield f"alert {record.id} is {record.state} for good: {record.words}"
    elif record.state is not AlertState.MEMBER and record.reason is None:
        yield f"alert {record.id} is {record.state} for no reason"
    incident = incidents.get(record.incident or "")
    key = (record.feed, record.alert_id)
    if record.incident and (incident is None or incident.member(key) is None):
        yield f"alert {record.id} is told to be of {record.incident}, which does not have it"
    member = incident.member(key) if incident is not None else None
    taken_back = record.state is AlertState.CANCELLED
    if taken_back and member is not None and member.out is None:
        yield f"alert {record.id} is cancelled, and counts in {record.incident}"


def _incident(site: StandingSite, incident: Incident) -> Iterator[str]:
    if incident.state.live:
        yield f"{incident.id} is {incident.state} for good"
    if incident.reason in {Reason.UNEXPECTED, Reason.NO_RULE}:
        yield f"{incident.id} ended for {incident.reason}: {incident.words}"
    for member in incident.members:
        record = site.store.get_alert(f"{member.feed}:{member.id}")
        astray = record is None or record.incident != incident.id
        if astray and member.out is None:  # what counts no more may be looked at anew
            yield f"{member.key} is in {incident.id}, and its alert is {record and record.incident}"

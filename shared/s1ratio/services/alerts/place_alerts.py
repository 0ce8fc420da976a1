"""Place: what waits of a hazard goes into incidents together, once the first of it is due.

An incident is stored before its alerts: its members are the truth, and an alert whose change was
lost is found among them by the next tick. Two ticks at once do no harm: each write is a
compare-and-set, and who loses begins anew with the next tick.
"""

from collections.abc import Sequence
from dataclasses import replace

from s1ratio.alerts.finding import keys_for
from s1ratio.alerts.grouping import Grouped, Placement, Waiting, group
from s1ratio.alerts.incident import Incident, member_of
from s1ratio.alerts.reasons import WORDS, Reason
from s1ratio.alerts.recording import MAX_NOTES
from s1ratio.alerts.records import AlertRecord, AlertState
from s1ratio.errors import AlreadyExists, Conflict, RecordRefused
from s1ratio.services.alerts.isolate import EVERYBODYS, isolate, put_off_alert
from s1ratio.services.alerts.key_incidents import key_incidents
from s1ratio.services.alerts.tick_state import Tick
from s1ratio.services.storing.incidents import commit_incident

_AT_ONCE = 1_000
_MAX_INCIDENTS = 5_000


def place_waiting(tick: Tick) -> None:
    """Place what waits of each hazard of which something is due."""
    store, now = tick.context.store, tick.context.clock.now()
    due = store.find_due_alerts(AlertState.WAITING, now, _AT_ONCE)
    if not due or not key_incidents(tick):
        return
    for hazard in sorted({record.hazard for record in due if record.hazard}):
        if not tick.has_time():
            return
        with isolate(f"placing alerts of {hazard}", tick.troubles, lambda words: words):
            _place(tick, hazard)


def _place(tick: Tick, hazard: str) -> None:
    records = tick.context.store.find_waiting_alerts(hazard, _AT_ONCE)
    waiting = [(record, one) for record in records if (one := _waiting(tick, record)) is not None]
    incidents = _find_candidates(tick, hazard, [one for _, one in waiting])
    now = tick.context.clock.now()
    try:
        grouped = group([one for _, one in waiting], incidents, now)
    except EVERYBODYS:
        raise
    except Exception as error:
        # One of them can't be placed: each is tried by itself, and that one is put off.
        tick.troubles.append(f"placing alerts of {hazard} together: {error}")
        _place_each(tick, waiting, incidents)
        return
    _store(tick, [record for record, _ in waiting], grouped)


def _find_candidates(tick: Tick, hazard: str, waiting: Sequence[Waiting]) -> Sequence[Incident]:
    """Return the incidents that alerts may join: those near them, or with a name in common."""
    store, keys = tick.context.store, keys_for(hazard, waiting)
    if keys is None:
        return store.find_live_incidents(hazard, _MAX_INCIDENTS)
    return [one for one in store.find_incidents_by(keys) if one.hazard == hazard]


def _place_each(
    tick: Tick, waiting: Sequence[tuple[AlertRecord, Waiting]], incidents: Sequence[Incident]
) -> None:
    live = {one.id: one for one in incidents}
    ordered = sorted(waiting, key=lambda pair: (pair[1].member.time, *pair[1].member.key))
    for record, one in ordered:
        with isolate(
            f"placing alert {record.id}",
            tick.troubles,
            lambda words, late=record: put_off_alert(tick.context, late, words),  # type: ignore[misc]
        ):
            grouped = group([one], live.values(), tick.context.clock.now())
            live |= {each.id: each for each in _store(tick, [record], grouped)}


def _waiting(tick: Tick, record: AlertRecord) -> Waiting | None:
    """Return an alert as it is placed, or None; one whose rule is gone is judged again."""
    rule = next((one for one in tick.rules if one.name == record.rule), None)
    if rule is not None and record.item is not None and record.item.place is not None:
        return Waiting(member_of(record.item, record.changed_at), rule)
    again = replace(record, state=AlertState.RECORDED, due_at=tick.context.clock.now())
    with isolate(f"alert {record.id}", tick.troubles, lambda words: words):
        tick.context.store.update_alert(again, record.version)
    return None


def _store(tick: Tick, records: Sequence[AlertRecord], grouped: Grouped) -> list[Incident]:
    stored: dict[str, Incident] = {}
    lost: set[str] = set()
    refused: dict[str, str] = {}
    for incident in grouped.changed:
        try:
            stored[incident.id] = _save(tick, incident)
        except Conflict:  # changed meanwhile: what would have joined it waits for the next tick
            lost.add(incident.id)
            tick.troubles.append(f"incident {incident.id}: changed by another")
        except RecordRefused as error:  # what is too large for it holds up nothing else
            refused[incident.id] = str(error)
            tick.troubles.append(f"incident {incident.id}: {error}")
    for record in records:
        placement = grouped.placements.get((record.feed, record.alert_id))
        if placement is None or placement.incident_id in lost:
            continue
        with isolate(f"alert {record.id}", tick.troubles, lambda words: words):
            if placement.incident_id in refused:
                put_off_alert(tick.context, record, refused[placement.incident_id])
                continue
            tick.context.store.update_alert(_member(record, placement), record.version)
            tick.report.placed += 1
    return list(stored.values())


def _save(tick: Tick, incident: Incident) -> Incident:
    """Store an incident; one that its first alert opens for a second time takes the old's place."""
    try:
        return commit_incident(tick.context, incident, incident.version)
    except AlreadyExists:
        known = tick.context.store.get_incident(incident.id)
        if known is None or known.state.live:
            raise
        again = replace(incident, sequence=known.sequence)  # what is told of it counts on
        return commit_incident(tick.context, again, known.version)


def _member(record: AlertRecord, placement: Placement) -> AlertRecord:
    far = [f"{WORDS[Reason.TOO_FAR]}: {name}" for name in placement.far]
    return replace(
        record,
        state=AlertState.MEMBER,
        incident=placement.incident_id,
        reason=None,
        words="it opened it" if placement.opened else "it joined it",
        due_at=None,
        notes=(*record.notes, *far)[-MAX_NOTES:],
        tries=0,
    )

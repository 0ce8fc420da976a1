"""Judge: what was recorded is looked at by the rules, and cancellations are applied.

An incident is changed before the alert that changed it: killed in between, the alert is judged
again, and the same comes of it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.alerts.incident import Incident, member_of
from s1ratio.alerts.items import Item, Status
from s1ratio.alerts.judging import Verdict, judge, refuse_by_gates
from s1ratio.alerts.reasons import WORDS, Reason
from s1ratio.alerts.recording import cancelled_before
from s1ratio.alerts.records import AlertRecord, AlertState, alert_record_id
from s1ratio.alerts.revising import with_revision, without_members
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.isolate import isolate, put_off_alert
from s1ratio.services.alerts.tick_state import Tick
from s1ratio.services.storing.incidents import commit_incident

_AT_ONCE = 500


def judge_recorded(tick: Tick) -> None:
    """Judge alerts that are due, five hundred at a time, as long as there is time."""
    context = tick.context
    while tick.has_time():
        due = context.store.find_due_alerts(AlertState.RECORDED, context.clock.now(), _AT_ONCE)
        for record in due:
            if not tick.has_time():
                return
            with isolate(
                f"judging alert {record.id}",
                tick.troubles,
                lambda words, one=record: put_off_alert(context, one, words),  # type: ignore[misc]
            ):
                _judge(tick, record)
                tick.report.judged += 1
        if len(due) < _AT_ONCE:
            return


def _judge(tick: Tick, record: AlertRecord) -> None:
    now, item = tick.context.clock.now(), record.item
    if item is None:
        after = replace(record, state=AlertState.BROKEN, due_at=None)
    elif item.status is Status.CANCEL:
        after = _cancel(tick.context, record, item, now)
    else:
        incident = tick.context.store.get_incident(record.incident) if record.incident else None
        # One that was lowered, and whose incident ended with it, opens one again if it may.
        lowered = record.reason is Reason.DOWNGRADED
        if incident is not None and (incident.state.live or not lowered):
            after = _revise(tick, record, item, incident, now)
        else:
            after = _admit(tick, record, item)
    tick.context.store.update_alert(after, record.version)


def _admit(tick: Tick, record: AlertRecord, item: Item) -> AlertRecord:
    """Return an alert of no incident: it waits for its group, or is filtered for a reason."""
    # Its age is judged once, at the first arrival that passes the gates.
    judged = record.passed_at is not None
    verdict = judge(item, item.time if judged else record.changed_at, tick.rules)
    if verdict.rule is not None and judged and record.reason is Reason.TOO_OLD:
        verdict = Verdict(None, Reason.TOO_OLD, record.words)
    if verdict.rule is None:
        old = verdict.reason is Reason.TOO_OLD
        return replace(
            record,
            state=AlertState.FILTERED,
            reason=verdict.reason,
            words=_words(verdict),
            due_at=None,
            passed_at=record.passed_at or (record.changed_at if old else None),
            hazard=None,
            incident=None,
        )
    # Counted from the first arrival that passed: who is revised all the time waits no longer.
    passed_at = record.passed_at or record.changed_at
    wait = timedelta(minutes=verdict.rule.grouping.wait_min)
    return replace(
        record,
        state=AlertState.WAITING,
        reason=None,
        words="",
        hazard=verdict.rule.hazard,
        rule=verdict.rule.name,
        passed_at=passed_at,
        due_at=passed_at + wait,
        incident=None,
        tries=0,
    )


def _revise(
    tick: Tick, record: AlertRecord, item: Item, incident: Incident, now: datetime
) -> AlertRecord:
    """Return a member as its revision leaves it; its incident is changed if that still counts."""
    after = replace(record, state=AlertState.MEMBER, due_at=None, reason=None, words="", tries=0)
    if not incident.state.live:
        return replace(after, words=f"incident {incident.id} has ended: this only annotates")
    rule = next((one for one in tick.rules if one.name == record.rule), None)
    refusal = refuse_by_gates(item, rule) if rule is not None else None
    low = refusal is not None and refusal.reason is Reason.SEVERITY
    if low and record.feed in tick.lowering:
        _without(tick.context, incident, [record], Reason.DOWNGRADED, now)
        words = f"by its revision of {now:%Y-%m-%d %H:%M} UTC"
        return replace(after, state=AlertState.CANCELLED, reason=Reason.DOWNGRADED, words=words)
    if item.status is Status.ALERT and item.place is not None:
        changed = with_revision(incident, member_of(item, record.changed_at), now)
        commit_incident(tick.context, changed, incident.version)
    if refusal is not None:
        return replace(after, reason=refusal.reason, words=f"annotates: {_words(refusal)}")
    return after


def _cancel(context: AlertContext, record: AlertRecord, item: Item, now: datetime) -> AlertRecord:
    """Take back what a cancellation names: itself, and what it references, come or not."""
    names = [record.alert_id, *item.supersedes]
    ids = {name: alert_record_id(record.feed, name) for name in names}
    known = context.store.get_alerts(ids.values())
    by_incident: dict[str, list[AlertRecord]] = {}
    for name in names[1:]:
        found = known.get(ids[name])
        if found is None:
            early = cancelled_before(record.feed, name, record.alert_id, record.message, now)
            found, _ = context.store.create_alert(early)
        if found.incident:
            by_incident.setdefault(found.incident, []).append(found)
        if found.cancelled_by is None:
            _take_back(context, found, record.alert_id)
    if record.incident:
        by_incident.setdefault(record.incident, []).append(record)
    for name, members in by_incident.items():
        incident = context.store.get_incident(name)
        if incident is not None and incident.state.live:
            _without(context, incident, members, Reason.CANCELLED, now)
    words = f"it cancels {len(names) - 1} alerts" if names[1:] else WORDS[Reason.CANCELLED]
    done = replace(record, state=AlertState.CANCELLED, reason=Reason.CANCELLED, due_at=None)
    return replace(done, words=words, tries=0)


def _take_back(context: AlertContext, found: AlertRecord, by: str) -> None:
    cancelled = replace(found, state=AlertState.CANCELLED, reason=Reason.CANCELLED, due_at=None)
    context.store.update_alert(replace(cancelled, cancelled_by=by, words=f"by {by}"), found.version)


def _without(
    context: AlertContext,
    incident: Incident,
    members: list[AlertRecord],
    reason: Reason,
    now: datetime,
) -> None:
    """Take alerts out of an incident; one that has not yet been requested ends with them."""
    keys = [(one.feed, one.alert_id) for one in members]
    changed = without_members(incident, keys, reason, now)
    if changed != incident:
        commit_incident(context, changed, incident.version)


def _words(verdict: Verdict) -> str:
    told = WORDS[verdict.reason] if verdict.reason else ""
    return f"{told} ({verdict.words})" if verdict.words else told

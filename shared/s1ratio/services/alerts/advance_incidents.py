"""Advance: incidents that are due get their state, their area, and whether that is wanted."""

from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import KEPT_AFTER_SEEN
from s1ratio.alerts.revising import advance
from s1ratio.alerts.rule_requests import refuse_early
from s1ratio.services.alerts.budgets import find_hold
from s1ratio.services.alerts.isolate import isolate, put_off_incident
from s1ratio.services.alerts.tick_state import Tick
from s1ratio.services.storing.incidents import commit_incident

_AT_ONCE = 200


def advance_due(tick: Tick) -> None:
    """Advance incidents that are due, the worst first where a budget does not do for all."""
    context, seen = tick.context, set[str]()
    while tick.has_time():
        due = context.store.find_due_incidents(context.clock.now(), _AT_ONCE)
        fresh = [one for one in due if one.id not in seen]
        for incident in sorted(fresh, key=lambda one: (-one.severity, one.opened_at, one.id)):
            if not tick.has_time():
                return
            seen.add(incident.id)
            with isolate(
                f"incident {incident.id}",
                tick.troubles,
                lambda words, one=incident: put_off_incident(context, one, words),  # type: ignore[misc]
            ):
                _advance(tick, incident)
        if len(due) < _AT_ONCE or not fresh:
            return


def _advance(tick: Tick, incident: Incident) -> None:
    now = tick.context.clock.now()
    rule = next((one for one in tick.rules if one.name == incident.rule), None)
    if rule is None:
        after = _without_rule(incident, now)
    else:
        waits = incident.state is IncidentState.OPEN and len(incident.counted) >= rule.members
        held = find_hold(tick, incident, rule) if waits else ""
        limits = tick.context.settings.limits(now.date())
        after = refuse_early(advance(incident, rule, tick.silences, held, now), rule, limits)
        # What is wanted is done when its scenes were listed, and not before.
        after = replace(after, tries=incident.tries if after.wanted else 0)
    if not after.state.live:
        after = replace(after, expire_at=now + KEPT_AFTER_SEEN)
    if after == incident:
        # Nothing to do until much later, or a clock that stands still: not each minute anew.
        after = replace(after, due_at=now + timedelta(minutes=10))
    commit_incident(tick.context, after, incident.version)
    tick.report.moved += 1
    tick.report.wanted += after.wanted


def _without_rule(incident: Incident, now: datetime) -> Incident:
    words = f"rule {incident.rule} was removed, or can't be read any more"
    ended = replace(incident, state=IncidentState.CLOSED, wanted=False, ended_at=now)
    return replace(ended, reason=Reason.NO_RULE, words=words, due_at=now)

"""What a revision or a cancellation does to an incident, and what time does to it.

Only four things cancel: a CAP Cancel, an earthquake that USGS deleted, and whatever else a feed's
status calls a cancel; and a severity that a feed with `lowering: cancel` (GDACS) takes below the
rule's gate. All other changes downwards annotate. An incident is cancelled when all of its members
are; what was superseded goes with what superseded it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.alerts.covering import cover, growth
from s1ratio.alerts.grouping import without_superseded
from s1ratio.alerts.incident import Incident, IncidentState, Member
from s1ratio.alerts.reasons import Reason, count_alerts
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.silences import Silence, covers


def with_revision(incident: Incident, member: Member, now: datetime) -> Incident:
    """Return an incident with a member as its feed tells it now; its area is looked at when due."""
    members = [member if one.key == member.key else one for one in incident.members]
    return _with(incident, members, now)


def without_members(
    incident: Incident, keys: Iterable[tuple[str, str]], reason: Reason, now: datetime
) -> Incident:
    """Return an incident some members of which count no more, for a reason."""
    out = set(keys)
    members = [
        replace(one, out=reason) if one.key in out and one.out in (None, Reason.SUPERSEDED) else one
        for one in incident.members
    ]
    return _with(incident, members, now)


def _with(incident: Incident, members: Iterable[Member], now: datetime) -> Incident:
    every = without_superseded(list(members))
    counted = [one for one in every if one.out is None]
    return replace(
        incident,
        members=every,
        severity=max((one.severity for one in counted), default=0),
        first_at=min((one.time for one in counted), default=incident.first_at),
        assess_at=incident.assess_at or now,
        due_at=now,
    )


def advance(
    incident: Incident, rule: Rule, silences: Iterable[Silence], held: str, now: datetime
) -> Incident:
    """Return what an incident comes to by now: its state, its area, and whether that is wanted.

    `held` says in words which budget of incidents at once is used up: it stays OPEN. The area is
    computed when it is due, at most once every `interval_h`.
    """
    if not incident.state.live:
        return incident
    if not incident.counted:
        return _ended(incident, IncidentState.CANCELLED, Reason.CANCELLED, now)
    closes_at = incident.last_member_at + timedelta(days=rule.grouping.close_days)
    if now >= closes_at:
        return _ended(incident, IncidentState.CLOSED, incident.reason, now)
    incident = _assessed(_moved(incident, rule, silences, held, now), rule, now)
    return replace(incident, due_at=_next(incident, rule, closes_at, now))


def _moved(
    incident: Incident, rule: Rule, silences: Iterable[Silence], held: str, now: datetime
) -> Incident:
    state, reason, words = incident.state, None, ""
    silence = next((one for one in silences if covers(one, incident, now)), None)
    quiet_at = incident.last_member_at + timedelta(days=rule.grouping.quiet_days)
    count = len(incident.counted)
    if state is IncidentState.OPEN:
        if count < rule.members:
            reason, words = (
                Reason.TOO_FEW,
                f"{count_alerts(count)}, rule {rule.name} takes {rule.members}",
            )
        elif silence is None and not held:
            state = IncidentState.ACTIVE
    if reason is None and silence is not None:
        reason, words = (
            Reason.SILENCED,
            f"{silence.name}, until {silence.ends_at:%Y-%m-%d %H:%M} UTC",
        )
    elif reason is None and state is IncidentState.OPEN and held:
        reason, words = Reason.HELD, held
    if state is IncidentState.ACTIVE and now >= quiet_at:
        state = IncidentState.QUIET
    return replace(incident, state=state, reason=reason, words=words)


def _assessed(incident: Incident, rule: Rule, now: datetime) -> Incident:
    """Return an incident with its area, if that is due, and whether it is to be requested."""
    due = incident.assess_at is not None and now >= _assessable(incident, rule)
    if due:
        found = cover(incident.counted, rule.buffers)
        incident = replace(
            incident,
            area=found.area,
            area_km2=found.km2,
            inhibited=len(found.inhibited),
            assess_at=None,
            assessed_at=now,
        )
    silent = incident.reason is Reason.SILENCED
    if not incident.state.followed or silent or incident.area is None:
        return replace(incident, wanted=False)
    more = growth(incident.area, incident.requested)
    wanted = incident.requested is None or more > rule.growth
    small = Reason.SMALL_CHANGE if not wanted and due and more > 0 else incident.reason
    words = f"by {more:.0%}" if small is Reason.SMALL_CHANGE else incident.words
    return replace(incident, wanted=wanted, reason=small, words=words)


def _assessable(incident: Incident, rule: Rule) -> datetime:
    last = incident.assessed_at
    asked = incident.assess_at or incident.opened_at
    # Before anything was requested every member counts at once: the first area is to be whole.
    if last is None or incident.requested is None:
        return asked
    return max(asked, last + timedelta(hours=rule.grouping.interval_h))


def _next(incident: Incident, rule: Rule, closes_at: datetime, now: datetime) -> datetime:
    """Return when time alone may change an incident again."""
    times = [closes_at]
    if incident.state is IncidentState.ACTIVE:
        times.append(incident.last_member_at + timedelta(days=rule.grouping.quiet_days))
    if incident.assess_at is not None:
        times.append(_assessable(incident, rule))
    if incident.reason in (Reason.SILENCED, Reason.HELD):
        times.append(now + timedelta(hours=1))
    return max(now, min(times))


def _ended(
    incident: Incident, state: IncidentState, reason: Reason | None, now: datetime
) -> Incident:
    return replace(
        incident, state=state, reason=reason, wanted=False, assess_at=None, ended_at=now, due_at=now
    )

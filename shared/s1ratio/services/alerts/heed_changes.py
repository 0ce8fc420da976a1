"""Heed: incidents that a rule or a silence is about are due as soon as that has changed.

A definition that changed is `pending` until all of its incidents are due: killed in between, the
rest is found again, since what is due already is not looked for.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.records import Definition, Kind
from s1ratio.alerts.silences import covers, read_silence
from s1ratio.errors import Conflict, InvalidRequest
from s1ratio.services.alerts.tick_state import Tick
from s1ratio.services.storing.paging import fetch_pages

_AT_ONCE = 200
_MAX_CHANGES = 100  # definitions a tick


def heed_changes(tick: Tick) -> None:
    """Make incidents due whose rule changed, or that a changed silence covers, or covered."""
    store = tick.context.store
    for definition in store.find_pending_definitions(_MAX_CHANGES):
        if not _make_due(tick, definition):
            return  # the next tick goes on with it
        with suppress(Conflict):  # it has changed again: that is heeded with the next tick
            store.save_definition(replace(definition, pending=False), definition.version)


def _make_due(tick: Tick, definition: Definition) -> bool:
    """Make the incidents of a definition due; tell whether that was all of them."""
    store, now = tick.context.store, tick.context.clock.now()
    pages = fetch_pages(
        lambda most, since: store.find_later_incidents(since or now, most),
        lambda incident: incident.due_at,
        size=_AT_ONCE,
    )
    for page in pages:
        for incident in page:
            if incident.due_at > now and _is_about(definition, incident, now):
                with suppress(Conflict):  # another has it, and looks at it now
                    store.save_incident(replace(incident, due_at=now), incident.version)
        if not tick.has_time():
            return False
    return True


def _is_about(definition: Definition, incident: Incident, now: datetime) -> bool:
    """Tell whether a rule is an incident's, or a silence covers it, or did until it changed."""
    if definition.kind is Kind.RULE:
        return incident.rule == definition.name
    if incident.reason is Reason.SILENCED:
        return True
    if definition.removed:
        return False
    try:
        return covers(read_silence(definition.document), incident, now)
    except InvalidRequest:  # of another version of this software: it covers nothing here
        return False

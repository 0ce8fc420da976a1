"""Incidents: the list, and one with its area, its alerts and its watches."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.reasons import WORDS
from s1ratio.alerts.watch import Watch
from s1ratio.alerts.watch_tracks import geojson_of
from s1ratio.ports.reading import IncidentFilter, IncidentOverview
from s1ratio.services.reading.call import Answer, Call, Problem, link, not_found
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.cursors import cursor_of
from s1ratio.services.reading.paging import make_page
from s1ratio.services.reading.parameters import CURSOR, limit, text, word
from s1ratio.services.reading.plain import plain

_USUAL = 50
_SHOWN = 100
INCIDENT_PARAMETERS = (
    limit(1000, _USUAL),
    CURSOR,
    word("state", "Its state.", IncidentState),
    text("hazard", "What kind of happening it is, such as flood.", most=40),
)
_OF_A_MEMBER = ("feed", "id", "time", "severity", "arrived_at", "label", "magnitude", "out")
_OF_A_WATCH = (
    *("id", "relative_orbit", "direction", "state", "changed_at", "due_at", "expected_at"),
    *("expected_platform", "arrived_at", "requested_at", "requests", "delivered", "missed"),
    *("reason", "words"),
)


def list_incidents(context: ReadingContext, call: Call) -> Answer:
    """Return a page of incidents, newest first."""

    def show(found: Sequence[IncidentOverview]) -> list[dict[str, Any]]:
        """Return incidents as JSON."""
        return [{**plain(one), "links": [_self(call, one.id)]} for one in found]

    wanted = IncidentFilter(call.query.get("state"), call.query.get("hazard"))
    fetch = partial(context.store.list_incidents, wanted)
    return make_page(call, "incidents", fetch=fetch, show=show, cursor=_cursor, usual=_USUAL)


def _cursor(one: IncidentOverview) -> str:
    return cursor_of(one.opened_at, one.id)


def show_incident(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return an incident, with its first alerts and watches."""
    name = call.names["incidentID"]
    incident = context.store.get_incident(name)
    if incident is None:
        return not_found("incident", name)
    watches = context.store.find_watches_of(name, _SHOWN + 1)
    overview = {name: getattr(incident, name) for name in IncidentOverview.__dataclass_fields__}
    told = {
        **plain(overview),
        "why": WORDS[incident.reason] if incident.reason else incident.words,
        "area": _area(incident),
        "alerts": [_some(one, _OF_A_MEMBER) for one in incident.members[:_SHOWN]],
        "more_alerts": max(0, len(incident.members) - _SHOWN),
        "watches": [_tell_watch(one) for one in watches[:_SHOWN]],
        "more_watches": len(watches) > _SHOWN,
        "links": [
            _self(call, name),
            link("up", call.url_of("incidents"), "All incidents"),
            link("related", call.url_of("jobs", incident=name), "Its jobs"),
            link("related", call.url_of("why", name), "Why it stands as it does"),
        ],
    }
    return Answer(told)


def _area(incident: Incident) -> Any:
    return None if incident.area is None else geojson_of(incident.area)


def _tell_watch(watch: Watch) -> dict[str, Any]:
    return {**_some(watch, _OF_A_WATCH), "taken": plain(watch.taken)}


def _some(record: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return some fields of a record as data."""
    return {name: plain(getattr(record, name)) for name in names}


def _self(call: Call, name: str) -> dict[str, str]:
    return link("self", call.url_of("incidents", name), "This incident")

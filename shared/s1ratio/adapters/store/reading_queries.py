"""The queries for who reads, page by page, as data.

Each filter has its index, and so has each with a state. Others together are merged by Firestore
from the indexes of each, which all end in the same order; SQLite reads one and passes over what
does not fit.
"""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from s1ratio.adapters.store.alert_queries import INCIDENTS
from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.adapters.store.queries import REJECTIONS, REQUESTS, TASKS
from s1ratio.adapters.store.region_queries import REGIONS
from s1ratio.alerts.incident import IncidentState
from s1ratio.ports.reading import (
    IncidentFilter,
    IncidentOverview,
    Place,
    RegionOverview,
    RejectionOverview,
    RequestFilter,
    RequestOverview,
)
from s1ratio.records import RequestState
from s1ratio.regions.states import RegionState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _names(record: type[Any]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(record))


def list_requests(wanted: RequestFilter, limit: int, after: Place | None = None) -> Query:
    """Requests that fit a filter, newest first."""
    where = [
        *(
            [Where("labels", "array_contains_any", [wanted.label])]
            if wanted.label is not None
            else []
        ),
        *([Where("region", "==", wanted.region)] if wanted.region is not None else []),
        *([Where("incident", "==", wanted.incident)] if wanted.incident is not None else []),
        *([_in_states(wanted.states)] if wanted.states else []),
        *([Where("created_at", ">=", wanted.since)] if wanted.since else []),
        *([Where("created_at", "<=", wanted.until)] if wanted.until else []),
    ]
    order = (Order("created_at", descending=True),)
    return Query(REQUESTS, tuple(where), order, limit, _at(after), _names(RequestOverview))


def _in_states(states: tuple[RequestState, ...]) -> Where:
    if len(states) == 1:
        return Where("state", "==", states[0])
    return Where("state", "in", sorted(states))


def list_tasks(request_id: str, limit: int, after: str | None = None) -> Query:
    """Tasks of a request, by id."""
    where = (Where("plan.request_id", "==", request_id),)
    return Query(TASKS, where, (Order("plan.id"),), limit, _id(after))


def list_regions(state: RegionState | None, limit: int, after: str | None = None) -> Query:
    """Regions, all or those in a state, by id."""
    where = () if state is None else (Where("state", "==", state),)
    return Query(REGIONS, where, (Order("id"),), limit, _id(after), _names(RegionOverview))


def list_incidents(wanted: IncidentFilter, limit: int, after: Place | None = None) -> Query:
    """Incidents that fit a filter, newest first."""
    where = [
        *([Where("hazard", "==", wanted.hazard)] if wanted.hazard is not None else []),
        *([Where("state", "==", wanted.state)] if wanted.state is not None else []),
    ]
    order = (Order("opened_at", descending=True),)
    return Query(INCIDENTS, tuple(where), order, limit, _at(after), _names(IncidentOverview))


def list_rejections(limit: int, after: Place | None = None) -> Query:
    """Rejections, newest first."""
    order = (Order("at", descending=True),)
    return Query(REJECTIONS, (), order, limit, _at(after), _names(RejectionOverview))


def _at(place: Place | None) -> tuple[datetime, str] | None:
    return None if place is None else (place.at, place.id)


def _id(name: str | None) -> tuple[str, str] | None:
    return None if name is None else (name, name)


def _every_filter() -> list[RequestFilter]:
    """Return each filter alone, and with a state."""
    state = (RequestState.FAILED,)
    narrowed: list[dict[str, str]] = [{}, {"label": ""}, {"region": ""}, {"incident": ""}]
    return [
        RequestFilter(**each, states=states)  # type: ignore[arg-type]
        for each in narrowed
        for states in ((), state)
    ]


READING_QUERIES = (
    *(list_requests(wanted, 1) for wanted in _every_filter()),
    list_tasks("", 1),
    list_regions(None, 1),
    list_regions(RegionState.ACTIVE, 1),
    list_incidents(IncidentFilter(), 1),
    list_incidents(IncidentFilter(IncidentState.OPEN), 1),
    list_incidents(IncidentFilter(hazard=""), 1),
    list_incidents(IncidentFilter(IncidentState.OPEN, ""), 1),
    list_rejections(1),
)

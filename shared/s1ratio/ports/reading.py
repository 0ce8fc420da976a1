"""Lists for who reads, a page at a time: each page costs what it shows, whatever there is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.faults import Fault
from s1ratio.records import RequestState, Topic
from s1ratio.regions.states import RegionState, Why
from s1ratio.task import Task


@dataclass(frozen=True)
class Place:
    """Where a page of a list in the order of a time begins: after the record with this time, id."""

    at: datetime
    id: str


@dataclass(frozen=True)
class RequestFilter:
    """Which requests are asked for: what is None, or empty, does not narrow it.

    `label` is one label as `name=value`; made at `since` or later, and at `until` or before.
    """

    states: tuple[RequestState, ...] = ()
    label: str | None = None
    region: str | None = None
    incident: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents are asked for: what is None does not narrow it."""

    state: IncidentState | None = None
    hazard: str | None = None


@dataclass(frozen=True)
class RequestOverview:
    """What a list shows of a request: its record without what may be large; see `RequestRecord`."""

    id: str
    state: RequestState
    created_at: datetime
    not_before: datetime
    size: int = 0
    tallies: dict[str, int] = field(default_factory=dict)
    eecu_seconds: float = 0.0
    error: str | None = None
    cancelling: str | None = None
    priority: int | None = None
    labels: tuple[str, ...] = ()
    region: str | None = None
    incident: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class RegionOverview:
    """What a list shows of a region: its record without its definition; see `RegionRecord`."""

    id: str
    state: RegionState
    created_at: datetime
    since: datetime
    due_at: datetime | None = None
    why: str = ""
    by: str = ""
    held: Why | None = None
    looked_at: datetime | None = None
    tries: int = 0
    error: str | None = None


@dataclass(frozen=True)
class IncidentOverview:
    """What a list shows of an incident: its record without members and areas; see `Incident`."""

    id: str
    hazard: str
    rule: str
    owner: str
    state: IncidentState
    opened_at: datetime
    first_at: datetime
    last_member_at: datetime
    severity: int = 0
    area_km2: float = 0.0
    inhibited: int = 0
    requested_at: datetime | None = None
    requests: int = 0
    reason: Reason | None = None
    words: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class RejectionOverview:
    """What a list shows of a rejection: all but the copy of the message; see `Rejection`."""

    id: str
    at: datetime
    reasons: tuple[Fault, ...]
    message_id: str | None = None
    topic: Topic = "requests"
    expire_at: datetime | None = None


class ReadingStore(Protocol):
    """The part of a Store that is read by page; it raises what the others do.

    A page holds `limit` records at most, those that come after a place; fewer are the last ones.
    """

    def list_requests(
        self, wanted: RequestFilter, limit: int, after: Place | None = None
    ) -> Sequence[RequestOverview]:
        """Return requests, newest first."""

    def list_tasks(self, request_id: str, limit: int, after: str | None = None) -> Sequence[Task]:
        """Return tasks of a request by id, those after an id."""

    def list_regions(
        self, state: RegionState | None, limit: int, after: str | None = None
    ) -> Sequence[RegionOverview]:
        """Return regions, all or those in a state, by id, those after an id."""

    def list_incidents(
        self, wanted: IncidentFilter, limit: int, after: Place | None = None
    ) -> Sequence[IncidentOverview]:
        """Return incidents, newest first."""

    def list_rejections(
        self, limit: int, after: Place | None = None
    ) -> Sequence[RejectionOverview]:
        """Return rejections, newest first."""

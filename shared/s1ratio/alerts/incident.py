"""Incidents: alerts that are one happening, as they are stored. For who builds on them:

An `Incident` has a deterministic `id`, its `hazard` and the name of its `rule` (the first
member's), its `members` (each with the alert's feed, id, time, place and severity), their highest
`severity`, and a `state`. `area` is what it covers with buffers, WKT in lon/lat: see `covering`;
`wanted` says whether that is to be requested (anew). Who requests it stores `note_requested`.
Windows, priority and `follow` are the rule's: `Rule.windows`, … of the rule of this name.

    OPEN → ACTIVE → QUIET → CLOSED      OPEN has too few members, or is silenced or held (`reason`)
      └──────┴────────┴───→ CANCELLED   ACTIVE and QUIET are followed; a member makes QUIET ACTIVE
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from s1ratio.alerts.item import Item
from s1ratio.alerts.reasons import Reason

MAX_MEMBERS = 2_000
# Bytes of all members: with the area and what was requested last they must fit into a document.
MAX_MEMBERS_BYTES = 700_000
_MEMBER_BYTES, _TEXT_BYTES = 330, 3  # beside its texts, and around each of them


class IncidentState(StrEnum):
    """Where an incident stands; see the module."""

    OPEN = "OPEN"
    ACTIVE = "ACTIVE"
    QUIET = "QUIET"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"

    @property
    def live(self) -> bool:
        """Whether alerts may still join it."""
        return self not in {IncidentState.CLOSED, IncidentState.CANCELLED}

    @property
    def followed(self) -> bool:
        """Whether passes over it are waited for."""
        return self in {IncidentState.ACTIVE, IncidentState.QUIET}


@dataclass(frozen=True)
class Member:
    """An alert in an incident. `out` says why it counts no more: cancelled, or superseded.

    Of its `names` the first is its id, which is its feed's; by the others it goes elsewhere.
    """

    feed: str
    id: str
    time: datetime
    place: str
    severity: int
    arrived_at: datetime
    label: str = ""
    footprint: bool = False
    magnitude: float | None = None
    names: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    out: Reason | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Its alert's feed and id."""
        return self.feed, self.id

    @property
    def size(self) -> int:
        """How many bytes it takes in its incident's record, or a few more."""
        texts = (self.feed, self.id, self.place, self.label, *self.names, *self.supersedes)
        # As JSON: quotes and controls in it are escaped.
        written = sum(len(json.dumps(one, ensure_ascii=False).encode()) for one in texts)
        return _MEMBER_BYTES + written + _TEXT_BYTES * len(texts)


@dataclass(frozen=True)
class Incident:
    """One happening; see the module. Times are UTC, areas WKT in lon/lat and km².

    `assess_at` is when its area is looked at next, None while nothing changed; `due_at` when its
    state may change by time alone. `requested` is the area that was requested last, `requests` how
    often one was. `watched` says that it may have watches that are open. `found_by` are its keys,
    which the store gives it: see `finding`. `sequence` counts its changes that were told; `told` is
    how it stood when it was told last.
    """

    id: str
    hazard: str
    rule: str
    owner: str
    state: IncidentState
    opened_at: datetime
    members: tuple[Member, ...]
    first_at: datetime
    last_member_at: datetime
    due_at: datetime
    severity: int = 0
    assess_at: datetime | None = None
    assessed_at: datetime | None = None
    area: str | None = None
    area_km2: float = 0.0
    inhibited: int = 0
    requested: str | None = None
    requested_km2: float = 0.0
    requested_at: datetime | None = None
    requests: int = 0
    wanted: bool = False
    watched: bool = False
    reason: Reason | None = None
    words: str = ""
    ended_at: datetime | None = None
    tries: int = 0
    expire_at: datetime | None = None
    found_by: tuple[str, ...] = field(default=(), compare=False)
    sequence: int = 0
    told: str = ""
    version: Any = field(default=None, compare=False)

    @property
    def counted(self) -> tuple[Member, ...]:
        """The members that count: neither cancelled nor superseded."""
        return tuple(member for member in self.members if member.out is None)

    @property
    def names(self) -> frozenset[str]:
        """All names that its members go by."""
        return frozenset(name for member in self.members for name in member.names)

    def member(self, key: tuple[str, str]) -> Member | None:
        """Return the member of an alert, None if it is none."""
        return next((one for one in self.members if one.key == key), None)


def incident_id(feed: str, alert_id: str) -> str:
    """Return the id of the incident that an alert opens."""
    digest = hashlib.sha256(f"{feed}|{alert_id}".encode("utf-8", "surrogatepass"))
    return f"i-{digest.hexdigest()[:10]}"


def member_of(item: Item, arrived_at: datetime) -> Member:
    """Return an alert with a place as a member; raise ValueError without one."""
    if item.place is None:
        raise ValueError(f"alert {item.id} of {item.feed} has no place")
    return Member(
        feed=item.feed,
        id=item.id,
        time=item.time,
        place=item.place,
        severity=item.severity,
        arrived_at=arrived_at,
        label=item.label,
        footprint=item.footprint,
        magnitude=item.magnitude,
        names=(item.id, *dict.fromkeys((*item.aliases, *item.supersedes))),
        supersedes=item.supersedes,
    )


def note_requested(incident: Incident, now: datetime) -> Incident:
    """Return an incident whose area of now has been requested."""
    return replace(
        incident,
        requested=incident.area,
        requested_km2=incident.area_km2,
        requested_at=now,
        requests=incident.requests + 1,
        wanted=False,
        watched=True,
        tries=0,
    )

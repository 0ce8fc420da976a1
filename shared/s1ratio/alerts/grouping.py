"""What belongs together: alerts that waited are placed in incidents, in an order of their own.

What waits of a hazard is placed together, sorted by (time, feed, id): so the order in which it
arrived changes nothing. An alert joins

1. an incident that it names, or that names it (aliases, what supersedes it), up to 500 km away;
2. for earthquakes: one with a member in whose magnitude's radius it lies, at most 35 days later;
3. else the nearest incident, by the distance to the nearest member's place, within the rule's
   distance of that and its time of the member that is nearest in time, as long as the diagonal of
   the box around all places stays under the cap;

else it opens one. Incidents are never merged: of several the nearest, then the lowest id, is
joined. Places count without buffers. What is full (2,000 members, or as many as a document holds)
is joined by nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import shapely

from s1ratio.alerts.geodesy import distance_km
from s1ratio.alerts.incident import (
    MAX_MEMBERS,
    MAX_MEMBERS_BYTES,
    Incident,
    IncidentState,
    Member,
    incident_id,
)
from s1ratio.alerts.places import place_of
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.spread import Spread

_FARTHEST_KM = 2_000.0  # any radius of a magnitude is less


@dataclass(frozen=True)
class Waiting:
    """An alert that passed, and the rule that takes it."""

    member: Member
    rule: Rule


@dataclass(frozen=True)
class Placement:
    """Where an alert went: the incident's id, whether it opened it, and which it was too far from.

    `far` names incidents with one of its aliases that lie more than 500 km away.
    """

    incident_id: str
    opened: bool
    far: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grouped:
    """What a round of grouping came to: by alert where it went, and the incidents that changed."""

    placements: Mapping[tuple[str, str], Placement]
    changed: tuple[Incident, ...]


def group(waiting: Iterable[Waiting], incidents: Iterable[Incident], now: datetime) -> Grouped:
    """Place alerts of one hazard, `incidents` being those of it that are live.

    One that is a member already stays where it is, as it is told now.
    """
    groups = {one.id: _Group(one) for one in incidents if one.state.live}
    known = {member.key: each.incident.id for each in groups.values() for member in each.members}
    placements: dict[tuple[str, str], Placement] = {}
    for one in sorted(waiting, key=lambda w: (w.member.time, *w.member.key)):
        member = one.member
        if member.key in known:
            groups[known[member.key]].revise(member)
            placements[member.key] = Placement(known[member.key], opened=False)
            continue
        found, far = _find(one, groups.values())
        opened = found is None
        if found is None:
            found = _Group(_opened(one, now))
            groups[found.incident.id] = found
        found.add(member)
        known[member.key] = found.incident.id
        placements[member.key] = Placement(found.incident.id, opened, far)
    changed = tuple(each.result(now) for each in groups.values() if each.joined)
    return Grouped(placements, changed)


@dataclass
class _Group:
    """An incident that is being added to, its places read once."""

    incident: Incident
    members: list[Member] = field(default_factory=list)
    joined: list[Member] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.spread, self.size = Spread(), 0
        self.ids, self.aliases = set[str](), set[str]()
        for member in self.incident.members:
            self._take(member)

    def add(self, member: Member) -> None:
        """Take a member in that was none before."""
        self._take(member)
        self.joined.append(member)

    def _take(self, member: Member) -> None:
        self.members.append(member)
        self.spread.add(place_of(member.place), member.time)
        self._take_names(member)
        self.size += member.size

    def _take_names(self, member: Member) -> None:
        self.ids.add(member.id)
        self.aliases |= set(member.names[1:])

    def is_named_by(self, member: Member) -> bool:
        """Tell whether one of the two calls the happening by a name of the other.

        That two feeds have the same id tells nothing: many count from 1.
        """
        mine = set(member.names[1:])
        return not (self.aliases.isdisjoint({member.id, *mine}) and self.ids.isdisjoint(mine))

    def revise(self, member: Member) -> None:
        """Take a member as it is told now; told as it was before, it changes nothing."""
        at = next(i for i, one in enumerate(self.members) if one.key == member.key)
        if replace(self.members[at], out=None) != member:
            self.members[at] = member
            self._take_names(member)
            self.joined.append(member)

    def has_room(self, member: Member) -> bool:
        """Tell whether one more fits into the incident's record."""
        whole = self.size + member.size
        return len(self.members) < MAX_MEMBERS and whole <= MAX_MEMBERS_BYTES

    def result(self, now: datetime) -> Incident:
        """Return the incident with what joined it."""
        before, rest = self.incident, without_superseded(self.members)
        arrived = max(member.arrived_at for member in self.joined)
        assess = before.assess_at
        return replace(
            before,
            members=rest,
            first_at=min(member.time for member in rest),
            last_member_at=max(before.last_member_at, arrived),
            severity=max((m.severity for m in rest if m.out is None), default=0),
            state=IncidentState.ACTIVE if before.state is IncidentState.QUIET else before.state,
            assess_at=now if assess is None else min(assess, now),
            due_at=now,
        )


def without_superseded(members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members, those out that another message of their feed supersedes."""
    later = {(one.feed, name): one for one in members for name in one.supersedes}

    def is_out(member: Member) -> bool:
        """Tell whether another one stands in its place."""
        by = later.get(member.key)
        # Two that supersede each other: the lower id stands, or none would be left.
        return by is not None and (by.id not in member.supersedes or member.id > by.id)

    return tuple(
        replace(one, out=Reason.SUPERSEDED) if one.out is None and is_out(one) else one
        for one in members
    )


def _find(one: Waiting, groups: Iterable[_Group]) -> tuple[_Group | None, tuple[str, ...]]:
    """Return the incident that an alert joins, and those that it is too far from."""
    place, member, numbers = place_of(one.member.place), one.member, one.rule.grouping
    open_to_it = [each for each in groups if each.has_room(member)]
    named = [each for each in open_to_it if each.is_named_by(member)]
    near, far = _nearest(named, place, numbers.alias_km)
    if near:
        return near[0], far
    if numbers.distance_km is None:
        shaken = [each for each in open_to_it if _is_aftershock(one, place, each)]
        return next(iter(_nearest(shaken, place, _FARTHEST_KM)[0]), None), far
    days = timedelta(days=numbers.days)
    timely = [each for each in open_to_it if each.spread.is_near_in_time(member.time, days)]
    for each in _nearest(timely, place, numbers.distance_km)[0]:
        if numbers.cap_km is None or each.spread.diagonal_km_with(place) < numbers.cap_km:
            return each, far
    return None, far


def _nearest(
    groups: Sequence[_Group], place: shapely.Geometry, within: float
) -> tuple[list[_Group], tuple[str, ...]]:
    """Return incidents within a distance (km), the nearest first, and the ids of the others."""
    measured = [(each.spread.distance(place, within), each.incident.id, each) for each in groups]
    near = sorted(((far, name) for far, name, _ in measured if far is not None))
    by_id = {name: each for _, name, each in measured}
    beyond = tuple(sorted(name for far, name, _ in measured if far is None))
    return [by_id[name] for _, name in near], beyond


def _is_aftershock(one: Waiting, place: shapely.Geometry, group: _Group) -> bool:
    """Tell whether an earthquake lies within the radius of one before it, and soon after it."""
    days = timedelta(days=one.rule.grouping.days)
    for member, at in zip(group.members, group.spread.places, strict=True):
        radius = one.rule.buffers.radius_km(member.magnitude)
        soon = timedelta(0) <= one.member.time - member.time <= days
        if soon and radius is not None and distance_km(place, at) <= radius:
            return True
    return False


def _opened(one: Waiting, now: datetime) -> Incident:
    """Return the incident that an alert opens, without it."""
    member, rule = one.member, one.rule
    return Incident(
        id=incident_id(member.feed, member.id),
        hazard=rule.hazard,
        rule=rule.name,
        owner=rule.owner,
        state=IncidentState.OPEN,
        opened_at=now,
        members=(),
        first_at=member.time,
        last_member_at=member.arrived_at,
        due_at=now,
    )

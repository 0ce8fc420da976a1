"""Orbits: the Sentinel-1 fleet, its epochs, what a period should know of them; the node. Pure.

Relative orbit = (absolute orbit - offset) mod 175 + 1; 175 orbits take 12 days. Offsets, days of
data and places are those of public orbit tools of 2026 (isce2, s1-reader, hyp3-docs). A satellite
that is moved gets an epoch more, not another formula.

Both numbers change at the ascending node, in the middle of a pass: of one that climbs across the
equator the slices south of it bear n, those north of it n + 1. Near the equator such a pass has one
number here, that of its south. Passes that descend keep theirs.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

import shapely

from s1ratio.aoi import Aoi
from s1ratio.request import CompositeRequest, Direction

ORBITS_IN_CYCLE = 175
NEAR_EQUATOR = 6.0  # degrees: an area of which some lies nearer may be cut by a pass's node


@dataclass(frozen=True)
class Epoch:
    """A stretch of a satellite's life in one place, from its absolute orbit `first_orbit` on.

    `anchor_orbit` crossed its ascending node at `anchor_time` (UTC), on relative orbit 137. There
    are data from `first_day` until before `end_day`, None: to this day.
    """

    offset: int
    first_orbit: int
    first_day: date
    end_day: date | None
    anchor_orbit: int
    anchor_time: datetime

    def meets(self, start: date, end: date) -> bool:
        """Tell whether there may be data of a period (`end` exclusive)."""
        return self.first_day < end and (self.end_day is None or start < self.end_day)


def _epoch(
    offset: int, first_orbit: int, days: tuple[str, str | None], anchor: tuple[int, str]
) -> Epoch:
    first, end = days
    return Epoch(
        offset=offset,
        first_orbit=first_orbit,
        first_day=date.fromisoformat(first),
        end_day=None if end is None else date.fromisoformat(end),
        anchor_orbit=anchor[0],
        anchor_time=datetime.fromisoformat(f"{anchor[1]}+00:00"),
    )


# C flew in B's place until it was moved in June 2026: since then it and D are six days apart. D has
# been in its place all along.
FLEET: Mapping[str, tuple[Epoch, ...]] = MappingProxyType(
    {
        "A": (_epoch(73, 1, ("2014-10-03", "2026-06-29"), (51484, "2023-12-03T01:49:37")),),
        "B": (_epoch(27, 1, ("2016-09-26", "2021-12-23"), (29913, "2021-12-07T01:48:44")),),
        "C": (
            _epoch(172, 1, ("2025-03-26", "2026-06-08"), (1708, "2025-04-02T01:48:44")),
            _epoch(99, 8019, ("2026-06-24", None), (9510, "2026-09-19T01:49:37")),
        ),
        "D": (_epoch(42, 1, ("2026-04-14", None), (4553, "2026-09-13T01:49:37")),),
    }
)
_A_DAY = timedelta(days=1)
_MIX = "the mix of platforms changes there, which the statistic `count` shows"


def fleet_notes(platforms: Collection[str], start: date, end: date) -> list[str]:
    """Return what a period (`end` exclusive) should know of its platforms, in words.

    Where one of them begins, ends or is moved inside it; and which of a choice of them has no data
    of it at all. That all platforms are asked for is no choice: there B is not missed.
    """
    absent = [name for name in sorted(platforms) if not _has_data(name, start, end)]
    if len(absent) == len(platforms):
        names = ", ".join(f"Sentinel-1{name} ({_lifetime(name)})" for name in absent)
        return [f"no data of the period are to be expected: {names}"]
    chosen = absent if set(platforms) != set(FLEET) else []
    notes = [f"Sentinel-1{name} has no data of the period: {_lifetime(name)}" for name in chosen]
    present = [name for name in sorted(platforms) if name not in absent]
    changes = [said for name in present for said in _changes(name, start, end)]
    return notes + [f"{said}: {_MIX}" for said in changes]


def _has_data(name: str, start: date, end: date) -> bool:
    return any(epoch.meets(start, end) for epoch in FLEET[name])


def _changes(name: str, start: date, end: date) -> Iterator[str]:
    """Yield what happened to a satellite inside a period."""
    epochs = FLEET[name]
    if start < epochs[0].first_day < end:
        yield f"Sentinel-1{name} has data from {epochs[0].first_day} on"
    for before, after in pairwise(epochs):
        if before.end_day and start < after.first_day and before.end_day < end:
            gap = f"has no data from {before.end_day} until {after.first_day}"
            yield f"Sentinel-1{name} {gap}, and flies in another place since"
    last = epochs[-1].end_day
    if last and start < last < end:
        yield f"Sentinel-1{name} has no data from {last} on"


def _lifetime(name: str) -> str:
    return ", then ".join(
        f"from {epoch.first_day} {f'to {epoch.end_day - _A_DAY}' if epoch.end_day else 'on'}"
        for epoch in FLEET[name]
    )


def joins_at_node(request: CompositeRequest, direction: Direction) -> bool:
    """Tell whether passes of a direction bear one number on both sides of the ascending node.

    So they do near the equator, if they climb; but for the notebook, which joins no slices.
    """
    climbs = direction is not Direction.DESCENDING
    return climbs and not request.follows_notebook and is_near_equator(request.aoi)


def next_orbit(relative: int) -> int:
    """Return the relative orbit that a pass bears after its node: 175 is followed by 1."""
    return relative % ORBITS_IN_CYCLE + 1


def previous_orbit(relative: int) -> int:
    """Return the relative orbit that a pass bears before its node: 1 is preceded by 175."""
    return (relative - 2) % ORBITS_IN_CYCLE + 1


def is_near_equator(aoi: Aoi) -> bool:
    """Tell whether some of an area is less than 6° from the equator; a touch is nothing of it."""
    west, south, east, north = aoi.unwrapped.bounds
    if south >= NEAR_EQUATOR or north <= -NEAR_EQUATOR:
        return False
    band = shapely.box(west - 1, -NEAR_EQUATOR, east + 1, NEAR_EQUATOR)
    return bool(shapely.relate_pattern(aoi.unwrapped, band, "T********"))

"""Fleet: which Sentinel-1 satellites fly, since when, and how their orbits are numbered.

Offsets, days of data and places are those of public orbit tools of 2026 (isce2, s1-reader,
hyp3-docs). Where a satellite is moved, its numbers jump and it gets an epoch more, not another
formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

ORBITS_IN_CYCLE: Final = 175
CYCLE: Final = timedelta(days=12)
PERIOD: Final = CYCLE / ORBITS_IN_CYCLE  # node to node: 98.7 minutes


@dataclass(frozen=True)
class Epoch:
    """A stretch of a satellite's life in one place, from its absolute orbit `first_orbit` on.

    An absolute orbit `n` flies the relative orbit (n - offset) mod 175 + 1, and crosses its
    ascending node at `node_time(n)`; `anchor_orbit` crossed it at `anchor_time` (UTC). There are
    data from `first_day` until before `end_day`, None: to this day.
    """

    offset: int
    first_orbit: int
    first_day: datetime
    end_day: datetime | None
    anchor_orbit: int
    anchor_time: datetime

    def relative_orbit(self, absolute: int) -> int:
        """Return the relative orbit (1..175) of an absolute orbit."""
        return (absolute - self.offset) % ORBITS_IN_CYCLE + 1

    def node_time(self, absolute: int) -> datetime:
        """Return when an absolute orbit crosses its ascending node (UTC)."""
        return self.anchor_time + (absolute - self.anchor_orbit) * PERIOD

    def absolute_orbit(self, relative: int, time: datetime) -> int:
        """Return the absolute orbit on which `relative` is flown nearest to `time`."""
        # A scene lies up to a period after its node: on average half of one.
        flown = (time - PERIOD / 2 - self.anchor_time) / PERIOD
        near = self.anchor_orbit + round(flown)
        behind = (relative - self.relative_orbit(near)) % ORBITS_IN_CYCLE
        candidates = (near + behind, near + behind - ORBITS_IN_CYCLE)
        return min(candidates, key=lambda orbit: abs(orbit - self.anchor_orbit - flown))

    def sees(self, time: datetime) -> bool:
        """Tell whether there are data of a time."""
        return self.first_day <= time and (self.end_day is None or time < self.end_day)


@dataclass(frozen=True)
class Platform:
    """One satellite and its epochs, in order of time."""

    letter: str
    epochs: tuple[Epoch, ...]

    def epoch_of(self, absolute: int) -> Epoch:
        """Return the epoch in which an absolute orbit is flown."""
        begun = [epoch for epoch in self.epochs if epoch.first_orbit <= absolute]
        return begun[-1] if begun else self.epochs[0]

    def relative_orbit(self, absolute: int) -> int:
        """Return the relative orbit (1..175) of an absolute orbit."""
        return self.epoch_of(absolute).relative_orbit(absolute)

    def node_time(self, absolute: int) -> datetime:
        """Return when an absolute orbit crosses its ascending node (UTC)."""
        return self.epoch_of(absolute).node_time(absolute)

    def absolute_orbit(self, relative: int, time: datetime) -> int:
        """Return the absolute orbit on which `relative` is flown nearest to `time`."""
        begun = [epoch for epoch in self.epochs if epoch.node_time(epoch.first_orbit) <= time]
        return (begun[-1] if begun else self.epochs[0]).absolute_orbit(relative, time)


def _utc(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=UTC)


def _epoch(
    offset: int, first_orbit: int, days: tuple[str, str | None], anchor: tuple[int, str]
) -> Epoch:
    first, end = days
    until = None if end is None else _utc(end)
    return Epoch(offset, first_orbit, _utc(first), until, anchor[0], _utc(anchor[1]))


# Anchors are passes over relative orbit 137, good to a minute or two. C flew in B's place until it
# was moved in June 2026: since then it and D are six days apart. D has been in its place all along.
_FLEET: Final = (
    Platform("A", (_epoch(73, 1, ("2014-10-03", "2026-06-29"), (51484, "2023-12-03T01:49:37")),)),
    Platform("B", (_epoch(27, 1, ("2016-09-26", "2021-12-23"), (29913, "2021-12-07T01:48:44")),)),
    Platform(
        "C",
        (
            _epoch(172, 1, ("2025-03-26", "2026-06-08"), (1708, "2025-04-02T01:48:44")),
            _epoch(99, 8019, ("2026-06-24", None), (9510, "2026-09-19T01:49:37")),
        ),
    ),
    Platform("D", (_epoch(42, 1, ("2026-04-14", None), (4553, "2026-09-13T01:49:37")),)),
)
PLATFORMS: Final = {platform.letter: platform for platform in _FLEET}
FIRST_DAY: Final = min(one.epochs[0].first_day for one in _FLEET)

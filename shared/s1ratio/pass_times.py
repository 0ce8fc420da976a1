"""Pass times: when satellites of the fleet will see a place again. Pure.

A track repeats every 12 days, to some seconds. All satellites on it fly the same path, so each sees
a place as long after its ascending node as the others: one pass that was seen there tells all that
follow, whichever satellite flies them. Good to within three minutes; a satellite that is moved
comes at another time until it has an epoch (`orbits.FLEET`), so who waits looks at scenes too.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from s1ratio.errors import TerminalFault
from s1ratio.orbits import FLEET, ORBITS_IN_CYCLE, Epoch

CYCLE = timedelta(days=12)
WITHIN = timedelta(minutes=3)  # what a prediction is good to
_HORIZON = timedelta(days=40)  # longer than any satellite was without data


@dataclass(frozen=True)
class SeenPass:
    """A pass that was seen over a place: its absolute orbit there, its first line there (UTC)."""

    platform: str
    absolute_orbit: int
    first_line: datetime


@dataclass(frozen=True)
class PredictedPass:
    """A pass to come over the same place: its orbits and about when its first line is (UTC)."""

    platform: str
    absolute_orbit: int
    relative_orbit: int
    first_line: datetime


def epoch_of(platform: str, absolute_orbit: int) -> Epoch:
    """Return where a satellite is on an absolute orbit; raise TerminalFault for a stranger."""
    epochs = FLEET.get(platform)
    if epochs is None or absolute_orbit < 1:
        known = ", ".join(FLEET)
        raise TerminalFault(
            f"no orbit {absolute_orbit} of Sentinel-1{platform} is known: satellites are {known}, "
            "orbits 1 and more"
        )
    return [epoch for epoch in epochs if epoch.first_orbit <= absolute_orbit][-1]


def relative_orbit_of(platform: str, absolute_orbit: int) -> int:
    """Return the relative orbit, 1 to 175, of an absolute one; raise TerminalFault as above."""
    offset = epoch_of(platform, absolute_orbit).offset
    return (absolute_orbit - offset) % ORBITS_IN_CYCLE + 1


def node_time(platform: str, absolute_orbit: int) -> datetime:
    """Return when a satellite crosses its ascending node (UTC); raise TerminalFault as above."""
    return _node_time(epoch_of(platform, absolute_orbit), absolute_orbit)


def predict_passes(seen: SeenPass, start: datetime, end: datetime) -> tuple[PredictedPass, ...]:
    """Return the passes of a seen one's track over its place, from `start` until before `end`.

    Of every satellite that has data then, by time. Raises TerminalFault as `epoch_of` does.
    """
    since_node = seen.first_line - node_time(seen.platform, seen.absolute_orbit)
    relative = relative_orbit_of(seen.platform, seen.absolute_orbit)
    found = [
        predicted
        for platform, epochs in FLEET.items()
        for epoch, last in _with_last_orbits(epochs)
        for place in [_Place(platform, epoch, last)]
        for predicted in _passes_of(place, relative, since_node, (start, end))
    ]
    return tuple(sorted(found, key=lambda each: (each.first_line, each.platform)))


def next_pass(
    seen: SeenPass, after: datetime, platforms: Collection[str] = ()
) -> PredictedPass | None:
    """Return the first pass over the place later than `after`, None if none is in sight.

    Of all satellites unless some are named.
    """
    later = predict_passes(seen, after, after + _HORIZON)
    of_them = (each for each in later if not platforms or each.platform in platforms)
    return next((each for each in of_them if each.first_line > after), None)


def _with_last_orbits(epochs: Sequence[Epoch]) -> list[tuple[Epoch, int | None]]:
    """Return epochs with the absolute orbit that each ends before, None: none yet."""
    ends = [after.first_orbit for _, after in pairwise(epochs)]
    return list(zip(epochs, [*ends, None], strict=True))


@dataclass(frozen=True)
class _Place:
    """A satellite in one place of its life, which ends before the absolute orbit `last`."""

    platform: str
    epoch: Epoch
    last: int | None


def _passes_of(
    place: _Place, relative: int, since_node: timedelta, period: tuple[datetime, datetime]
) -> Iterator[PredictedPass]:
    """Yield the passes of a satellite in one place of its life, those with data alone."""
    (start, end), epoch, last = period, place.epoch, place.last
    orbit = (relative - 1 + epoch.offset) % ORBITS_IN_CYCLE
    first = _node_time(epoch, orbit) + since_node
    cycles = -((first - start) // CYCLE)  # the first one that is not before `start`
    orbit, at = orbit + cycles * ORBITS_IN_CYCLE, first + cycles * CYCLE
    while at < end:
        flown = orbit >= epoch.first_orbit and (last is None or orbit < last)
        if flown and _has_data(epoch, at.date()):
            yield PredictedPass(place.platform, orbit, relative, at)
        orbit, at = orbit + ORBITS_IN_CYCLE, at + CYCLE


def _has_data(epoch: Epoch, day: date) -> bool:
    return epoch.first_day <= day and (epoch.end_day is None or day < epoch.end_day)


def _node_time(epoch: Epoch, absolute_orbit: int) -> datetime:
    return epoch.anchor_time + (absolute_orbit - epoch.anchor_orbit) * CYCLE / ORBITS_IN_CYCLE

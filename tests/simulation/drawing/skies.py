"""What a fleet sees of one place, and when what of it is listed: drawn by a seed.

Pass times are counted from public anchors alone, by no code of the product.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import shapely

from s1ratio.request import Direction
from s1ratio.scenes import Scene

WHOLE = (103.5, 10.5, 106.5, 12.7)
WEST, EAST = (103.5, 10.5, 104.9, 12.7), (104.9, 10.5, 106.5, 12.7)
BEFORE = timedelta(days=50)  # of the sky that is there when a schedule begins
CYCLE, ORBITS, _ANCHORED_ON = timedelta(days=12), 175, 137
_SLICE = timedelta(seconds=25)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Track:
    """A relative orbit in a direction, and how long after its node it sees the place."""

    orbit: int
    direction: Direction
    after_node: timedelta


TRACKS = (
    Track(18, Direction.DESCENDING, timedelta(minutes=46)),
    Track(26, Direction.ASCENDING, timedelta(minutes=3)),
)


@dataclass(frozen=True)
class Season:
    """When a schedule begins, and an orbit of each satellite with its node's time, on 137."""

    begin: datetime
    anchors: tuple[tuple[str, int, datetime], ...]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Each holds the changes of clocks of Vienna and of New York.
SEASONS = (
    Season(
        _at("2026-03-06T09:00:00"),
        (("A", 51484, _at("2023-12-03T01:49:37")), ("C", 1708, _at("2025-04-02T01:48:44"))),
    ),
    Season(
        _at("2026-10-18T09:00:00"),
        (("C", 9510, _at("2026-09-19T01:49:37")), ("D", 4553, _at("2026-09-13T01:49:37"))),
    ),
)


@dataclass(frozen=True)
class Sighting:
    """A scene, from when on it is listed, and from when on it is no more."""

    scene: Scene
    listed_at: datetime
    gone_at: datetime | None = None


@dataclass(frozen=True)
class Flown:
    """One pass over the place: its first line."""

    track: Track
    platform: str
    orbit: int
    at: datetime


def flown(season: Season, start: datetime, end: datetime) -> list[Flown]:
    """Return the passes of a time, by time."""
    found = []
    for track in TRACKS:
        ahead = track.orbit - _ANCHORED_ON
        for platform, orbit, node in season.anchors:
            first = node + ahead * CYCLE / ORBITS + track.after_node
            cycle = -((first - start) // CYCLE)
            while (at := first + cycle * CYCLE) < end:
                number = orbit + ahead + cycle * ORBITS
                found.append(Flown(track, platform, number, at.replace(microsecond=0)))
                cycle += 1
    return sorted(found, key=lambda each: (each.at, each.platform))


def draw_sky(random: Random, season: Season, days: float) -> tuple[Sighting, ...]:
    """Draw what is listed: all that came before; of the rest some late, in part, or never."""
    begin = season.begin
    found = []
    for each in flown(season, begin - BEFORE, begin):
        found.append(Sighting(_scene(each), each.at + 3 * _HOUR))
    bad = random.choice((0.2, 0.5, 0.8))
    for each in flown(season, begin, begin + timedelta(days=days)):
        found += _listed(random, each) if random.random() < bad else _whole(random, each, 3)
    return tuple(sorted(found, key=lambda one: one.listed_at))


def _whole(random: Random, each: Flown, hours: float) -> list[Sighting]:
    del random
    return [Sighting(_scene(each), each.at + hours * _HOUR)]


def _listed(random: Random, each: Flown) -> list[Sighting]:
    late = random.choice((2, 5, 30, 100, 300))
    listed = each.at + late * _HOUR
    kind = random.choice(("late", "late", "never", "part", "parts", "parts", "remade", "gone"))
    if kind == "never":
        return []
    if kind in {"part", "parts"}:
        found = [Sighting(_scene(each, WEST), listed)]
        if kind == "parts":
            more = random.choice((1, 4, 30, 200)) * _HOUR
            found.append(Sighting(_scene(each, EAST, _SLICE), listed + more))
        return random.choice((found, found[::-1]))
    if kind == "remade":
        again = listed + random.choice((1, 20, 200)) * _HOUR
        scene = _scene(each)
        anew = replace(scene, index=f"{scene.index}_ANEW")
        return [Sighting(scene, listed, again), Sighting(anew, again)]
    gone = listed + random.choice((1, 5, 40)) * _HOUR if kind == "gone" else None
    return [Sighting(_scene(each), listed, gone)]


def _scene(
    each: Flown,
    box: tuple[float, float, float, float] = WHOLE,
    later: timedelta = timedelta(),
) -> Scene:
    start = each.at + later
    return Scene(
        index=f"S1{each.platform}_{start:%Y%m%dT%H%M%S}_{each.orbit}",
        platform=each.platform,
        absolute_orbit=each.orbit,
        last_orbit=each.orbit,
        relative_orbit=each.track.orbit,
        direction=each.track.direction,
        start=start,
        end=start + _SLICE,
        footprint=shapely.box(*box),
    )

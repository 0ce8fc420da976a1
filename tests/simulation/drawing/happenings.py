"""What happens and is told by feeds, in their true formats: drawn by a seed.

A happening has a place and a time; its messages come revised, cancelled, before their time, twice,
and broken ones are among them.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.unit.alerts import samples

# So far apart that no rule joins them.
_PLACES = ((104.9, 11.6), (106.1, 12.4))
_LEVELS = {"Green": 0.5, "Orange": 2, "Red": 3}
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Said:
    """One message of a feed, when it is sent first, and the id of the alert in it, if any.

    `revision` is what stands in the newest of several of one alert alone, ordered as these are.
    `cancels` are the alerts that it takes back.
    """

    at: datetime
    feed: str
    payload: bytes
    alert: str | None = None
    revision: str = ""
    cancels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Happening:
    """Something at a place (lon, lat) at a time, with a number that names it."""

    number: int
    place: tuple[float, float]
    at: datetime


def draw_messages(random: Random, begin: datetime, storm: timedelta) -> tuple[Said, ...]:
    """Draw all that feeds say; the last of it comes before two thirds of the storm are over."""
    found: list[Said] = []
    for number in range(random.choice((0, 1, 1, 2, 3))):
        at = begin + random.uniform(-0.05, 0.45) * storm
        happening = Happening(number, random.choice(_PLACES), at)
        for tell in random.choice(_TOLD):
            found += tell(random, happening)
    found += _broken(random, begin + 0.3 * storm)
    latest = begin + 0.65 * storm
    return tuple(sorted((one for one in found if one.at < latest), key=lambda one: one.at))


def _gdacs(random: Random, it: Happening) -> list[Said]:
    """A flood with episodes: worse, less, elsewhere; now and then an older one once more."""
    at, said = it.at + random.uniform(1, 30) * _HOUR, list[Said]()
    level, (lon, lat) = random.choice(("Orange", "Red", "Green")), it.place
    for episode in range(1, random.choice((1, 2, 4, 6)) + 1):
        event = samples.gdacs_event(
            eventid=7000 + it.number,
            episodeid=episode,
            glide="",
            alertlevel=level,
            alertscore=_LEVELS[level],
            fromdate=f"{it.at:%Y-%m-%dT%H:%M:%S}",
            datemodified=(stamp := f"{at:%Y-%m-%dT%H:%M:%S}"),
            geometry={"type": "Point", "coordinates": [round(lon, 4), round(lat, 4)]},
        )
        said.append(Said(at, "gdacs", samples.gdacs(event), f"FL/{7000 + it.number}", stamp))
        if random.random() < 0.2:  # an older one once more
            said.append(replace(random.choice(said), at=at + 2 * _HOUR))
        at += random.choice((0.2, 3, 20, 70)) * _HOUR
        level = random.choice(("Orange", "Red", "Red", level, "Green"))
        lon += random.choice((0, 0, 0.04, 0.15))
    return said


def _ems(random: Random, it: Happening) -> list[Said]:
    """An activation that names the flood of GDACS; areas come one by one."""
    at, said, (lon, lat) = it.at + random.uniform(5, 60) * _HOUR, list[Said](), it.place
    areas = []
    for number in range(random.choice((1, 2, 3))):
        west, south = lon + 0.12 * number - 0.1, lat - 0.05
        east, north = west + 0.1, south + 0.1
        ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        areas.append({"number": number + 1, "extent": f"POLYGON (({ring}))"})
        found = samples.ems(
            code=f"EMSR{700 + it.number}",
            eventTime=f"{it.at:%Y-%m-%dT%H:%M:%S}",
            gdacsId=f"FL{7000 + it.number}",
            aois=list(areas),
            extent=None,
            lastUpdate=(stamp := f"{at:%Y-%m-%dT%H:%M:%S}"),
        )
        said.append(Said(at, "ems", found, f"EMSR{700 + it.number}", stamp))
        at += random.choice((1, 8, 40)) * _HOUR
    return said


def _cap(random: Random, it: Happening) -> list[Said]:
    """A warning, its update over more, its cancellation, which may come first."""
    at, (lon, lat) = it.at + random.uniform(0, 10) * _HOUR, it.place
    name, sent = f"W{it.number}-{random.randrange(1000)}", at
    refers = samples.cap_id(f"{name}-0", _offset(sent))
    said = [Said(at, "cap", _warning(name, it.at, sent, lon, lat, "Alert"), refers)]
    if random.random() < 0.5:
        sent += random.choice((0.5, 9)) * _HOUR
        update = _warning(name, it.at, sent, lon + 0.2, lat, "Update", refers)
        said.append(Said(sent, "cap", update, samples.cap_id(f"{name}-1", _offset(sent))))
        refers += f" {said[-1].alert}"
    if random.random() < 0.4:
        sent += random.choice((0.3, 30)) * _HOUR
        over = _warning(name, it.at, sent, lon, lat, "Cancel", refers)
        first = random.choice((sent, it.at))
        of = tuple(one.alert for one in said if one.alert)
        taken = samples.cap_id(f"{name}-2", _offset(sent))
        said.append(Said(first, "cap", over, taken, cancels=of))
    return said


def _warning(  # noqa: PLR0917 - what a warning says
    name: str,
    began: datetime,
    sent: datetime,
    lon: float,
    lat: float,
    kind: str,
    refers: str = "",
) -> bytes:
    ring = " ".join(
        f"{lat + dy:.3f},{lon + dx:.3f}"
        for dx, dy in ((-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, 0.1), (-0.1, -0.1))
    )
    number = ("Alert", "Update", "Cancel").index(kind)
    text = samples.cap(
        f"{name}-{number}",
        kind,
        refers,
        area=f"<polygon>{ring}</polygon>",
        sent=_offset(sent),
    )
    return text.replace(b"2026-03-04T14:00:00+07:00", _offset(began).encode())


def _offset(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+00:00"


def _fires(random: Random, it: Happening) -> list[Said]:
    """Pixels of a fire, pass by pass, some in two messages."""
    said, at = list[Said](), it.at + 2 * _HOUR
    for _ in range(random.choice((2, 4, 8))):
        rows = []
        for _ in range(random.choice((1, 2, 3))):
            lon = it.place[0] + random.randrange(5) * 0.003
            lat = it.place[1] + random.randrange(5) * 0.003
            confidence = random.choice(("h", "n", "l"))
            day, clock = f"{at:%Y-%m-%d}", f"{at:%H%M}".lstrip("0") or "0"
            rows.append(samples.firms_row(f"{lat:.5f}", f"{lon:.5f}", clock, confidence, day=day))
        said.append(Said(at + _HOUR, "firms", samples.firms(*rows)))
        if random.random() < 0.3:
            said.append(Said(at + 3 * _HOUR, "firms", samples.firms(*rows, rows[0])))
        at += random.choice((0.1, 1, 12)) * _HOUR
    return said


def _quake(random: Random, it: Happening) -> list[Said]:
    """An earthquake, told anew, with an aftershock; it may be taken back."""
    at, name, (lon, lat) = it.at + 0.2 * _HOUR, f"us7000{it.number}", it.place

    def told(name: str, at: datetime, **changes: Any) -> Said:
        known = {
            "id": name,
            "coordinates": [lon, lat, 8.0],
            "mag": 5.8,
            "ids": f",{name},",
            "time": int(it.at.timestamp() * 1000),
            "updated": int(at.timestamp() * 1000),
        }
        return Said(at, "usgs", samples.usgs(samples.usgs_event(**(known | changes))), name)

    said = [told(name, at), told(name, at + 5 * _HOUR, mag=random.choice((5.6, 6.1)))]
    if random.random() < 0.5:
        later = int((it.at + 9 * _HOUR).timestamp() * 1000)
        said.append(told(f"{name}b", at + 10 * _HOUR, time=later, mag=5.6))
    if random.random() < 0.3:
        said.append(told(name, at + random.choice((1, 50)) * _HOUR, status="deleted"))
    return said


_Telling = Callable[[Random, Happening], list[Said]]
_TOLD: tuple[tuple[_Telling, ...], ...] = (
    (_gdacs,),
    (_gdacs, _ems),
    (_gdacs, _cap),
    (_ems, _cap),
    (_cap,),
    (_fires,),
    (_fires, _gdacs),
    (_quake,),
)


def _broken(random: Random, at: datetime) -> list[Said]:
    """Messages that can't be read, or not all of them."""
    timeless = samples.gdacs_event(eventid=9000, fromdate="soon")
    nowhere = samples.gdacs_event(eventid=9001, geometry={"type": "Point", "coordinates": ["a"]})
    every = (
        Said(at, "gdacs", samples.gdacs(timeless, nowhere)),
        Said(at, "gdacs", b"no json"),
        Said(at, "nobody", json.dumps({"what": "?"}).encode()),
        Said(at, "cap", b"<alert/>"),
    )
    return random.sample(every, random.choice((0, 0, 1, 2)))

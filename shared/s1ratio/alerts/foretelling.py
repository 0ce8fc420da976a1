"""Foretell: the watches of an incident and their requests, by the track model alone. Pure.

Which tracks fly over its area, when the next pass that counts is expected, and what would then be
requested. Which of them were acquired here in the last 48 days only Earth Engine's list tells, so
of what is foretold some may come to nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch import ArrivedPass, Watch
from s1ratio.alerts.watch_requests import with_requests
from s1ratio.alerts.watch_tracks import Track, area_of, tracks_without
from s1ratio.alerts.watches import last_time, opened
from s1ratio.aoi import Aoi
from s1ratio.ground_tracks import times_since_node
from s1ratio.orbits import FLEET, ORBITS_IN_CYCLE
from s1ratio.pass_times import CYCLE, PredictedPass, SeenPass, predict_passes

_WITHOUT_END = timedelta(days=40)  # a window that is longer tells no other next pass
_ANY = "A"  # any satellite: all of a track fly the same path

NOT_ASKED = (
    "which of these tracks were acquired in the last 48 days is not known here: Earth Engine's "
    "list of scenes tells it, which a trial does not ask; the others become `not_acquired`"
)


@dataclass(frozen=True)
class Foretold:
    """A watch to come. With a `coming` pass its requests are those that would follow it.

    Times are good to some minutes, and an id has its pass's minute. `why_not` says in words why
    nothing is requested.
    """

    watch: Watch
    coming: PredictedPass | None
    why_not: str | None = None


def foretell(incident: Incident, rule: Rule, now: datetime) -> list[Foretold]:
    """Return the watches that an incident with an area gets, by orbit and direction.

    Raises InvalidRequest if its area can't be requested.
    """
    area = area_of(incident.area or "")
    return [_of_track(incident, rule, track, area, now) for track in tracks_without((), area)]


def passes_of_track(
    track: Track, area: Aoi, start: datetime, end: datetime, platforms: Collection[str] = ()
) -> list[tuple[PredictedPass, timedelta]]:
    """Return the passes of a track over an area, by time, and how long each takes over it.

    Of all satellites unless some are named; `start` and `end` (exclusive) are of first lines, UTC.
    """
    first, last = times_since_node(*track, area)
    epoch = FLEET[_ANY][0]
    ahead = (track[0] - 137) % ORBITS_IN_CYCLE  # the anchors are on relative orbit 137
    node = epoch.anchor_time + ahead * CYCLE / ORBITS_IN_CYCLE
    seen = SeenPass(_ANY, epoch.anchor_orbit + ahead, node + first)
    found = predict_passes(seen, start, end)
    return [(each, last - first) for each in found if not platforms or each.platform in platforms]


def _of_track(incident: Incident, rule: Rule, track: Track, area: Aoi, now: datetime) -> Foretold:
    watch = opened(incident, rule, track, (), now)
    until = last_time(incident) + timedelta(days=rule.windows.after[1])
    until = min(until, watch.since + _WITHOUT_END)
    found = passes_of_track(track, area, watch.since, until, rule.platforms)
    if not found:
        days = f"{rule.windows.after[0]:g} to {rule.windows.after[1]:g}"
        return Foretold(watch, None, f"no pass is predicted {days} days after it")
    coming, takes = found[0]
    taken = ArrivedPass(
        platform=coming.platform,
        absolute_orbit=coming.absolute_orbit,
        first_line=coming.first_line.replace(microsecond=0),
        last_line=(coming.first_line + takes).replace(microsecond=0),
        coverage=1.0,
        scenes=0,
    )
    came = replace(watch, taken=taken, reason=None, words="")
    return Foretold(with_requests(came, now), coming)

"""Regions: no pass, no firing is lost without a reason; requests are there; stale ones say so."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord
from s1ratio.regions.states import RefreshState
from s1ratio.scenes import digest_of
from tests.simulation.drawing.skies import Sighting
from tests.simulation.world.standing_site import StandingSite

# A firing is acted on within 15 minutes, by the next tick; clocks may be off by an hour.
_ACTED_ON = timedelta(hours=2)
# What is listed later than that is seen by rechecks alone.
_LISTED_LATE = timedelta(days=9)
_LOOK_TAKES = timedelta(days=2)


def judge_regions(site: StandingSite) -> Iterator[str]:
    """Tell of firings and passes that were lost, of requests that are not there, of late scenes."""
    for record in site.store.find_regions(100):
        told = site.store.find_history_of(record.id, 5_000)
        made = site.store.find_refreshes_of(record.id, 2_000)
        yield from _firings(site, record)
        yield from _passes(site, record, made, told)
        for one in made:
            yield from _refresh(site, one, told)


def _firings(site: StandingSite, record: RegionRecord) -> Iterator[str]:
    """Tell of firings before a region's end that nobody has looked at."""
    over_at = site.regions.over_at.get(record.id)
    if over_at is None or not _ended_by_us(site, record):
        return
    if json.loads(record.text)["trigger"] == "new_scenes":
        return
    lost = site.regions.fired(record, record.watermark, over_at - _LOOK_TAKES)
    if lost and site.regions.held_at(record.id) is None:
        yield f"{record.id} never looked at its firings of {lost}"


def _ended_by_us(site: StandingSite, record: RegionRecord) -> bool:
    """Tell whether a region was ended in the calm, when ticks had come as they should."""
    return record.by == "me" and record.since > site.calm_at + _LOOK_TAKES


def _passes(
    site: StandingSite,
    record: RegionRecord,
    made: "list[RefreshRecord] | Any",
    told: "list[HistoryEntry] | Any",
) -> Iterator[str]:
    """Tell of passes that were listed while a region looked for them, and led to nothing."""
    data = json.loads(record.text)
    over_at = site.regions.over_at.get(record.id)
    if data["trigger"] == "cron" or over_at is None or not _ended_by_us(site, record):
        return
    known = {one.pass_name for one in made} | {one.became for one in told}
    begin = site.regions.steady_since[record.id] + _ACTED_ON
    for one in site.standing.sky:
        scene = one.scene
        late = one.listed_at - scene.start
        if not _takes(data["request"], one) or scene.start < begin or late > _LISTED_LATE:
            continue
        looked = one.listed_at + _LOOK_TAKES
        if data["trigger"] == "new_scenes" and data.get("schedule") is not None:
            later = site.regions.fired(record, looked, over_at - _LOOK_TAKES)
            looked = later[0] + _LOOK_TAKES if later else over_at
        name = f"{scene.platform}{scene.absolute_orbit}"
        waits = site.regions.held_at(record.id) is not None and not _overtaken(site, one, known)
        if looked < over_at - _LOOK_TAKES and name not in known and not waits:
            yield f"{record.id} never saw the pass {name}, listed at {one.listed_at}"


def _overtaken(site: StandingSite, one: Sighting, known: set[str]) -> bool:
    """Tell whether a pass that came later is dealt with: what is held up waits in their order."""
    return any(
        f"{each.scene.platform}{each.scene.absolute_orbit}" in known
        and each.scene.start > one.scene.start
        and each.listed_at > one.listed_at + _LISTED_LATE
        for each in site.standing.sky
    )


def _takes(fields: dict[str, Any], one: Sighting) -> bool:
    """Tell whether a region's requests take a scene that is listed for good."""
    scene = one.scene
    direction = fields.get("direction", "BOTH")
    orbits = fields["orbits"]
    east = scene.footprint.bounds[0] > 104.8  # such a slice does not see the regions' area
    taken = scene.relative_orbit in orbits and direction in {"BOTH", scene.direction.value}
    return taken and one.gone_at is None and not east


def _refresh(
    site: StandingSite, one: RefreshRecord, told: "list[HistoryEntry] | Any"
) -> Iterator[str]:
    request = site.store.get_request(one.id)
    said = any(entry.request_id == one.id and entry.kind == "skipped" for entry in told)
    if one.is_open:
        yield f"{one.id} is {one.state} for good"
    if one.state is RefreshState.REJECTED and not said:
        yield f"{one.id} is {one.state}, and nobody says why"
    if request is None and one.state is not RefreshState.REJECTED:
        yield f"{one.id} is {one.state}, and never became a request"
    if one.superseded_by is not None:
        by = site.regions.refreshes.get(one.superseded_by)
        if by is None or by.supersedes != one.id or one.stale_since is None:
            yield f"{one.id} is superseded by {one.superseded_by}, which is {by}"
    elif one.rechecked and one.scenes is not None and not said and one.stale_since is None:
        yield from _late_scenes(site, one)


def _late_scenes(site: StandingSite, one: RefreshRecord) -> Iterator[str]:
    """Tell of a composite that says nothing of scenes that had come by its last recheck."""
    if one.ended_at is None:
        return
    at = (
        one.ended_at
        + (timedelta(days=3), timedelta(days=10), timedelta(days=30))[one.rechecked - 1]
    )
    text = site.regions.records[one.region_id].text
    begin, end = _midnight(one.start), _midnight(one.end)
    of_it = [
        each
        for each in site.standing.sky
        if begin <= each.scene.start < end and _meets(json.loads(text)["request"], each)
    ]
    # What changed about then may be in or not.
    if any(at <= each.listed_at or (each.gone_at or at) > at for each in of_it):
        return
    listed = [each.scene for each in of_it if each.gone_at is None]
    if digest_of(listed) != one.scenes:
        yield f"{one.id} is not said to be stale: it is of {one.scene_count}, not {len(listed)}"


def _meets(fields: dict[str, Any], one: Sighting) -> bool:
    return _takes(fields, Sighting(one.scene, one.listed_at))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

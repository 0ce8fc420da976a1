"""Looking: what is asked of Earth Engine for a region, and what of the answer is its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from s1ratio.regions.days import Days
from s1ratio.regions.decision import Wishes
from s1ratio.regions.model import Region
from s1ratio.regions.passes import look_from, midnight
from s1ratio.regions.periods import period_of_pass
from s1ratio.regions.rechecks import Listed
from s1ratio.regions.records import RegionRecord
from s1ratio.scenes import (
    Scene,
    SceneAnswer,
    SceneQuestion,
    digest_of,
    meets,
)

_A_DAY = timedelta(days=1)


def question_of(
    region: Region, record: RegionRecord, wishes: Wishes, now: datetime
) -> SceneQuestion | None:
    """Return what is asked for a region: the periods that it wants, the days that it looks at.

    None where it wants nothing.
    """
    spans = [one.days for one in wishes.every if not one.days.empty]
    if wishes.look:
        begin = look_from(record, now)
        first = period_of_pass(region.period, begin, record.since_day)
        spans.append(Days(min(begin.date(), first.start), now.date() + _A_DAY))
    if not spans:
        return None
    start, end = min(each.start for each in spans), max(each.end for each in spans)
    return SceneQuestion(f"region {record.id}", region.aoi, midnight(start), midnight(end))


def seen_by(region: Region, scenes: Iterable[Scene]) -> list[Scene]:
    """Return the scenes that a region's requests would take: over its area, as its fields say."""
    return [one for one in scenes if _is_taken(region.request, one) and meets(one, region.aoi)]


def listed_in(answer: SceneAnswer | None, scenes: Sequence[Scene], days: Days) -> Listed | None:
    """Return the scenes of a period, by what is over the area; None where nothing was listed."""
    if answer is None:
        return None
    begin, end = midnight(days.start), midnight(days.end)
    of_it = [one for one in scenes if begin <= one.start < end]
    return Listed(digest_of(of_it), len(of_it), answer.whole)


def _is_taken(fields: Mapping[str, object], scene: Scene) -> bool:
    """Tell whether a request of these fields takes a scene."""
    platforms = fields.get("platforms")
    if isinstance(platforms, list) and scene.platform not in platforms:
        return False
    direction = fields.get("direction", "BOTH")
    if direction not in {"BOTH", scene.direction.value}:
        return False
    orbits = fields.get("orbits")
    return not isinstance(orbits, list) or scene.relative_orbit in orbits

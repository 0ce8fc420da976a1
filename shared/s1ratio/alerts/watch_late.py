"""Late slices: a pass that was requested in part is listed again, and requested anew with the rest.

A pass that had all of the area is not listed again. Others are 6 hours, 1, 2, 4 and 8 days after
they were requested, as long as the incident is followed; what came since makes a revision of the
after-request, `…-a-rN`. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.alerts.watch import ArrivedPass, Watch, WatchRequest, WatchState
from s1ratio.alerts.watch_requests import FOLLOW_AFTER, MARGIN, after_of, next_recheck
from s1ratio.alerts.watch_tracks import area_of, arrived_pass
from s1ratio.scenes import ScenePass

_MAX_REVISIONS = 9
_LATER = timedelta(hours=1)
_WORDS = "requested anew: slices of the pass came late"


def looked_again(watch: Watch, passes: Sequence[ScenePass], now: datetime) -> Watch:
    """Return a watch after the pass that it requested last was listed again, if that is due."""
    asked = watch.asked
    if asked is None or watch.recheck_at is None or now < watch.recheck_at:
        return watch
    if watch.state is WatchState.ENDED or watch.cancelling:
        return replace(watch, recheck_at=None)
    if watch.state is WatchState.ARRIVED:  # the next one is on its way: that first
        return replace(watch, recheck_at=now + _LATER)
    watch = replace(watch, rechecks=watch.rechecks + 1)
    watch = replace(watch, recheck_at=next_recheck(watch, now))
    same = (each for each in passes if _name(each) == _name(asked))
    found = next((arrived_pass(each, watch.reference, area_of(watch.area)) for each in same), None)
    if found is None or not _has_more(found, asked) or watch.revision >= _MAX_REVISIONS:
        return watch
    return _revised(watch, found, now)


def _name(each: ScenePass | ArrivedPass) -> tuple[str, int]:
    return each.platform, each.absolute_orbit


def _has_more(found: ArrivedPass, asked: ArrivedPass) -> bool:
    """Tell whether slices have come: a list that has fewer, or the same, makes nothing."""
    return found.scenes > asked.scenes and found.coverage >= asked.coverage


def _revised(watch: Watch, found: ArrivedPass, now: datetime) -> Watch:
    """Return a watch whose after-request is made anew, with what there is of the pass now."""
    before = after_of(watch)
    if before is None or watch.baseline is None:  # the area has grown: the next pass takes that
        return watch
    revision = watch.revision + 1
    name = f"{before.id.partition('-r')[0]}-r{revision}"
    fresh = WatchRequest(name, found.first_line - MARGIN, found.last_line + MARGIN)
    rest = tuple(one for one in watch.requests if one.id != before.id and one.fate is None)
    unfinished = () if before.fate is not None else (before.id,)
    return replace(
        watch,
        state=WatchState.REQUESTED,
        taken=found,
        asked=found,
        revision=revision,
        requests=(*rest, fresh),
        revised_from=watch.requests if watch.state is not WatchState.REQUESTED else (),
        stale=(*watch.stale, *unfinished),
        requested_at=now,
        changed_at=now,
        due_at=now + FOLLOW_AFTER,
        expire_at=None,
        reason=None,
        words=_WORDS,
        tries=0,
    )

"""Look: scenes over all incidents that are due are listed in one call, and watches go on by them.

An incident whose area is wanted gets its watches here, one a track that was acquired lately. What
is listed alone starts a request, never a prediction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from s1ratio.alerts.incident import Incident, note_requested
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch import Watch, WatchState
from s1ratio.alerts.watch_ends import ended, ended_with, grown
from s1ratio.alerts.watch_late import looked_again
from s1ratio.alerts.watch_tracks import (
    LOOK_BACK,
    Track,
    area_of,
    passes_by_track,
    tracks_without,
)
from s1ratio.alerts.watches import looked_at, opened
from s1ratio.scenes import MAX_QUESTIONS, SceneAnswer, ScenePass, SceneQuestion
from s1ratio.services.alerts.isolate import isolate, postpone_incident, put_off_incident
from s1ratio.services.alerts.publish_pair import publish_pair
from s1ratio.services.alerts.watch_state import WatchTick
from s1ratio.services.scene_lists import list_scenes
from s1ratio.services.storing.incidents import commit_incident

_WANTED = MAX_QUESTIONS // 2  # of a call: new incidents keep no older one waiting
_DUE = 500
_MAX_WATCHES = 350  # tracks there are
_MAX_SCENES = 4_000
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class _Asked:
    """An incident that is asked about, its rule, its watches by track, and the question."""

    incident: Incident
    rule: Rule
    watches: dict[Track, Watch]
    question: SceneQuestion


def look_for_passes(tick: WatchTick) -> None:
    """Ask about incidents that are wanted and those of due watches; bring their watches on."""
    asked = [*_wanted(tick), *_due(tick)]
    fresh = list({one.incident.id: one for one in reversed(asked)}.values())[::-1]
    fresh = fresh[:MAX_QUESTIONS]
    lists = list_scenes(tick.context, [one.question for one in fresh], tick.until, tick.troubles)
    tick.report.calls += lists.calls
    for one in fresh:
        answer = lists.answers.get(one.question.key)
        if one.question.key in lists.at_fault:
            _leave_for_later(tick, one, lists.at_fault[one.question.key])
        if answer is None or not tick.has_time():
            continue
        tick.report.asked += 1
        with isolate(
            f"incident {one.incident.id}",
            tick.troubles,
            lambda words, each=one: _put_off(tick, each, words),  # type: ignore[misc]
        ):
            _go_on(tick, one, answer)


def _wanted(tick: WatchTick) -> list[_Asked]:
    found = tick.context.store.find_wanted_incidents(_WANTED)
    since = tick.now - LOOK_BACK
    return [one for each in found if (one := _asked(tick, each, since)) is not None]


def _due(tick: WatchTick) -> list[_Asked]:
    """Return the incidents of due watches, those that have waited longest first."""
    store, found = tick.context.store, list[_Asked]()
    due = [*store.find_looking_watches(tick.now, _DUE)]
    due += store.find_rechecked_watches(tick.now, _DUE)
    for name in list(dict.fromkeys(watch.incident for watch in due))[:MAX_QUESTIONS]:
        of_it = {watch.id: watch for watch in due if watch.incident == name}.values()
        incident = store.get_incident(name)
        silenced = incident is not None and incident.reason is Reason.SILENCED
        followed = incident is not None and incident.state.followed and not silenced
        one = _asked(tick, incident, None) if incident is not None and followed else None
        if one is not None:
            found.append(one)
            continue
        # What is not asked about must not stay first of all that is due.
        for watch in of_it:
            with tick.isolated(watch):
                tick.save(_not_asked(watch, incident, tick.now), watch)
    return found


def _not_asked(watch: Watch, incident: Incident | None, now: datetime) -> Watch:
    """Return a due watch of whose incident nothing is asked: it ends if that did, else it waits.

    Such as while a silence covers it, or its rule is gone.
    """
    if incident is None:
        done = watch.state is WatchState.DELIVERED
        over = watch if done else ended(watch, "it is not known any more", now)
        return replace(over, recheck_at=None)
    if not incident.state.live:
        return replace(ended_with(watch, incident, now), recheck_at=None)
    return _later(watch, now)


def _later(watch: Watch, now: datetime) -> Watch:
    """Return a watch whose scenes are not listed now: what is due of it is due in half an hour."""
    later = now + timedelta(minutes=30)
    looks = watch.state.looks and watch.due_at is not None and watch.due_at <= later
    again = watch.recheck_at is not None and watch.recheck_at <= later
    watch = replace(watch, due_at=later) if looks else watch
    return replace(watch, recheck_at=later) if again else watch


def _asked(tick: WatchTick, incident: Incident, since: datetime | None) -> _Asked | None:
    """Return what is asked about an incident, None if nothing; its trouble is its own."""
    found: list[_Asked | None] = []
    with isolate(
        f"incident {incident.id}",
        tick.troubles,
        lambda words: put_off_incident(tick.context.alerts, incident, words),
    ):
        found.append(_ask_about(tick, incident, since))
    return found[0] if found else None


def _ask_about(tick: WatchTick, incident: Incident, since: datetime | None) -> _Asked | None:
    """Return what is asked about an incident, from `since` or its watches' own times on."""
    rule = tick.rule(incident.rule)
    if rule is None or incident.area is None:
        return None  # it is closed as one without a rule, or has nothing to be asked for
    watches = tick.context.store.find_watches_of(incident.id, _MAX_WATCHES)
    starts = [watch.since for watch in watches if watch.state.looks]
    starts += [
        watch.asked.first_line
        for watch in watches
        if watch.asked and watch.recheck_at and watch.recheck_at <= tick.now
    ]
    if since is not None:
        starts.append(since)
    if not starts or any(watch.state is WatchState.NOT_ACQUIRED for watch in watches):
        starts.append(tick.now - LOOK_BACK)
    # What is foretold for later has a `since` that is still to come.
    start, end = min([*starts, tick.now]) - _AN_HOUR, tick.now + timedelta(minutes=1)
    question = SceneQuestion(incident.id, area_of(incident.area), start, end, _MAX_SCENES)
    return _Asked(incident, rule, {watch.track: watch for watch in watches}, question)


def _go_on(tick: WatchTick, one: _Asked, answer: SceneAnswer) -> None:
    """Bring the watches of an incident on; then what was wanted of it is done."""
    area, incident = one.question.area, one.incident
    platforms = one.rule.platforms
    scenes = [each for each in answer.scenes if not platforms or each.platform in platforms]
    tracks = passes_by_track(scenes, area)
    for track, passes in tracks.items():
        if track not in one.watches and incident.reason is not Reason.REFUSED:
            _open(tick, one, track, passes)
    for track, watch in one.watches.items():
        with tick.isolated(watch):
            _look(tick, one, watch, tracks.get(track, []))
    if not incident.wanted:
        return
    for track in tracks_without([*tracks, *one.watches], area):
        _open(tick, one, track, [])
    asked = note_requested(incident, tick.now)
    commit_incident(tick.context.alerts, asked, incident.version)


def _open(tick: WatchTick, one: _Asked, track: Track, passes: Sequence[ScenePass]) -> None:
    """Store a new watch; what has come of it already is looked at in the same commit."""
    fresh = opened(one.incident, one.rule, track, passes, tick.now)
    after = looked_at(fresh, passes, one.incident, one.rule, tick.now) if passes else fresh
    _publish(tick, one, tick.save(after, None))


def _look(tick: WatchTick, one: _Asked, watch: Watch, passes: Sequence[ScenePass]) -> None:
    after = grown(watch, one.incident, passes, tick.now) if one.incident.wanted else watch
    after = looked_at(after, passes, one.incident, one.rule, tick.now)
    after = looked_again(after, passes, tick.now)
    if after != watch:
        stored = tick.save(after, watch)
        if after.requested_at != watch.requested_at:
            _publish(tick, one, stored)


def _publish(tick: WatchTick, one: _Asked, watch: Watch) -> None:
    if watch.state is WatchState.REQUESTED:
        publish_pair(tick, watch, one.incident, one.rule)


def _leave_for_later(tick: WatchTick, one: _Asked, words: str) -> None:
    """Put off an incident whose scenes can't be listed: Earth Engine may yet, so none is ended."""
    with isolate(f"incident {one.incident.id}", tick.troubles, lambda words: words):
        _put_off_watches(tick, one, words)
        if one.incident.wanted:
            postpone_incident(tick.context.alerts, one.incident, words)


def _put_off(tick: WatchTick, one: _Asked, words: str) -> None:
    """Put off an incident that could not be worked on, with its watches."""
    _put_off_watches(tick, one, words)
    if one.incident.wanted:
        put_off_incident(tick.context.alerts, one.incident, words)


def _put_off_watches(tick: WatchTick, one: _Asked, words: str) -> None:
    for watch in one.watches.values():
        later = _later(watch, tick.now)
        if later != watch:
            tick.save(replace(later, words=words if watch.state.looks else watch.words), watch)

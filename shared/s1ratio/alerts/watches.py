"""What becomes of watches: they are opened, and brought on by listed scenes and by time. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch import (
    WATCH_WORDS,
    Watch,
    WatchReason,
    WatchState,
    watch_id,
)
from s1ratio.alerts.watch_requests import with_requests
from s1ratio.alerts.watch_tracks import LOOK_BACK, Track, area_of, arrived_pass, reference_of
from s1ratio.aoi import Aoi
from s1ratio.pass_times import SeenPass, next_pass
from s1ratio.scenes import ScenePass

WHOLE = 0.95  # of what the track's last passes saw of the area
GRACE = timedelta(hours=6)  # for slices of a pass that came in part
MISSED_AFTER = timedelta(hours=72)
# Passes of one track are a day apart at the least: what is so near is of the pass that was taken.
_ONE_PASS = timedelta(hours=6)
_A_SECOND = timedelta(seconds=1)
_LISTED_AFTER = timedelta(hours=1)  # no scene is listed sooner after its pass
_SOON, _OFTEN, _SELDOM = timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=24)


def opened(
    incident: Incident, rule: Rule, track: Track, passes: Sequence[ScenePass], now: datetime
) -> Watch:
    """Return the watch of a track over an incident that has an area, due at once.

    `passes` are those of the track that were listed, of the last 48 days; without any the track is
    NOT_ACQUIRED.
    """
    before, day = rule.windows.before, timedelta(days=1)
    watch = Watch(
        id=watch_id(incident.id, *track),
        incident=incident.id,
        rule=rule.name,
        relative_orbit=track[0],
        direction=track[1],
        state=WatchState.NOT_ACQUIRED,
        created_at=now,
        changed_at=now,
        due_at=now + _SELDOM,
        since=incident.first_at + rule.windows.after[0] * day,
        area=incident.area or "",
        baseline_start=incident.first_at - before[0] * day,
        baseline_end=incident.first_at - before[1] * day,
        platforms=rule.platforms,
        reason=WatchReason.NOT_ACQUIRED,
        words=WATCH_WORDS[WatchReason.NOT_ACQUIRED],
    )
    return acquired(watch, passes, now) if passes else watch


def acquired(watch: Watch, passes: Sequence[ScenePass], now: datetime) -> Watch:
    """Return a watch of whose track passes were listed: it expects the next one that counts."""
    earlier = [each for each in passes if each.first_line < watch.since]
    watch = _seen(watch, earlier[-1] if earlier else passes[0])
    watch = replace(watch, reference=reference_of(earlier, area_of(watch.area)))
    return _expecting(replace(watch, reason=None, words=""), watch.since, now)


def looked_at(
    watch: Watch, passes: Sequence[ScenePass], incident: Incident, rule: Rule, now: datetime
) -> Watch:
    """Return a watch after its track's passes were listed, from its `since` on at the least."""
    if not watch.state.looks:
        return watch
    watch = _of_platforms(watch, rule.platforms, now)
    until = last_time(incident) + timedelta(days=rule.windows.after[1])
    fresh = [each for each in passes if watch.since <= each.first_line <= until]
    if watch.state is WatchState.NOT_ACQUIRED:
        lately = [each for each in passes if each.first_line >= now - LOOK_BACK]
        if not lately:
            return replace(watch, due_at=now + _SELDOM)
        watch = acquired(watch, lately, now)
    if fresh:
        return _arrived(watch, fresh[0], area_of(watch.area), now)
    if watch.state is WatchState.ARRIVED:  # its scenes are listed no more
        watch = replace(watch, taken=None, arrived_at=None)
        return _expecting(watch, watch.since, now)
    return _waited(watch, until, now)


def _of_platforms(watch: Watch, platforms: tuple[str, ...], now: datetime) -> Watch:
    """Return a watch of these satellites: what it expects of others it does not expect any more."""
    if watch.platforms == platforms:
        return watch
    watch = replace(watch, platforms=platforms)
    expected = watch.expected_at
    if expected is None or not platforms or watch.expected_platform in platforms:
        return watch
    return replace(_expecting(watch, expected, now), state=watch.state, changed_at=watch.changed_at)


def _arrived(watch: Watch, each: ScenePass, area: Aoi, now: datetime) -> Watch:
    """Return a watch of which a pass came: requested if that is whole, or its grace is over."""
    taken = arrived_pass(each, watch.reference, area)
    fresh = watch.taken is None or watch.taken.name != taken.name
    arrived_at = now if fresh or watch.arrived_at is None else watch.arrived_at
    watch = replace(watch, taken=taken, arrived_at=arrived_at, reason=None, words="", tries=0)
    if taken.coverage >= WHOLE:
        return with_requests(watch, now)
    words = f"{taken.coverage:.0%} of what the track's last passes saw"
    if now >= arrived_at + GRACE:
        partial = f"{WATCH_WORDS[WatchReason.PARTIAL]} ({words})"
        return with_requests(replace(watch, reason=WatchReason.PARTIAL, words=partial), now)
    due = min(now + _SOON, arrived_at + GRACE)
    waiting = f"{words}: the rest is waited for until {arrived_at + GRACE:%Y-%m-%d %H:%M} UTC"
    watch = replace(watch, state=WatchState.ARRIVED, due_at=due, words=waiting)
    return replace(watch, changed_at=now if fresh else watch.changed_at)


def _waited(watch: Watch, until: datetime, now: datetime) -> Watch:
    """Return a watch of which no pass came: MISSED 72 hours after it was predicted.

    One that is predicted after `until`, the end of its window, is not waited for.
    """
    expected = watch.expected_at
    if expected is not None and expected > until:
        return _beyond_window(watch, until, now)
    if expected is None or now < expected + MISSED_AFTER:
        return replace(watch, due_at=_due(expected, now), tries=0)
    named = f"predicted for {expected:%Y-%m-%d %H:%M} UTC, Sentinel-1{watch.expected_platform}"
    missed = _expecting(replace(watch, missed=watch.missed + 1), expected + _ONE_PASS, now)
    return replace(
        missed,
        state=WatchState.MISSED,
        reason=WatchReason.NO_SCENE,
        words=f"{WATCH_WORDS[WatchReason.NO_SCENE]} ({named})",
    )


def _beyond_window(watch: Watch, until: datetime, now: datetime) -> Watch:
    """Return a watch that waits for no pass: alerts that come yet may make its window longer."""
    told = f"no other pass comes by {until:%Y-%m-%d %H:%M} UTC, the end of its window"
    before = watch.words.partition("; no other pass")[0] if watch.reason else ""
    words = f"{before}; {told}" if before else told
    return replace(watch, due_at=now + _SELDOM, words=words, tries=0)


def followed_on(watch: Watch, now: datetime) -> Watch:
    """Return a watch that has done with a pass, and expects the next."""
    taken = watch.taken
    if taken is not None:
        watch = replace(
            watch,
            since=taken.first_line + _ONE_PASS,
            seen_platform=taken.platform,
            seen_orbit=taken.absolute_orbit,
            seen_at=taken.first_line,
        )
    fresh = replace(watch, taken=None, arrived_at=None, reason=None, words="")
    # A revision of an earlier pass changes nothing of what is expected since.
    expected = watch.expected_at - _A_SECOND if watch.expected_at else watch.since
    return _expecting(fresh, max(watch.since, expected), now)


def last_time(incident: Incident) -> datetime:
    """Return the time of an incident's last alert, from which its window after is counted."""
    times = [member.time for member in incident.counted]
    return max(times, default=incident.first_at)


def _seen(watch: Watch, each: ScenePass) -> Watch:
    return replace(
        watch,
        seen_platform=each.platform,
        seen_orbit=each.absolute_orbit,
        seen_at=each.first_line,
    )


def _expecting(watch: Watch, after: datetime, now: datetime) -> Watch:
    """Return a watch that expects the first pass after a time."""
    coming = None
    if watch.seen_platform and watch.seen_orbit and watch.seen_at:
        seen = SeenPass(watch.seen_platform, watch.seen_orbit, watch.seen_at)
        coming = next_pass(seen, after, watch.platforms)
    expected = coming.first_line if coming else None
    return replace(
        watch,
        state=WatchState.EXPECTED,
        expected_at=expected,
        expected_platform=coming.platform if coming else None,
        due_at=_due(expected, now),
        changed_at=now,
        tries=0,
    )


def _due(expected: datetime | None, now: datetime) -> datetime:
    """Return when scenes are looked for: after the pass, and once a day whatever is predicted."""
    if expected is None:
        return now + _SELDOM
    if now < expected + _LISTED_AFTER:
        return min(expected + _LISTED_AFTER, now + _SELDOM)
    return min(now + _OFTEN, max(expected + MISSED_AFTER, now + timedelta(minutes=1)))

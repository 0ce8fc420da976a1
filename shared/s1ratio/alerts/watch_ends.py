"""What becomes of watches whose pair ended, whose incident grew, or ended. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.records import KEPT_AFTER_SEEN
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch import WATCH_WORDS, Watch, WatchReason, WatchState
from s1ratio.alerts.watch_requests import with_requests
from s1ratio.alerts.watch_tracks import area_of, reference_of
from s1ratio.alerts.watches import followed_on
from s1ratio.scenes import ScenePass


def delivered(watch: Watch, rule: Rule, live: bool, now: datetime) -> Watch:
    """Return a watch whose pair is VERIFIED: it follows on, if its rule says so.

    Not where its incident has ended: `live` says whether that goes on.
    """
    count = watch.delivered + (not _is_delivered(watch))
    done = replace(
        watch,
        state=WatchState.DELIVERED,
        delivered=count,
        delivered_pass=watch.taken.name if watch.taken else None,
        revised_from=(),
        changed_at=now,
        due_at=None,
        tries=0,
    )
    wanted = {"first": 1, "all": None}.get(str(rule.follow), rule.follow)
    more = live and not watch.cancelling and (wanted is None or count < int(wanted))
    return followed_on(done, now) if more else replace(done, expire_at=now + KEPT_AFTER_SEEN)


def _is_delivered(watch: Watch) -> bool:
    """Tell whether a pair of the pass that it takes counts as delivered already."""
    return watch.taken is not None and watch.delivered_pass == watch.taken.name


def undelivered(
    watch: Watch,
    reason: WatchReason,
    words: str,
    rule: Rule | None,
    *,
    live: bool,
    now: datetime,
) -> Watch:
    """Return a watch whose pair came to nothing: MISSED, and its next pass is looked for.

    Where its incident has ended, it ends. Was it a revision for late slices, what was delivered
    before stands.
    """
    if watch.revised_from and _is_delivered(watch):
        stands = replace(watch, requests=watch.revised_from)
        told = f"its revision came to nothing ({words}): what was delivered before stands"
        back = delivered(stands, rule, live, now) if rule else _left(stands, now)
        return replace(back, words=told)
    if _is_delivered(watch):  # the area had grown
        watch = replace(watch, delivered=max(0, watch.delivered - 1), delivered_pass=None)
    if watch.cancelling or not live:
        over = ended(replace(watch, cancelling=False, requests=()), words, now)
        return replace(over, requests=watch.requests)
    # What the pair lacks may be the baseline: the next pass asks for it once more.
    failed = {one.id for one in watch.requests if one.fate != "VERIFIED"}
    baseline = None if watch.baseline in failed else watch.baseline
    missed = followed_on(replace(watch, missed=watch.missed + 1, baseline=baseline), now)
    told = f"{WATCH_WORDS[reason]} ({words})"
    return replace(missed, state=WatchState.MISSED, reason=reason, words=told)


def _left(watch: Watch, now: datetime) -> Watch:
    """Return a watch that nobody follows on, as it was delivered."""
    done = replace(watch, state=WatchState.DELIVERED, revised_from=(), due_at=None)
    return replace(done, recheck_at=None, changed_at=now, expire_at=now + KEPT_AFTER_SEEN)


def grown(watch: Watch, incident: Incident, passes: Sequence[ScenePass], now: datetime) -> Watch:
    """Return a watch after its incident's area was assessed anew: the same again changes nothing.

    A pair that was requested is requested once more, under ids of its own; what of the older one
    has not started is cancelled. Other watches go on with the new area.
    """
    same = watch.area == incident.area or incident.area is None
    if same or watch.state is WatchState.ENDED:
        return watch
    earlier = [each for each in passes if each.first_line < watch.since]
    area = incident.area or ""
    reference = reference_of(earlier, area_of(area)) or watch.reference
    after = replace(watch, area=area, reference=reference)
    if watch.requested_at is not None:  # else it takes the new area with its first pass
        after = replace(after, baseline=None, revision=watch.revision + 1)
    if watch.taken is None or watch.state not in {WatchState.REQUESTED, WatchState.DELIVERED}:
        return after if watch.state is WatchState.DELIVERED else replace(after, due_at=now)
    stale = (*watch.stale, *(one.id for one in watch.requests if one.fate is None))
    # Of a pass that was delivered, by an earlier version, too: it counts once.
    done = watch.taken.name if watch.state is WatchState.DELIVERED else watch.delivered_pass
    again = replace(after, stale=stale, delivered_pass=done, expire_at=None, reason=None)
    return with_requests(replace(again, words="requested anew: the area has grown"), now)


def ended(watch: Watch, words: str, now: datetime) -> Watch:
    """Return a watch that ends with its incident; a pair that was requested is followed first."""
    if watch.state is WatchState.REQUESTED and watch.requests:
        return watch
    told = f"{WATCH_WORDS[WatchReason.INCIDENT_ENDED]}: {words}"
    told += f"; before that: {watch.words}" if watch.words else ""
    return replace(
        watch,
        state=WatchState.ENDED,
        reason=WatchReason.INCIDENT_ENDED,
        words=told,
        changed_at=now,
        due_at=None,
        expire_at=now + KEPT_AFTER_SEEN,
    )


def ended_with(watch: Watch, incident: Incident, now: datetime) -> Watch:
    """Return a watch after its incident ended: what is done stays, what has not begun is not made.

    Of a cancelled incident a requested pair is cancelled as far as it has not started.
    """
    words = f"{incident.id} is {incident.state}"
    if watch.state is WatchState.DELIVERED:
        cancelled = incident.state is IncidentState.CANCELLED
        return replace(watch, words=words) if cancelled else watch
    if watch.state is WatchState.ENDED:
        return watch
    if watch.state is WatchState.REQUESTED:
        cancelling = incident.state is IncidentState.CANCELLED
        return replace(watch, cancelling=cancelling, words=words, due_at=now)
    return ended(watch, words, now)

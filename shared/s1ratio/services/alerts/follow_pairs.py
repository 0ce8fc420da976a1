"""Follow: what became of the pairs that watches requested, and of watches whose incident ended."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from s1ratio.alerts.watch import Watch, WatchReason, WatchRequest
from s1ratio.alerts.watch_ends import delivered, ended_with, undelivered
from s1ratio.alerts.watch_requests import FOLLOW_AFTER, payloads_of
from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.alerts.isolate import isolate, postpone_incident
from s1ratio.services.alerts.publish_pair import publish_pair
from s1ratio.services.alerts.watch_state import WatchTick
from s1ratio.services.commands.cancel import cancel
from s1ratio.services.commands.selection import Selection
from s1ratio.services.storing.incidents import commit_incident
from s1ratio.task import TaskState

_AT_ONCE = 200
_MAX_WATCHES = 350
_REJECTED = "REJECTED"
_SELDOM = timedelta(hours=1)
_NEVER_CAME = timedelta(days=1)  # a message that nobody sends again by then is lost
_GIVEN_UP = timedelta(days=14)  # for so long one is sent again that nobody takes in
_LOST = "LOST"


def end_watches(tick: WatchTick) -> None:
    """End the watches of incidents that have ended, and note that of the incidents."""
    store = tick.context.store
    for incident in store.find_watched_incidents_ended(tick.now, _AT_ONCE):
        if not tick.has_time():
            return
        with isolate(
            f"incident {incident.id}",
            tick.troubles,
            # It has ended as what it is, and stays that: others get their turn meanwhile.
            lambda words, one=incident: postpone_incident(tick.context.alerts, one, words),  # type: ignore[misc]
        ):
            for watch in store.find_watches_of(incident.id, _MAX_WATCHES):
                tick.save(ended_with(watch, incident, tick.now), watch)
            commit_incident(tick.context.alerts, replace(incident, watched=False), incident.version)


def follow_pairs(tick: WatchTick) -> None:
    """Look at requests of watches: a pair that is VERIFIED is delivered."""
    store = tick.context.store
    due = store.find_requested_watches(tick.now, _AT_ONCE)
    names = {each.id for watch in due for each in watch.requests}
    names |= {name for watch in due for name in watch.stale}
    records = store.get_requests(names) if names else {}
    for watch in due:
        if not tick.has_time():
            return
        with tick.isolated(watch):
            _follow(tick, watch, records)


def _follow(tick: WatchTick, watch: Watch, records: Mapping[str, RequestRecord]) -> None:
    stale = tuple(name for name in watch.stale if not _cancel_unstarted(tick, records.get(name)))
    if watch.cancelling:
        for each in watch.requests:
            _cancel_unstarted(tick, records.get(each.id))
    known = _with_fates(tick, watch, records)
    after = replace(watch, stale=stale, requests=known)
    if all(each.fate is not None for each in known):
        tick.save(_settled(tick, after), watch)
        return
    missing = [each for each in known if each.fate is None and each.id not in records]
    if missing and not watch.cancelling:
        _publish_again(tick, after)
    due = tick.now + _pause(watch, tick.now)
    tick.save(replace(after, due_at=due, tries=0), watch)


def _with_fates(
    tick: WatchTick, watch: Watch, records: Mapping[str, RequestRecord]
) -> tuple[WatchRequest, ...]:
    """Return a watch's requests with what became of them, as far as they have ended."""
    refused = _refused(tick, watch, records)
    is_sent = not watch.cancelling and tick.rule(watch.rule) is not None
    patience = _GIVEN_UP if is_sent else _NEVER_CAME
    lost = tick.now >= (watch.requested_at or tick.now) + patience
    found = []
    for each in watch.requests:
        record, fate = records.get(each.id), each.fate
        if record is not None:  # one that ended may be made again by hand
            fate = record.state.value if record.state.terminal else None
        elif record is None and each.id in refused:
            fate = _REJECTED
        elif record is None and lost:
            fate = RequestState.CANCELLED.value if watch.cancelling else _LOST
        found.append(replace(each, fate=fate))
    return tuple(found)


def _refused(tick: WatchTick, watch: Watch, records: Mapping[str, RequestRecord]) -> dict[str, str]:
    """Return those of a watch's requests that are stored as refused, with why."""
    incident, rule = tick.context.store.get_incident(watch.incident), tick.rule(watch.rule)
    if incident is None or rule is None or all(one.id in records for one in watch.requests):
        return {}
    refused = {}
    for name, payload in payloads_of(watch, incident, rule):
        digest = hashlib.sha256(payload).hexdigest()[:40]
        found = tick.context.store.get_rejection(digest) if name not in records else None
        if found is not None:
            refused[name] = "; ".join(map(str, found.reasons[:3]))
    return refused


def _settled(tick: WatchTick, watch: Watch) -> Watch:
    """Return a watch whose pair has ended: delivered if it is VERIFIED as a whole."""
    fates = {each.id: each.fate or "" for each in watch.requests}
    rule, incident = tick.rule(watch.rule), tick.context.store.get_incident(watch.incident)
    live = incident is not None and incident.state.live
    verified = RequestState.VERIFIED.value
    if set(fates.values()) == {verified} and rule is not None:
        return delivered(watch, rule, live, tick.now)
    refused = _REJECTED in fates.values()
    reason = WatchReason.REFUSED if refused else WatchReason.NOT_VERIFIED
    words = ", ".join(f"{name} is {fate}" for name, fate in fates.items() if fate != verified)
    words = words or f"rule {watch.rule} was removed"
    return undelivered(watch, reason, words, rule, live=live, now=tick.now)


def _publish_again(tick: WatchTick, watch: Watch) -> None:
    incident, rule = tick.context.store.get_incident(watch.incident), tick.rule(watch.rule)
    if incident is not None and rule is not None:
        publish_pair(tick, watch, incident, rule)


def _cancel_unstarted(tick: WatchTick, record: RequestRecord | None) -> bool:
    """Cancel what of a request has not started; tell whether it is known at all."""
    if record is None:
        return False
    if not record.state.terminal:
        state = None if record.state is RequestState.EXPANDING else TaskState.PLANNED
        cancel(tick.context, Selection(request_id=record.id, state=state), "its incident changed")
    return True


def _pause(watch: Watch, now: datetime) -> timedelta:
    """Return how long a pair is left alone: a tenth of its age, five minutes to an hour."""
    age = now - (watch.requested_at or now)
    return min(max(age / 10, FOLLOW_AFTER), _SELDOM)

"""Why: the chain from an alert, a message, an incident or a watch to what came of it, or not."""

from dataclasses import dataclass
from datetime import datetime

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.reasons import WORDS, Reason, count_alerts
from s1ratio.alerts.records import AlertRecord, MessageRecord
from s1ratio.alerts.watch import WATCH_WORDS, Watch, WatchReason, WatchState
from s1ratio.ports import Store

_MAX_MEMBERS = 20
_MAX_WATCHES = 350


@dataclass(frozen=True)
class Link:
    """One link of a chain: what it is of, its state, since when, and why."""

    what: str
    state: str
    at: datetime
    words: str = ""


def explain(store: Store, name: str) -> list[Link]:
    """Return the chain of an alert (`feed:id`), incident, watch or message; empty if unknown."""
    alert = store.get_alert(name)
    if alert is not None:
        return _of_alert(store, alert)
    incident = store.get_incident(name)
    if incident is not None:
        return [*_of_incident(incident), *_watches_of(store, incident)]
    watch = store.get_watch(name)
    if watch is not None:
        return _of_watch(store, watch)
    message = store.get_message(name)
    return [_of_message(message)] if message is not None else []


def _of_alert(store: Store, alert: AlertRecord) -> list[Link]:
    links = []
    message = store.get_message(alert.message)
    if message is not None:
        links.append(_of_message(message))
    words = _words(alert.reason, alert.words)
    if alert.due_at is not None:
        words = "; ".join(
            filter(None, (words, f"looked at again from {alert.due_at:%F %H:%M} UTC"))
        )
    links.append(Link(f"alert {alert.id}", alert.state.value, alert.changed_at, words))
    links += [Link(f"alert {alert.id}", "noted", alert.seen_at, note) for note in alert.notes]
    incident = store.get_incident(alert.incident) if alert.incident else None
    if incident is not None:
        member = incident.member((alert.feed, alert.alert_id))
        if member is not None and member.out is not None:
            words = WORDS[member.out]
            links.append(Link(f"member of {incident.id}", "out", alert.changed_at, words))
        links += [*_of_incident(incident, members=False), *_watches_of(store, incident)]
    return links


def _watches_of(store: Store, incident: Incident) -> list[Link]:
    """Return an incident's watches and their requests; tracks that are not acquired in one."""
    watches = store.find_watches_of(incident.id, _MAX_WATCHES)
    others = [one for one in watches if one.reason is WatchReason.NOT_ACQUIRED]
    links = [link for one in watches if one not in others for link in _of_watch(store, one)]
    if others:
        tracks = ", ".join(one.id.rpartition("-")[2] for one in others)
        words = f"{WATCH_WORDS[WatchReason.NOT_ACQUIRED]}: {tracks}"
        links.append(
            Link(f"tracks over {incident.id}", "NOT_ACQUIRED", others[0].created_at, words)
        )
    return links


def _of_watch(store: Store, watch: Watch) -> list[Link]:
    words = watch.words
    if watch.expected_at is not None and watch.state is WatchState.EXPECTED:
        words = f"Sentinel-1{watch.expected_platform} passes about {watch.expected_at:%F %H:%M} UTC"
    links = [Link(f"watch {watch.id}", watch.state.value, watch.changed_at, words)]
    records = store.get_requests({one.id for one in watch.requests}) if watch.requests else {}
    for one in watch.requests:
        record = records.get(one.id)
        state = record.state.value if record else one.fate or "published"
        at = record.created_at if record else watch.changed_at
        period = f"{one.start:%F %H:%M:%S} to {one.end:%F %H:%M:%S} UTC"
        links.append(Link(f"request {one.id}", state, at, period))
    return links


def _of_incident(incident: Incident, members: bool = True) -> list[Link]:
    links = []
    if members:
        for member in incident.members[:_MAX_MEMBERS]:
            words = WORDS[member.out] if member.out else ""
            what = f"alert {member.feed}:{member.id}"
            links.append(Link(what, "out" if member.out else "counts", member.arrived_at, words))
    count = len(incident.counted)
    counts = "counts" if count == 1 else "count"
    state = f"{count_alerts(count)} {counts}, severity {incident.severity}"
    words = "; ".join(filter(None, (state, _words(incident.reason, incident.words))))
    at = incident.ended_at or incident.opened_at
    links.append(Link(f"incident {incident.id}", incident.state.value, at, words))
    if incident.area is not None:
        links.append(_of_area(incident))
    return links


def _of_area(incident: Incident) -> Link:
    size = f"{incident.area_km2:,.0f} km²"
    if incident.inhibited:
        size += f"; {count_alerts(incident.inhibited)}: {WORDS[Reason.INHIBITED]}"
    at = incident.requested_at or incident.assessed_at or incident.opened_at
    often = f"{incident.requests} times" if incident.requests > 1 else "once"
    times = f"requested {often}" if incident.requests else "not requested yet"
    state = "wanted" if incident.wanted else times
    return Link(f"area of {incident.id}", state, at, size)


def _of_message(message: MessageRecord) -> Link:
    read = count_alerts(message.alerts)
    read += f", {message.broken} of them broken" if message.broken else ""
    words = "; ".join(filter(None, (read, _words(message.reason, ""), *message.faults[:3])))
    return Link(f"message {message.id}", f"read by {message.feed}", message.at, words)


def _words(reason: Reason | None, words: str) -> str:
    told = WORDS[reason] if reason else ""
    return words if told in words else f"{told} ({words})" if words else told

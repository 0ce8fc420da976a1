"""The pair of requests of a watch: their ids, periods and messages, always the same bytes.

The period of the after-request is the pass, so it lies in the past and starts at once. The baseline
is requested with the first pass of a watch alone, and anew where the area has grown.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch import ArrivedPass, Watch, WatchRequest, WatchState
from s1ratio.alerts.watch_tracks import geojson_of
from s1ratio.labels import INCIDENT_LABEL, PAIR_LABEL, ROLE_LABEL, WATCH_LABEL
from s1ratio.request.moments import message_text_of, read_moment

MARGIN = timedelta(seconds=60)
# After its request a pass that came in part is listed again.
_RECHECKS = tuple(timedelta(hours=hours) for hours in (6, 24, 2 * 24, 4 * 24, 8 * 24))
_ALL_OF_IT = 0.9995
FOLLOW_AFTER = timedelta(minutes=5)


def request_id(watch: Watch, taken: ArrivedPass, role: str) -> str:
    """Return the id of the request of a role, `b` before or `a` after, of a pass that came."""
    revised = f"-r{watch.revision}" if watch.revision > 1 else ""
    return f"{watch.id}-{taken.first_line:%y%m%d%H%M}-{role}{revised}"


def with_requests(watch: Watch, now: datetime) -> Watch:
    """Return a watch whose pass came as REQUESTED, with the requests of it that are to be made."""
    taken = watch.taken
    if taken is None:
        raise ValueError(f"watch {watch.id} has no pass to request")
    after = WatchRequest(
        request_id(watch, taken, "a"), taken.first_line - MARGIN, taken.last_line + MARGIN
    )
    pair: tuple[WatchRequest, ...] = (after,)
    if watch.baseline is None:
        name = request_id(watch, taken, "b")
        pair = (WatchRequest(name, watch.baseline_start, watch.baseline_end), after)
        watch = replace(watch, baseline=name)
    return replace(
        watch,
        state=WatchState.REQUESTED,
        requests=pair,
        requested_at=now,
        asked=taken,
        rechecks=0,
        recheck_at=now + _RECHECKS[0] if taken.coverage < _ALL_OF_IT else None,
        revised_from=(),
        changed_at=now,
        due_at=now + FOLLOW_AFTER,
        tries=0,
    )


def next_recheck(watch: Watch, now: datetime) -> datetime | None:
    """Return when a pass that was requested is listed once more, None: never again."""
    done = watch.rechecks
    if done >= len(_RECHECKS) or watch.requested_at is None:
        return None
    return max(watch.requested_at + _RECHECKS[done], now + _RECHECKS[0])


def after_of(watch: Watch) -> WatchRequest | None:
    """Return the after-request of the pass that was requested last, None without one."""
    found = (one for one in watch.requests if one.id.partition("-r")[0].endswith("-a"))
    return next(found, None)


def payloads_of(watch: Watch, incident: Incident, rule: Rule) -> list[tuple[str, bytes]]:
    """Return the messages of a watch's requests that have not ended, by id, as they are published.

    The baseline goes first. Each names the watch and the pair that it is of in its labels.
    """
    open_ones = [one for one in watch.requests if one.fate is None]
    return [(one.id, _payload(watch, one, incident, rule)) for one in open_ones]


def _payload(watch: Watch, request: WatchRequest, incident: Incident, rule: Rule) -> bytes:
    labels = dict(rule.request.get("labels") or {})
    role = "before" if request.id == watch.baseline else "after"
    labels |= {INCIDENT_LABEL: incident.id, WATCH_LABEL: watch.id, ROLE_LABEL: role}
    labels |= {PAIR_LABEL: watch.baseline} if watch.baseline else {}
    message: dict[str, Any] = {
        **rule.request,
        "aoi": geojson_of(watch.area),
        "request_id": request.id,
        "start": _text(request.start),
        "end": _text(request.end),
        "orbits": [watch.relative_orbit],
        "direction": watch.direction.value,
        "priority": rule.priority,
        "labels": labels,
    }
    return json.dumps(message, sort_keys=True, separators=(",", ":")).encode()


def _text(moment: datetime) -> str:
    return message_text_of(read_moment(moment))

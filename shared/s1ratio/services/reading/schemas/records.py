"""Schemas of regions, incidents, feeds, rejections, the queue and why."""

from s1ratio.alerts.incident import IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.watch import WatchReason, WatchState
from s1ratio.commands.records import CommandState
from s1ratio.error_classes import ErrorClass
from s1ratio.regions.states import Cause, RefreshState, RegionState, Why
from s1ratio.services.reading.schemas.parts import (
    DAY,
    FAULTS,
    FLAG,
    FREE,
    LINKS,
    NUMBER,
    TEXT,
    TIME,
    WHOLE,
    Schema,
    one_of,
    or_null,
    ref,
    several,
    whole,
)

_SINCE: dict[str, Schema] = {"created_at": TIME, "since": TIME, "due_at": or_null(TIME)}
_REGION: dict[str, Schema] = {
    "id": TEXT,
    "state": one_of(RegionState),
    **_SINCE,
    "why": TEXT,
    "by": TEXT,
    "held": or_null(one_of(Why)),
    "looked_at": or_null(TIME),
    "tries": WHOLE,
    "error": or_null(TEXT),
    "links": LINKS,
}
_BACKFILL = whole({"start": DAY, "end": DAY, "mark": TIME, "most_open": WHOLE, "by": TEXT})
_REFRESH = whole(
    {
        "id": TEXT,
        "region_id": TEXT,
        "cause": one_of(Cause),
        "start": DAY,
        "end": DAY,
        "made_at": TIME,
        "payload_digest": TEXT,
        "priority": WHOLE,
        "state": one_of(RefreshState),
        "firing": or_null(TIME),
        "pass_name": TEXT,
        "revision": WHOLE,
        "supersedes": or_null(TEXT),
        "superseded_by": or_null(TEXT),
        "stale_since": or_null(TIME),
        "scenes": or_null(TEXT),
        "scene_count": or_null(WHOLE),
        "rechecked": WHOLE,
        "request_state": or_null(TEXT),
        "eecu_seconds": NUMBER,
        "ended_at": or_null(TIME),
        "due_at": or_null(TIME),
        "tries": WHOLE,
    }
)
_ENTRY = whole(
    {
        **dict.fromkeys(("id", "region_id", "kind", "by", "why", "was", "became"), TEXT),
        "at": TIME,
        "request_id": or_null(TEXT),
        "first": or_null(TIME),
        "last": or_null(TIME),
        "count": WHOLE,
    }
)
_INCIDENT: dict[str, Schema] = {
    **dict.fromkeys(("id", "hazard", "rule", "owner", "words"), TEXT),
    "state": one_of(IncidentState),
    **dict.fromkeys(("opened_at", "first_at", "last_member_at"), TIME),
    "severity": WHOLE,
    "area_km2": NUMBER,
    "inhibited": WHOLE,
    "requested_at": or_null(TIME),
    "requests": WHOLE,
    "reason": or_null(one_of(Reason)),
    "ended_at": or_null(TIME),
    "links": LINKS,
}
_MEMBER = whole(
    {
        **dict.fromkeys(("feed", "id", "label"), TEXT),
        "time": TIME,
        "arrived_at": TIME,
        "severity": WHOLE,
        "magnitude": or_null(NUMBER),
        "out": or_null(one_of(Reason)),
    }
)
_TAKEN = whole(
    {
        "platform": TEXT,
        "absolute_orbit": WHOLE,
        "first_line": TIME,
        "last_line": TIME,
        "coverage": NUMBER,
        "scenes": WHOLE,
    }
)
_ASKED = whole({"id": TEXT, "start": TIME, "end": TIME, "fate": or_null(TEXT)})
_WATCH = whole(
    {
        "id": TEXT,
        "relative_orbit": WHOLE,
        "direction": TEXT,
        "state": one_of(WatchState),
        "changed_at": TIME,
        **{name: or_null(TIME) for name in ("due_at", "expected_at", "arrived_at", "requested_at")},
        "expected_platform": or_null(TEXT),
        "requests": several(_ASKED),
        "delivered": WHOLE,
        "missed": WHOLE,
        "reason": or_null(one_of(WatchReason)),
        "words": TEXT,
        "taken": or_null(_TAKEN),
    }
)
_FETCH = whole(
    {
        "due_at": TIME,
        **{name: or_null(TIME) for name in ("tried_at", "succeeded_at", "since")},
        "tries": WHOLE,
        "error": or_null(TEXT),
    }
)
_FEED = whole({"name": TEXT, "changed_at": TIME, "definition": FREE, "fetch": or_null(_FETCH)})
_REJECTION: dict[str, Schema] = {
    "id": TEXT,
    "at": TIME,
    "reasons": FAULTS,
    "message_id": or_null(TEXT),
    "topic": TEXT,
    "links": LINKS,
}
_HOLD = whole({"reason": one_of(ErrorClass), "words": TEXT, "until": TIME})
_IN_LINE = whole(
    {
        "id": TEXT,
        "jobID": TEXT,
        "priority": WHOLE,
        "turn": WHOLE,
        "not_before": TIME,
        "created_at": TIME,
        "waits_for": or_null(TEXT),
        "links": LINKS,
    }
)
_COMMAND = whole(
    {
        **dict.fromkeys(("id", "command", "target_kind", "target_id", "by", "reason"), TEXT),
        "state": one_of(CommandState),
        "received_at": TIME,
        "expires_at": TIME,
        "published_at": or_null(TIME),
        "ended_at": or_null(TIME),
        "changes": several(TEXT),
        "reasons": FAULTS,
        "message": FREE,
        "links": LINKS,
    }
)
RECORD_SCHEMAS: dict[str, Schema] = {
    "regionOfList": whole(_REGION),
    "regionList": whole({"regions": several(ref("regionOfList")), "links": LINKS}),
    "region": whole(
        {
            **_REGION,
            "definition": FREE,
            "backfill": or_null(_BACKFILL),
            "watermark": TIME,
            "run_by": or_null(TEXT),
            "requests": several(_REFRESH),
            "history": several(_ENTRY),
        }
    ),
    "incidentOfList": whole(_INCIDENT),
    "incidentList": whole({"incidents": several(ref("incidentOfList")), "links": LINKS}),
    "incident": whole(
        {
            **_INCIDENT,
            "why": TEXT,
            "area": or_null(FREE),
            "alerts": several(_MEMBER),
            "more_alerts": WHOLE,
            "watches": several(_WATCH),
            "more_watches": FLAG,
        }
    ),
    "feedList": whole({"feeds": several(_FEED), "links": LINKS}),
    "rejectionOfList": whole(_REJECTION),
    "rejectionList": whole({"rejections": several(ref("rejectionOfList")), "links": LINKS}),
    "rejection": whole({**_REJECTION, "payload": TEXT}),
    "queue": whole(
        {
            **dict.fromkeys(("active", "max_active", "planned", "started_today"), WHOLE),
            "max_tasks_day": WHOLE,
            "oldest_start": or_null(TIME),
            "holds": several(_HOLD),
            "line": several(_IN_LINE),
            "links": LINKS,
        }
    ),
    "command": _COMMAND,
    "why": whole(
        {
            "id": TEXT,
            "chain": several(whole({"what": TEXT, "state": TEXT, "at": TIME, "words": TEXT})),
            "links": LINKS,
        }
    ),
}

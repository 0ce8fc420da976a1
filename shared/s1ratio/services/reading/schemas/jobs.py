"""Schemas of jobs, their tasks and what came of them."""

from s1ratio.records import RequestState
from s1ratio.services.reading.job_statuses import JobStatus
from s1ratio.services.reading.schemas.parts import (
    FAULTS,
    FLAG,
    FREE,
    LINKS,
    NUMBER,
    TEXT,
    TIME,
    URL,
    WHOLE,
    Schema,
    by_name,
    one_of,
    or_null,
    ref,
    several,
    whole,
)
from s1ratio.task import TaskState

# What the standard has of a job, and in which words ours says more.
_STANDARD: dict[str, Schema] = {
    "jobID": TEXT,
    "processID": TEXT,
    "type": {"type": "string", "enum": ["process"]},
    "status": one_of(JobStatus),
    "message": TEXT,
    "created": TIME,
    "finished": TIME,
    "progress": {"type": "integer", "minimum": 0, "maximum": 100},
    "links": LINKS,
}
_OURS: dict[str, Schema] = {
    "state": one_of(RequestState),
    "not_before": TIME,
    "size": WHOLE,
    "tallies": by_name(WHOLE),
    "eecu_seconds": NUMBER,
    "error": or_null(TEXT),
    "cancelling": or_null(TEXT),
    "priority": or_null(WHOLE),
    "labels": by_name(TEXT),
    "region": or_null(TEXT),
    "incident": or_null(TEXT),
}
_OF_ONE: dict[str, Schema] = {
    "reasons": FAULTS,
    "destination": FREE,
    "synthetic": FLAG,
    "notes": several(TEXT),
    "values": or_null(NUMBER),
    "output_bytes": or_null(NUMBER),
    "missing": several(TEXT),
    "tasks": several(ref("task")),
    "more_tasks": FLAG,
    "waiting": several(ref("waiting")),
    "command": TEXT,
}
_SHARE = or_null({"type": "number", "minimum": 0, "maximum": 1})
_TASK = whole(
    {
        "id": TEXT,
        "orbit": WHOLE,
        "direction": TEXT,
        "state": one_of(TaskState),
        "verified": or_null(FLAG),
        "cancelling": or_null(TEXT),
        "parent": or_null(TEXT),
        "parts": several(TEXT),
        "attempt": WHOLE,
        "operation": or_null(TEXT),
        "eecu_seconds": or_null(NUMBER),
        "progress": NUMBER,
        "created_at": TIME,
        "ended_at": or_null(TIME),
        "not_before": TIME,
        "footprint_share": or_null(NUMBER),
        "item": or_null(TEXT),
        "valid_share": _SHARE,
        "two_pass_share": _SHARE,
        "counted_share": _SHARE,
        "files": several(URL),
        "empty_files": several(URL),
        "made_by": several(FREE),
        "bands": several(TEXT),
        "crs": TEXT,
        "transform": several(NUMBER),
        "shape": several(WHOLE),
        "error": or_null(TEXT),
        "error_class": or_null(TEXT),
        "waits_for": or_null(TEXT),
        "same_as": or_null(TEXT),
        "notes": several(TEXT),
    }
)
_WAITING = whole(
    {
        "id": TEXT,
        "state": TEXT,
        "waits_for": TEXT,
        "until": or_null(TIME),
        "since": TIME,
        "progress": or_null(NUMBER),
    }
)
_RESULT = whole(
    {
        "files": several(URL),
        "type": TEXT,
        "item": or_null(URL),
        "orbit": WHOLE,
        "direction": TEXT,
        "bands": several(TEXT),
        "crs": TEXT,
    }
)
_RESULTS = whole(
    {
        "composites": several(URL),
        "items": several(URL),
        "tasks": whole({"mediaType": TEXT, "value": by_name(_RESULT)}),
    }
)
JOB_SCHEMAS: dict[str, Schema] = {
    "statusInfo": whole({**_STANDARD, **_OURS, **_OF_ONE}, optional=("finished", "command")),
    "jobOfList": whole({**_STANDARD, **_OURS}, optional=("finished",)),
    "jobList": whole({"jobs": several(ref("jobOfList")), "links": LINKS}),
    "task": _TASK,
    "taskList": whole({"tasks": several(ref("task")), "links": LINKS}),
    "waiting": _WAITING,
    "results": _RESULTS,
}

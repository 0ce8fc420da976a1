"""Requests as jobs: the list, with its filters."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from s1ratio.ports.reading import RequestFilter, RequestOverview
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request.labels import split_label
from s1ratio.services.reading import parameters
from s1ratio.services.reading.call import Answer, Call, Link, Problem, link
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.cursors import cursor_of
from s1ratio.services.reading.job_statuses import (
    STATUS_OF,
    JobStatus,
    message_of,
    progress_of,
    states_of,
)
from s1ratio.services.reading.paging import make_page
from s1ratio.services.reading.plain import plain, time_text

PROCESS = "composite"
RESULTS = "http://www.opengis.net/def/rel/ogc/1.0/results"
USUAL = 10
_MOST, _MOST_IDS = 1000, 20
_KIND = {"type": "string", "enum": ["process"]}


def _read_kind(text: str) -> str:
    if text != "process":
        raise ValueError("must be process: there are no other jobs")
    return text


_LABEL = parameters.text("label", "A label of the request, as NAME=VALUE.", most=130)


def _read_label(text: str) -> str:
    if "=" not in text:
        raise ValueError("must be NAME=VALUE, as in label=owner%3Dops")
    read: str = _LABEL.read(text)
    return read


JOB_PARAMETERS = (
    parameters.limit(_MOST, USUAL),
    parameters.CURSOR,
    parameters.text(
        "id", f"Just the jobs of these ids, up to {_MOST_IDS}: goes with no other filter.", True, 40
    ),
    replace(_LABEL, read=_read_label),
    parameters.text("region", "The id of the standing region that it was made for.", most=40),
    parameters.text("incident", "The id of the incident that it was made for.", most=40),
    parameters.word("state", "Its state in our words.", RequestState, several=True),
    parameters.word("status", "Its status in the standard's words.", JobStatus, several=True),
    parameters.DATETIME,
    parameters.text("processID", "The process: there is one.", several=True),
    parameters.Parameter("type", "The kind of job: there is one.", _KIND, _read_kind, True),
)
_OF_A_PAGE = {"limit", "cursor", "type", "processID"}


def list_jobs(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return a page of requests, newest first."""
    if "id" in call.query:
        return _named(context, call)
    states = _states(call)
    nothing = states is None or PROCESS not in call.query.get("processID", (PROCESS,))
    if nothing:
        return Answer({"jobs": [], "links": [call.self_link()]})
    made = call.query.get("datetime", parameters.Interval())
    names = ("label", "region", "incident")
    wanted = RequestFilter(
        states=states or (),
        since=made.since,
        until=made.until,
        **{name: call.query.get(name) for name in names},
    )
    fetch = partial(context.store.list_requests, wanted)

    def show(found: Sequence[RequestOverview]) -> list[dict[str, Any]]:
        """Return requests as jobs."""
        return [tell_overview(call, one) for one in found]

    return make_page(call, "jobs", fetch=fetch, show=show, cursor=_cursor, usual=USUAL)


def _cursor(one: RequestOverview) -> str:
    return cursor_of(one.created_at, one.id)


def _named(context: ReadingContext, call: Call) -> Answer | Problem:
    names = dict.fromkeys(call.query["id"])
    if others := set(call.query) - _OF_A_PAGE - {"id"}:
        return parameters.invalid("id", f"goes with no other filter, such as {min(others)}")
    if len(names) > _MOST_IDS:
        return parameters.invalid("id", f"{len(names)} are too many: {_MOST_IDS} at most")
    found = context.store.get_requests(names)
    shown = [tell_overview(call, overview_of(found[name])) for name in names if name in found]
    return Answer({"jobs": shown, "links": [call.self_link()]})


def _states(call: Call) -> tuple[RequestState, ...] | None:
    """Return the states that are asked for, empty if all are, None if none can be."""
    states = set(call.query.get("state", RequestState))
    told = {one for status in call.query.get("status", JobStatus) for one in states_of(status)}
    wanted = tuple(state for state in RequestState if state in states & told)
    return () if len(wanted) == len(RequestState) else wanted or None


def overview_of(record: RequestRecord) -> RequestOverview:
    """Return what lists show of a request."""
    names = RequestOverview.__dataclass_fields__
    return RequestOverview(**{name: getattr(record, name) for name in names})


def tell_overview(call: Call, request: RequestOverview) -> dict[str, Any]:
    """Return a request as a job: what the standard has, and what we know beyond."""
    status = STATUS_OF[request.state]
    told = {
        "jobID": request.id,
        "processID": PROCESS,
        "type": "process",
        "status": status.value,
        "message": message_of(request),
        "created": time_text(request.created_at),
        "progress": progress_of(request),
        "links": job_links(call, request.id, status),
    }
    if request.ended_at is not None:
        told["finished"] = time_text(request.ended_at)
    more = {name: value for name, value in asdict(request).items() if name not in _TOLD}
    return {**told, **plain(more), "labels": dict(map(split_label, request.labels))}


_TOLD = {"id", "created_at", "ended_at", "labels"}


def job_links(call: Call, job: str, status: JobStatus) -> list[Link]:
    """Return the links of a job."""
    links = [
        link("self", call.url_of("jobs", job), "This job"),
        link("up", call.url_of("jobs"), "All jobs"),
        link("related", call.url_of("jobs", job, "tasks"), "Its export tasks"),
    ]
    if status is JobStatus.SUCCESSFUL:
        links.append(link(RESULTS, call.url_of("jobs", job, "results"), "Its results"))
    return links

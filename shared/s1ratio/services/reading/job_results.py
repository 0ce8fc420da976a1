"""What came of a job that was successful: its files, and where the catalogue has them."""

from typing import Any

from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.reading.call import Answer, Call, Link, Problem
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.cursors import cursor_of
from s1ratio.services.reading.files import url_of_file
from s1ratio.services.reading.job import no_job
from s1ratio.services.reading.job_statuses import STATUS_OF, JobStatus
from s1ratio.services.reading.parameters import NAME_CURSOR, limit
from s1ratio.services.reading.plain import plain
from s1ratio.task import Task, TaskState

NOT_READY = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready"
GEOTIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
_USUAL = 200
RESULT_PARAMETERS = (limit(1000, _USUAL), NAME_CURSOR)


def show_results(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return the files of a page of tasks; a header links to the next page."""
    name = call.names["jobID"]
    record = context.store.get_request(name)
    if record is None:
        return no_job(name)
    if STATUS_OF[record.state] is not JobStatus.SUCCESSFUL:
        return _without_results(record)
    most = call.query.get("limit", _USUAL)
    found = context.store.list_tasks(name, most + 1, call.query.get("cursor"))
    links: tuple[Link, ...] = ()
    if len(found) > most:
        links = (call.next_link(cursor_of(found[most - 1].id)),)
    composites = [one for task in found[:most] for one in _files(context, task)]
    items = [_item(call, task) for task in found[:most] if _item_name(task)]
    return Answer({"composites": composites, "items": items}, links=links)


def _without_results(record: RequestRecord) -> Problem:
    """Return why a job has no results: it has not ended, or has not come to what was asked for."""
    more = {"state": record.state.value, "reasons": plain(record.reasons)}
    if not record.state.terminal:
        words = f"job {record.id} has not ended: it is {record.state}"
        return Problem(404, "No results yet", words, NOT_READY, more)
    words = f"job {record.id} is {record.state}"
    if record.state is RequestState.PARTIAL:
        words += ": what there is of it stands with its tasks"
    elif why := record.error or record.cancelling:
        words += f": {why}"
    return Problem(409, "No results", words, more=more)


def _files(context: ReadingContext, task: Task) -> list[dict[str, Any]]:
    """Return the files of a task: links, with what is in them.

    What was split has the files of its parts, and what is empty none with data.
    """
    if task.family.parts or task.state is not TaskState.VERIFIED:
        return []
    return [
        {
            "href": url_of_file(context.files_url, name),
            "rel": "item",
            "type": GEOTIFF,
            "title": name.rpartition("/")[2],
            "task": task.id,
            "orbit": task.plan.orbit,
            "direction": task.plan.direction.value,
            "bands": list(task.plan.bands),
            "crs": task.plan.grid.crs,
        }
        for name in task.result.files
    ]


def _item_name(task: Task) -> str | None:
    """Return the name of a task's item in the catalogue, None without one."""
    name: str | None = getattr(getattr(task, "catalogue", None), "item", None)
    return name


def _item(call: Call, task: Task) -> dict[str, Any]:
    parts = (_item_name(task) or "").split("/")
    return {
        "href": call.url_of(*parts),
        "rel": "item",
        "type": "application/geo+json",
        "title": task.id,
        "task": task.id,
    }

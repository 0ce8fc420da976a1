"""What came of a job that was successful: its files, and where the catalogue has them."""

from typing import Any

from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.reading.call import JSON, Answer, Call, Link, Problem
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
    tasks = {task.id: _tell(context, call, task) for task in found[:most] if _has_files(task)}
    items = [one["item"] for one in tasks.values() if one["item"]]
    told = {
        "composites": [url for one in tasks.values() for url in one["files"]],
        "items": items,
        "tasks": {"mediaType": JSON, "value": tasks},
    }
    return Answer(told, links=links)


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


def _has_files(task: Task) -> bool:
    """Tell whether a task has files with data; what was split has those of its parts."""
    return task.state is TaskState.VERIFIED and not task.family.parts


def _tell(context: ReadingContext, call: Call, task: Task) -> dict[str, Any]:
    """Return where a task's files are, and what is in them."""
    name = _item_name(task)
    return {
        "files": [url_of_file(context.files_url, one) for one in task.result.files],
        "type": GEOTIFF,
        "item": call.url_of(*name.split("/")) if name else None,
        "orbit": task.plan.orbit,
        "direction": task.plan.direction.value,
        "bands": list(task.plan.bands),
        "crs": task.plan.grid.crs,
    }


def _item_name(task: Task) -> str | None:
    """Return the name of a task's item in the catalogue, None without one."""
    return task.catalogue.item

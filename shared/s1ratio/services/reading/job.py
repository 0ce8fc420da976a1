"""One request as a job: how it stands, with its export tasks, what they wait for and came to."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from s1ratio.progress import describe_waiting
from s1ratio.records import RequestRecord
from s1ratio.services.reading.call import Answer, Call, Problem, not_found
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.cursors import cursor_of
from s1ratio.services.reading.files import url_of_file
from s1ratio.services.reading.jobs import overview_of, tell_overview
from s1ratio.services.reading.paging import make_page
from s1ratio.services.reading.parameters import NAME_CURSOR, limit
from s1ratio.services.reading.plain import plain
from s1ratio.services.waiting.holds import read_holds
from s1ratio.summary import summarize
from s1ratio.task import Task

NO_JOB = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job"
SHOWN = 100
TASK_PARAMETERS = (limit(200, SHOWN), NAME_CURSOR)
_OF_ALL_TASKS = ("values", "output_bytes")


def no_job(job: str) -> Problem:
    """Return that there is no such job."""
    return not_found("job", job, NO_JOB)


def show_job(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return how a request stands, with its first export tasks; the others have their own list."""
    name = call.names["jobID"]
    record = context.store.get_request(name)
    if record is None:
        return no_job(name)
    return Answer(tell_job(context, call, record))


def tell_job(context: ReadingContext, call: Call, record: RequestRecord) -> dict[str, Any]:
    """Return a request as a job, whole."""
    found = context.store.list_tasks(record.id, SHOWN + 1)
    tasks, now = found[:SHOWN], context.clock.now()
    summary = _summary(context, record, tasks)
    told = tell_overview(call, overview_of(record))
    holds = {} if record.state.terminal else read_holds(context.store, context.settings, now)
    waiting = [one.json(now) for one in describe_waiting(record, tasks, now, holds)]
    if len(found) > SHOWN:
        summary |= dict.fromkeys(_OF_ALL_TASKS)
    return {
        **told,
        **summary,
        "missing": list(record.missing),
        "more_tasks": len(found) > SHOWN,
        # How long it has waited changes with every look, and follows from `since`.
        "waiting": [{k: v for k, v in one.items() if k != "age_s"} for one in waiting],
    }


def list_tasks(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return a page of a request's export tasks, by id."""
    name = call.names["jobID"]
    record = context.store.get_request(name)
    if record is None:
        return no_job(name)

    def show(found: Sequence[Task]) -> list[dict[str, Any]]:
        """Return tasks as JSON."""
        told: list[dict[str, Any]] = _summary(context, record, found)["tasks"]
        return told

    fetch = partial(context.store.list_tasks, name)
    return make_page(
        call, "tasks", fetch=fetch, show=show, cursor=lambda task: cursor_of(task.id), usual=SHOWN
    )


def _summary(
    context: ReadingContext, record: RequestRecord, tasks: Sequence[Task]
) -> dict[str, Any]:
    """Return what the commands tell of a request, its files as URLs."""
    summary = summarize(record, tasks, "", synthetic=context.settings.synthetic)
    del summary["request_id"]
    del summary["created_at"]
    for task, told in zip(tasks, summary["tasks"], strict=True):
        for kind in ("files", "empty_files"):
            told[kind] = [url_of_file(context.files_url, one) for one in told[kind]]
        told["error_class"] = task.trouble.error_class
        told["operation"] = task.run.operation
        told["created_at"], told["ended_at"] = plain((task.created_at, task.end.ended_at))
    return summary

"""The table of operations: what is served, by which function, with which parameters and answers.

The HTTP adapter serves what stands here, and the OpenAPI document describes it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from s1ratio.services.reading.call import Answer, Call, Problem
from s1ratio.services.reading.catalogue import show_catalogue, show_file
from s1ratio.services.reading.commands import show_command
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.dismiss import DISMISS_PARAMETERS, dismiss_job
from s1ratio.services.reading.feeds import list_feeds
from s1ratio.services.reading.incidents import INCIDENT_PARAMETERS, list_incidents, show_incident
from s1ratio.services.reading.job import TASK_PARAMETERS, list_tasks, show_job
from s1ratio.services.reading.job_results import RESULT_PARAMETERS, show_results
from s1ratio.services.reading.jobs import JOB_PARAMETERS, list_jobs
from s1ratio.services.reading.landing import OPENAPI, show_conformance, show_landing
from s1ratio.services.reading.parameters import Parameter
from s1ratio.services.reading.processes import list_processes, show_process
from s1ratio.services.reading.queue import QUEUE_PARAMETERS, show_queue
from s1ratio.services.reading.regions import REGION_PARAMETERS, list_regions, show_region
from s1ratio.services.reading.rejections import (
    REJECTION_PARAMETERS,
    list_rejections,
    show_rejection,
)
from s1ratio.services.reading.why import show_why

Handler = Callable[[ReadingContext, Call], Answer | Problem]


@dataclass(frozen=True)
class Operation:
    """One operation: `schema` names that of its answer, `problems` are the statuses beside it.

    In its path `{name}` is one part, and `{+name}` all that follows.
    """

    id: str
    path: str
    words: str
    answer: Handler
    schema: str
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()
    method: str = "GET"
    accepted: bool = False  # whether it may also be answered by 202: it will be done


def show_api(context: ReadingContext, call: Call) -> Answer:
    """Return the OpenAPI document of all this."""
    # It describes this table, so it can't be loaded before it.
    from s1ratio.services.reading.openapi import make_document  # noqa: PLC0415

    title = f"s1ratio {context.settings.deployment}"
    return Answer(make_document(OPERATIONS, title, call.base), media=OPENAPI, max_age_s=3_600)


OPERATIONS = (
    Operation("getLandingPage", "/", "What there is here.", show_landing, "landingPage"),
    Operation(
        "getConformance",
        "/conformance",
        "Standards that this keeps to.",
        show_conformance,
        "confClasses",
    ),
    Operation("getApi", "/api", "This document.", show_api, "openapi"),
    Operation("getProcesses", "/processes", "The processes.", list_processes, "processList"),
    Operation(
        "getProcess",
        "/processes/{processID}",
        "What a process takes and gives.",
        show_process,
        "process",
        problems=(404,),
    ),
    Operation(
        "getJobs", "/jobs", "Jobs, newest first.", list_jobs, "jobList", parameters=JOB_PARAMETERS
    ),
    Operation(
        "getStatus", "/jobs/{jobID}", "How a job stands.", show_job, "statusInfo", problems=(404,)
    ),
    Operation(
        "dismiss",
        "/jobs/{jobID}",
        "Have a job cancelled.",
        dismiss_job,
        "statusInfo",
        parameters=DISMISS_PARAMETERS,
        problems=(403, 404, 409),
        method="DELETE",
        accepted=True,
    ),
    Operation(
        "getTasks",
        "/jobs/{jobID}/tasks",
        "A job's export tasks, by id.",
        list_tasks,
        "taskList",
        parameters=TASK_PARAMETERS,
        problems=(404,),
    ),
    Operation(
        "getResult",
        "/jobs/{jobID}/results",
        "What came of a job.",
        show_results,
        "results",
        parameters=RESULT_PARAMETERS,
        problems=(
            404,
            409,
        ),
    ),
    Operation(
        "getRegions",
        "/regions",
        "Standing regions, by id.",
        list_regions,
        "regionList",
        parameters=REGION_PARAMETERS,
    ),
    Operation(
        "getRegion",
        "/regions/{regionID}",
        "A standing region.",
        show_region,
        "region",
        problems=(404,),
    ),
    Operation(
        "getIncidents",
        "/incidents",
        "Incidents, newest first.",
        list_incidents,
        "incidentList",
        parameters=INCIDENT_PARAMETERS,
    ),
    Operation(
        "getIncident",
        "/incidents/{incidentID}",
        "An incident.",
        show_incident,
        "incident",
        problems=(404,),
    ),
    Operation("getFeeds", "/feeds", "Feeds of alerts, by name.", list_feeds, "feedList"),
    Operation(
        "getRejections",
        "/rejections",
        "Refused messages, newest first.",
        list_rejections,
        "rejectionList",
        parameters=REJECTION_PARAMETERS,
    ),
    Operation(
        "getRejection",
        "/rejections/{rejectionID}",
        "A refused message.",
        show_rejection,
        "rejection",
        problems=(404,),
    ),
    Operation(
        "getQueue",
        "/queue",
        "What waits for its start.",
        show_queue,
        "queue",
        parameters=QUEUE_PARAMETERS,
    ),
    Operation(
        "getCommand",
        "/commands/{commandID}",
        "What became of a command.",
        show_command,
        "command",
        problems=(404,),
    ),
    Operation(
        "getWhy",
        "/why/{+id}",
        "What became of an alert, an incident, a watch, a message.",
        show_why,
        "why",
        problems=(404,),
    ),
    Operation(
        "getCatalogue",
        "/stac",
        "The root of the STAC catalogue.",
        show_catalogue,
        "stac",
        problems=(404,),
    ),
    Operation(
        "getCatalogueFile",
        "/stac/{+path}",
        "A file of the STAC catalogue.",
        show_file,
        "stac",
        problems=(404,),
    ),
)

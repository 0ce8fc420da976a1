"""The one process: what it takes, as a JSON Schema, and what it gives."""

from functools import cache
from typing import Any

from s1ratio.request.schema import message_schema
from s1ratio.services.reading.call import Answer, Call, Link, Problem, link, not_found
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.job_results import GEOTIFF
from s1ratio.services.reading.jobs import PROCESS

NO_PROCESS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process"
_HOUR_S = 3_600
_TITLE = "Sentinel-1 VV/VH ratio composite"
_WORDS = (
    "Composites of Sentinel-1 ratios over an area and a period, computed and exported by Earth "
    "Engine, one GeoTIFF or several for each relative orbit and direction. It can't be executed "
    "by HTTP: a request is a message, published on a topic."
)


def list_processes(context: ReadingContext, call: Call) -> Answer:
    """Return the processes: there is one."""
    told = _summary(context, [link("self", call.url_of("processes", PROCESS), _TITLE)])
    return Answer({"processes": [told], "links": [call.self_link()]}, max_age_s=_HOUR_S)


def show_process(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return what the process takes and gives."""
    name = call.names["processID"]
    if name != PROCESS:
        return not_found("process", name, NO_PROCESS)
    links = [call.self_link(), link("up", call.url_of("processes"), "All processes")]
    links.append(link("related", call.url_of("jobs"), "Its jobs"))
    told = _summary(context, links)
    return Answer({**told, "inputs": _inputs(), "outputs": _outputs()}, max_age_s=_HOUR_S)


def _summary(context: ReadingContext, links: list[Link]) -> dict[str, Any]:
    topic = {"role": "topic", "title": context.settings.requests_topic}
    return {
        "id": PROCESS,
        "version": "1",
        "title": _TITLE,
        "description": _WORDS,
        "metadata": [topic],
        "jobControlOptions": [] if context.dismisser is None else ["dismiss"],
        "outputTransmission": ["reference"],
        "links": links,
    }


@cache
def _inputs() -> dict[str, Any]:
    words = "The message, version 1, as it is published."
    return {"request": {"title": "Request", "description": words, "schema": message_schema()}}


def _outputs() -> dict[str, Any]:
    urls = {"type": "array", "items": {"type": "string", "format": "uri"}}
    files = {"type": "object", "additionalProperties": {"type": "object"}}
    return {
        "composites": {
            "title": "Composites",
            "description": f"URLs of the files, each {GEOTIFF}.",
            "schema": urls,
        },
        "items": {
            "title": "Items",
            "description": "URLs of the STAC items that describe them.",
            "schema": urls,
        },
        "tasks": {
            "title": "Tasks",
            "description": "By export task: its files and its item, its orbit, bands and crs.",
            "schema": files,
        },
    }

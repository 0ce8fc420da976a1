"""The way in: what there is here, and which parts of the standards it keeps to."""

from s1ratio.services.reading.call import Answer, Call, link
from s1ratio.services.reading.context import ReadingContext

OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_COMMON = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/"
# Not those of OGC API - Processes: its core demands that a process can be executed by HTTP, and its
# other classes build on that. Here requests come as messages.
CONFORMS_TO = tuple(_COMMON + name for name in ("core", "landing-page", "json", "oas30"))
_DAY_S = 86_400
_LISTS = {
    "regions": "Standing regions",
    "incidents": "Incidents of monitoring alerts",
    "feeds": "Feeds of monitoring alerts",
    "rejections": "Messages that were refused",
    "queue": "What waits for its start",
}


def show_landing(context: ReadingContext, call: Call) -> Answer:
    """Return what there is here."""
    links = [
        call.self_link(),
        link("service-desc", call.url_of("api"), "The OpenAPI document", OPENAPI),
        link(f"{_REL}conformance", call.url_of("conformance"), "Conformance classes"),
        link("conformance", call.url_of("conformance"), "Conformance classes"),
        link(f"{_REL}processes", call.url_of("processes"), "Processes"),
        link(f"{_REL}job-list", call.url_of("jobs"), "Jobs"),
        link("child", call.url_of("stac", "catalog.json"), "The STAC catalogue"),
        *(link("related", call.url_of(name), words) for name, words in _LISTS.items()),
    ]
    told = {
        "title": f"s1ratio {context.settings.deployment}",
        "description": "Sentinel-1 VV/VH ratio composites: what was asked for and what came of it.",
        "links": links,
    }
    return Answer(told)


def show_conformance(_context: ReadingContext, _call: Call) -> Answer:
    """Return the conformance classes that this keeps to."""
    return Answer({"conformsTo": list(CONFORMS_TO)}, max_age_s=_DAY_S)

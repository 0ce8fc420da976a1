"""Standing regions: the list, and one with its definition, requests and history."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from s1ratio.ports.reading import RegionOverview
from s1ratio.regions.states import RegionState
from s1ratio.services.reading.call import Answer, Call, Problem, link, not_found
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.cursors import cursor_of
from s1ratio.services.reading.paging import make_page
from s1ratio.services.reading.parameters import NAME_CURSOR, limit, word
from s1ratio.services.reading.plain import plain

_USUAL = 50
_SHOWN = 20
REGION_PARAMETERS = (
    limit(1000, _USUAL),
    NAME_CURSOR,
    word("state", "Its state.", RegionState),
)


def list_regions(context: ReadingContext, call: Call) -> Answer:
    """Return a page of regions, by id."""

    def show(found: Sequence[RegionOverview]) -> list[dict[str, Any]]:
        """Return regions as JSON."""
        return [{**plain(one), "links": [_self(call, one.id)]} for one in found]

    fetch = partial(context.store.list_regions, call.query.get("state"))
    return make_page(
        call, "regions", fetch=fetch, show=show, cursor=lambda one: cursor_of(one.id), usual=_USUAL
    )


def show_region(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return a region, with its newest requests and what happened to it last."""
    name = call.names["regionID"]
    record = context.store.get_region(name)
    if record is None:
        return not_found("region", name)
    overview = {name: getattr(record, name) for name in RegionOverview.__dataclass_fields__}
    told = {
        **plain(overview),
        "definition": json.loads(record.text),
        "backfill": plain(record.backfill),
        "watermark": plain(record.watermark),
        "run_by": record.run_by,
        "requests": plain(context.store.find_refreshes_of(name, _SHOWN)),
        "history": plain(context.store.find_history_of(name, _SHOWN)),
        "links": [
            _self(call, name),
            link("up", call.url_of("regions"), "All regions"),
            link("related", call.url_of("jobs", region=name), "Its jobs"),
        ],
    }
    return Answer(told)


def _self(call: Call, name: str) -> dict[str, str]:
    return link("self", call.url_of("regions", name), "This region")

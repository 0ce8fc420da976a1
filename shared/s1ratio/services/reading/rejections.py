"""Messages that were refused: the list, and one with a copy of it."""

from collections.abc import Sequence
from typing import Any

from s1ratio.ports.reading import RejectionOverview
from s1ratio.services.reading.call import Answer, Call, Problem, link, not_found
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.cursors import cursor_of
from s1ratio.services.reading.paging import make_page
from s1ratio.services.reading.parameters import CURSOR, limit
from s1ratio.services.reading.plain import plain

_USUAL = 50
REJECTION_PARAMETERS = (limit(1000, _USUAL), CURSOR)


def list_rejections(context: ReadingContext, call: Call) -> Answer:
    """Return a page of rejections, newest first."""

    def show(found: Sequence[RejectionOverview]) -> list[dict[str, Any]]:
        """Return rejections as JSON."""
        return [{**plain(one), "links": [_self(call, one.id)]} for one in found]

    fetch = context.store.list_rejections
    return make_page(call, "rejections", fetch=fetch, show=show, cursor=_cursor, usual=_USUAL)


def _cursor(one: RejectionOverview) -> str:
    return cursor_of(one.at, one.id)


def show_rejection(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return why a message was refused, with a copy of it, cut to a safe size."""
    name = call.names["rejectionID"]
    found = context.store.get_rejection(name)
    if found is None:
        return not_found("rejection", name)
    links = [_self(call, name), link("up", call.url_of("rejections"), "All rejections")]
    return Answer({**plain(found), "links": links})


def _self(call: Call, name: str) -> dict[str, str]:
    return link("self", call.url_of("rejections", name), "This rejection")

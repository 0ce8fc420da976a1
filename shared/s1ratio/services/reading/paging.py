"""A page of a list: one record more than it shows is fetched, to know whether there is a next."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from s1ratio.services.reading.call import Answer, Call, Link

FoundT = TypeVar("FoundT")


def make_page(
    call: Call,
    name: str,
    *,
    fetch: Callable[[int, Any], Sequence[FoundT]],
    show: Callable[[Sequence[FoundT]], list[Any]],
    cursor: Callable[[FoundT], str],
    usual: int,
) -> Answer:
    """Return the page that a call asks for: its records under `name`, and its links."""
    limit = call.query.get("limit", usual)
    found = fetch(limit + 1, call.query.get("cursor"))
    shown = found[:limit]
    links: list[Link] = [call.self_link()]
    if len(found) > limit:
        links.append(call.next_link(cursor(shown[-1])))
    return Answer({name: show(shown), "links": links}, links=tuple(links[1:]))

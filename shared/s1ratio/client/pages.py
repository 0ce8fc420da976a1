"""All pages of a list that a service has, as they are wanted."""

from collections.abc import Iterator
from typing import Any

from s1ratio.ports.service import Query, Service


def ask_pages(service: Service, *parts: str, query: Query = ()) -> Iterator[dict[str, Any]]:
    """Yield the pages of a list, each when it is wanted."""
    told = service.ask(*parts, query=query)
    yield told.body
    while told.cursor is not None:
        told = service.ask(*parts, query=[*query, ("cursor", told.cursor)])
        yield told.body


def records_of(
    service: Service, name: str, *parts: str, query: Query = ()
) -> Iterator[dict[str, Any]]:
    """Yield the records of a list, which stand under `name` in each of its pages."""
    for page in ask_pages(service, *parts, query=query):
        yield from page[name]

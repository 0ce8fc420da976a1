"""Feeds of alerts: how each is read, and how far it is fetched. Secrets are in none of it."""

from typing import Any

from s1ratio.alerts.records import Definition, FetchRecord, Kind
from s1ratio.services.reading.call import Answer, Call
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.plain import plain

_OF_A_FETCH = ("due_at", "tried_at", "succeeded_at", "since", "tries", "error")


def list_feeds(context: ReadingContext, call: Call) -> Answer:
    """Return all feeds, by name: they are as many as somebody has written."""
    feeds = context.store.get_definitions(Kind.FEED)
    fetches = context.store.get_fetches(feed.name for feed in feeds)
    told = [_tell(feed, fetches.get(feed.name)) for feed in feeds]
    return Answer({"feeds": told, "links": [call.self_link()]})


def _tell(feed: Definition, fetch: FetchRecord | None) -> dict[str, Any]:
    return {
        "name": feed.name,
        "changed_at": plain(feed.changed_at),
        "definition": feed.document,
        "fetch": {name: plain(getattr(fetch, name)) for name in _OF_A_FETCH} if fetch else None,
    }

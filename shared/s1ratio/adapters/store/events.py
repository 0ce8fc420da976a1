"""Events as documents: told beside a record's change, and unsent until somebody published them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from typing_extensions import override

from s1ratio.adapters.store import queries
from s1ratio.adapters.store.base import EVENT, Documents, chunks
from s1ratio.adapters.store.database import Put, Query
from s1ratio.adapters.store.queries import EVENTS
from s1ratio.ports.events import EventStore
from s1ratio.records import Event


class EventDocuments(Documents, EventStore):
    """The part of a Store that keeps events; see there."""

    @override
    def find_events_of(self, request_id: str) -> Sequence[Event]:
        return self._events(queries.events_of(request_id))

    @override
    def find_unsent_events(self, limit: int, since: datetime | None = None) -> Sequence[Event]:
        return self._events(queries.unsent(limit, since))

    @override
    def find_unsent_events_of(self, key: str) -> Sequence[Event]:
        return sorted(self._events(queries.unsent_of(key)), key=lambda event: event.version)

    @override
    def mark_sent(self, events: Sequence[Event]) -> None:
        # An event says the same for ever: who writes it over loses nothing of another's.
        sent = (replace(event, unsent_since=None) for event in events)
        for chunk in chunks(Put(EVENTS, event.id, EVENT.document(event)) for event in sent):
            self._database.commit(chunk)

    def _events(self, query: Query) -> list[Event]:
        """Return events, each with its place among the commits as its version."""
        found = self._readable(EVENT, query, lambda item: item.place)
        return list(found)

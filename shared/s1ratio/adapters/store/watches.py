"""Watches as documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from typing_extensions import override

from s1ratio.adapters.store import watch_queries as queries
from s1ratio.adapters.store.alerts import INCIDENT
from s1ratio.adapters.store.base import Documents, compare_and_set, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.watch_queries import WATCHES
from s1ratio.alerts.incident import Incident
from s1ratio.alerts.watch import Watch
from s1ratio.ports.watches import WatchStore
from s1ratio.records import Event

_WATCH = Codec(Watch, as_text=frozenset({"requests", "taken", "asked", "revised_from"}))


class WatchDocuments(Documents, WatchStore):
    """The part of a Store that keeps watches; see there."""

    @override
    def get_watch(self, watch_id: str) -> Watch | None:
        return record_in(_WATCH, WATCHES, watch_id, self._database.get(WATCHES, [watch_id]))

    @override
    def save_watch(self, watch: Watch, expected: Any, events: Sequence[Event] = ()) -> Watch:
        write = compare_and_set(_WATCH, WATCHES, watch.id, watch, expected)
        version = self._commit(write, events)
        return _WATCH.record(write.document, version)

    @override
    def find_looking_watches(self, now: datetime, limit: int) -> Sequence[Watch]:
        return self._readable(_WATCH, queries.looking_watches(now, limit))

    @override
    def find_requested_watches(self, now: datetime, limit: int) -> Sequence[Watch]:
        return self._readable(_WATCH, queries.requested_watches(now, limit))

    @override
    def find_rechecked_watches(self, now: datetime, limit: int) -> Sequence[Watch]:
        return self._readable(_WATCH, queries.rechecked_watches(now, limit))

    @override
    def find_watches(self, limit: int) -> Sequence[Watch]:
        return self._readable(_WATCH, queries.watches(limit))

    @override
    def find_watches_of(self, incident_id: str, limit: int) -> Sequence[Watch]:
        return self._readable(_WATCH, queries.watches_of(incident_id, limit))

    @override
    def find_watched_incidents_ended(self, now: datetime, limit: int) -> Sequence[Incident]:
        return self._readable(INCIDENT, queries.watched_incidents_ended(now, limit))

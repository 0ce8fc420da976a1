"""The part of the store that keeps watches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.watch import Watch
from s1ratio.records import Event


class WatchStore(Protocol):
    """The part of a Store that keeps watches; it raises what the others do."""

    def get_watch(self, watch_id: str) -> Watch | None:
        """Return a watch, or None."""

    def save_watch(self, watch: Watch, expected: Any, events: Sequence[Event] = ()) -> Watch:
        """Compare-and-set a watch with its outgoing events, `expected` None: it is new."""

    def find_looking_watches(self, now: datetime, limit: int) -> Sequence[Watch]:
        """Return watches that look for scenes whose `due_at` has come, in its order."""

    def find_requested_watches(self, now: datetime, limit: int) -> Sequence[Watch]:
        """Return REQUESTED watches whose `due_at` has come, in its order."""

    def find_rechecked_watches(self, now: datetime, limit: int) -> Sequence[Watch]:
        """Return watches whose `recheck_at` has come, in its order."""

    def find_watches(self, limit: int) -> Sequence[Watch]:
        """Return watches, those that changed last first."""

    def find_watches_of(self, incident_id: str, limit: int) -> Sequence[Watch]:
        """Return the watches of an incident, by id."""

    def find_watched_incidents_ended(self, now: datetime, limit: int) -> Sequence[Incident]:
        """Return ended incidents that may have open watches and whose `due_at` has come."""

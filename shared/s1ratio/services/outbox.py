"""Outbox: what one process has committed of events and not published yet, and where they go.

What it forgets, or dies with, is in the store: the poller's sweep publishes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from s1ratio.ports import EventPublisher
from s1ratio.records import Event
from s1ratio.settings import Settings

_MAX_KEYS = 10_000


@dataclass
class Outbox:
    """The way out of a process; its threads share it.

    Without a `publisher` events stay in the store, for a process that has one; `nowhere` says that
    none ever will have one. While Pub/Sub does not answer, nothing is tried until `held_until`.
    """

    publisher: EventPublisher | None = None
    nowhere: bool = False
    held_until: datetime | None = None
    _keys: dict[str, None] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def note(self, events: Iterable[Event]) -> None:
        """Note events that were committed."""
        if self.publisher is None:
            return
        with self._lock:
            for event in events:
                if len(self._keys) < _MAX_KEYS:
                    self._keys[event.key] = None

    def take_keys(self) -> list[str]:
        """Return the keys of which events were committed since the last call, in that order."""
        with self._lock:
            keys = list(self._keys)
            self._keys.clear()
        return keys

    def is_held(self, now: datetime) -> bool:
        """Tell whether Pub/Sub is left alone, for it did not answer just now."""
        return self.held_until is not None and now < self.held_until


def outbox_of_nobody(settings: Settings) -> Outbox:
    """Return the way out of a process that publishes nothing itself.

    What it commits stays in the store for a process that does; of a store that is a file, and
    without a topic, there never is one.
    """
    return Outbox(nowhere=not settings.events_topic and settings.store.startswith("sqlite:"))

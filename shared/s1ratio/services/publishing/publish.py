"""Publish: what a process has committed goes out at once, as far as that costs it no trouble."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from s1ratio.errors import StoreError
from s1ratio.logevents import TROUBLE, UNEXPECTED, tell
from s1ratio.records import Event
from s1ratio.services.event_world import EventWorld
from s1ratio.services.publishing.send import send

_LOG = logging.getLogger(__name__)
_LONGEST = timedelta(seconds=10)
_KEYS_BY_NAME = 3  # more than these are read in one query
_PAGE = 500


def publish_committed(world: EventWorld, until: datetime | None = None) -> int:
    """Publish what this process has committed since the last call; return how many events.

    It takes ten seconds at most, ends by `until`, and never raises: what does not go out lies in
    the store, for the poller's sweep.
    """
    now = world.clock.now()
    end = min(now + _LONGEST, until or now + _LONGEST)
    if now >= end:  # whoever is called next may come to it
        return 0
    keys = world.outbox.take_keys()
    if not keys or world.outbox.is_held(now):
        return 0
    try:
        return _send_keys(world, keys, end)
    except StoreError as error:
        tell(_LOG, TROUBLE, what=f"publishing events: {error}", error_class=error.error_class)
    except Exception as error:  # the work is done and stored: it must not fail of this
        tell(_LOG, UNEXPECTED, error, what="publishing events")
    return 0


def _send_keys(world: EventWorld, keys: Sequence[str], until: datetime) -> int:
    """Read what is unsent of keys, in one query if that finds all there is, and send it."""
    store, sent = world.store, 0
    if len(keys) > _KEYS_BY_NAME:
        found = store.find_unsent_events(_PAGE)
        if len(found) < _PAGE:
            return send(world, by_key(found), until)
    for key in keys:
        if world.clock.now() >= until or world.outbox.is_held(world.clock.now()):
            break
        sent += send(world, {key: store.find_unsent_events_of(key)}, until)
    return sent


def by_key(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Return all unsent events by their keys, each key's in the order of the commits."""
    lines: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda one: one.version):
        lines.setdefault(event.key, []).append(event)
    return lines

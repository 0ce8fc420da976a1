"""Sweep: what lies unsent goes out, whoever committed it and died, or could not reach Pub/Sub.

Without any it costs one query. It reads each unsent event twice at most.
"""

from datetime import datetime

from s1ratio.records import Event
from s1ratio.services.event_world import EventWorld
from s1ratio.services.publishing.publish import by_key
from s1ratio.services.publishing.send import send
from s1ratio.services.storing.paging import fetch_pages

PAGE = 500
MOST = 5_000  # events that one sweep looks at
_KEYS_AT_ONCE = 20


def sweep_unsent(world: EventWorld, until: datetime) -> int:
    """Publish unsent events, the oldest first, as long as there is time; return how many.

    It looks past those of a key that fails. Raises what the store raises.
    """
    if world.outbox.publisher is None:
        return 0
    sent, looked_at = 0, 0
    for page in fetch_pages(world.store.find_unsent_events, _unsent_since, size=PAGE):
        is_all = not looked_at and len(page) < PAGE
        sent += send(world, by_key(page), until) if is_all else _send_whole_keys(world, page, until)
        looked_at += len(page)
        now = world.clock.now()
        if looked_at >= MOST or now >= until or world.outbox.is_held(now):
            break
    return sent


def _send_whole_keys(world: EventWorld, page: list[Event], until: datetime) -> int:
    """Send all that is unsent of the keys in a page: of each there may be more than it holds."""
    keys, sent = list(by_key(page)), 0
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        if world.clock.now() >= until or world.outbox.is_held(world.clock.now()):
            break
        some = keys[start : start + _KEYS_AT_ONCE]
        sent += send(world, {key: world.store.find_unsent_events_of(key) for key in some}, until)
    return sent


def find_oldest_age(world: EventWorld) -> float:
    """Return how long the oldest unsent event has lain, in seconds; 0 without any. One query."""
    now = world.clock.now()
    ages = [
        (now - _unsent_since(event)).total_seconds() for event in world.store.find_unsent_events(1)
    ]
    return max(ages, default=0.0)


def _unsent_since(event: Event) -> datetime:
    return event.unsent_since or event.at

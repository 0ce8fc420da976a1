"""Spreading: regions that are due at one moment come one after the other, by a hash of their id."""

import hashlib
from datetime import timedelta

_LONGEST = timedelta(minutes=15)


def spread(region_id: str, interval: timedelta) -> timedelta:
    """Return how much later than its firing a region is acted on, whole seconds.

    Always the same for a region: less than 15 minutes, and than a tenth of the interval between
    its firings.
    """
    room = min(_LONGEST, interval / 10)
    share = int.from_bytes(hashlib.sha256(region_id.encode()).digest()[:4]) / 2**32
    return timedelta(seconds=int(room.total_seconds() * share))

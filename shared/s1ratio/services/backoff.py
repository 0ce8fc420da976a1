"""How long to wait before trying again."""

import hashlib
from datetime import timedelta

QUEUE_PAUSE = timedelta(minutes=5)
QUOTA_PAUSE = timedelta(hours=1)

_FIRST = timedelta(minutes=1)
_LONGEST = timedelta(hours=1)


def pause(tries: int, key: str) -> timedelta:
    """Return a wait that doubles with each try, one minute to an hour, less up to a quarter.

    The share taken off follows from `key` and `tries`, so that many tasks don't come back at
    once and a replay waits just as long.
    """
    longest = min(_FIRST * (1 << min(tries - 1, 10)), _LONGEST)
    byte = hashlib.sha256(f"{key}|{tries}".encode()).digest()[0]
    return longest * (1 - byte / 1024)

"""How long to wait before trying again."""

import hashlib
from datetime import datetime, timedelta

_FIRST = timedelta(minutes=1)
_MAX_PAUSE = timedelta(hours=1)
_AFTER_RESET = timedelta(minutes=5)


def pause(tries: int, key: str) -> timedelta:
    """Return a wait that doubles with each try, one minute to an hour, less up to a quarter.

    The share taken off follows from `key` and `tries`, so that many tasks don't come back at
    once and a replay waits just as long.
    """
    longest = min(_FIRST * (1 << min(tries - 1, 10)), _MAX_PAUSE)
    return longest * (1 - _share(f"{key}|{tries}") / 4)


def after_reset(now: datetime, hour: int, key: str) -> datetime:
    """Return when the next `hour` o'clock (UTC) is, and five to ten minutes more, by `key`.

    Just after a reset the quota may not be told as reset yet: that is asked about once more.
    """
    reset = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    later = _AFTER_RESET * (1 + _share(key))
    if reset <= now < reset + _AFTER_RESET:
        return now + later
    return reset + later if reset > now else reset + timedelta(days=1) + later


def _share(key: str) -> float:
    """Return a number from 0 to 1, always the same for a key."""
    return hashlib.sha256(key.encode()).digest()[0] / 256

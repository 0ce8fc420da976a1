"""Spare room: launches that come in numbers ask once a second what may be started, not each.

A process takes a hundredth of the room that it found, for a second, before it asks again: so a
hundred processes at once start no more than there was room for, and where there is little room
each launch asks. What holds up starts is heard of a second later, by a start that is refused.
"""

import threading
from datetime import UTC, datetime, timedelta

_SHARE = 100
_KEPT = timedelta(seconds=1)


class SpareRoom:
    """What is left of a process's share of the room, for all of its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = 0
        self._asked_at = datetime.min.replace(tzinfo=UTC)

    def take(self, starts: int, now: datetime) -> bool:
        """Take the room for so many starts; tell whether there is any left for them."""
        with self._lock:
            if not (timedelta() <= now - self._asked_at < _KEPT and starts <= self._left):
                return False
            self._left -= starts
            return True

    def renew(self, room: int, now: datetime) -> None:
        """Begin anew with a share of the room that was found now."""
        with self._lock:
            self._left, self._asked_at = room // _SHARE, now

    def forget(self) -> None:
        """Let the next one ask: a start was not taken."""
        self.renew(0, datetime.min.replace(tzinfo=UTC))

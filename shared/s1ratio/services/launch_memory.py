"""What a process's launches know for a second: those that come in numbers need not each ask.

Of the room that it found a process takes a hundredth before it asks again: so a hundred processes
at once start no more than there was room for, and where there is little room each launch asks. What
holds up starts is heard of a second later, by a start that is refused. Who was first in line a
second ago deals the turns as well as who is now. A launch that leaves a task in line, or whose
start was not taken, has both forgotten.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from s1ratio.task import Task

_SHARE = 100
_KEPT = timedelta(seconds=1)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Head:
    """Who is first in line, be it nobody; where it is not `known` nothing is known of that."""

    task: Task | None = None
    known: bool = True


UNKNOWN = Head(known=False)


class LaunchMemory:
    """The share of the room that is left, and who was first in line; for all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left, self._counted_at = 0, _NEVER
        self._head, self._looked_at = UNKNOWN, _NEVER

    def take_room(self, starts: int, now: datetime) -> bool:
        """Take the room for so many starts; tell whether there is any left for them."""
        with self._lock:
            if not _is_fresh(self._counted_at, now) or starts > self._left:
                return False
            self._left -= starts
            return True

    def renew_room(self, room: int, now: datetime) -> None:
        """Begin anew with a share of the room that was found now."""
        with self._lock:
            self._left, self._counted_at = room // _SHARE, now

    def find_head(self, look: Callable[[], Head], now: datetime) -> Head:
        """Return who is first in line, or was just now; only else it is looked for."""
        with self._lock:
            if _is_fresh(self._looked_at, now):
                return self._head
        head = look()
        with self._lock:
            self._head, self._looked_at = head, now
        return head

    def forget(self) -> None:
        """Let the next launch ask."""
        with self._lock:
            self._counted_at = self._looked_at = _NEVER


def _is_fresh(at: datetime, now: datetime) -> bool:
    return timedelta() <= now - at < _KEPT

"""Time that passes only when it is told to."""

from datetime import UTC, datetime, timedelta
from threading import Lock

BEGIN = datetime(2024, 6, 1, 12, tzinfo=UTC)


class SimulatedClock:
    """Meets `ports.Clock`; starts at `BEGIN`."""

    def __init__(self) -> None:
        self._now = BEGIN
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let that much time pass."""
        with self._lock:
            self._now += timedelta(seconds=seconds)

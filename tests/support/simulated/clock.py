"""Time that passes only when it is told to."""

from datetime import UTC, datetime, timedelta
from threading import Lock

BEGIN = datetime(2024, 6, 1, 12, tzinfo=UTC)


class SkewedClock:
    """Meets `ports.Clock`: another machine's, whose time is wrong by `ahead`."""

    def __init__(self, clock: "SimulatedClock", ahead: timedelta) -> None:
        self._clock, self.ahead = clock, ahead

    def now(self) -> datetime:
        """Return the time in UTC, as this clock shows it."""
        return self._clock.now() + self.ahead


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

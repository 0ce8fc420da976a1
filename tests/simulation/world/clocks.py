"""The clock of one worker: the world's, and always the same way off it."""

from datetime import datetime, timedelta

from tests.support.simulated import SimulatedClock


class WorkerClock:
    """Meets `ports.Clock`; `off` from the world's."""

    def __init__(self, clock: SimulatedClock, off: timedelta) -> None:
        self._clock, self._off = clock, off

    def now(self) -> datetime:
        """Return the time in UTC, as this worker sees it."""
        return self._clock.now() + self._off

"""Time as the services need it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, so that tests can set it."""

    def now(self) -> datetime:
        """Return the time in UTC."""

"""`Days`: a period of whole UTC days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Days:
    """From the day `start` until before the day `end` (UTC)."""

    start: date
    end: date

    @property
    def empty(self) -> bool:
        """Whether there is no day in it."""
        return self.end <= self.start

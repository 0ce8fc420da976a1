"""A clock that shows another day, and goes on from there as the machine's does."""

from datetime import UTC, datetime, timedelta


class ShiftedClock:
    """Meets `ports.Clock`. It never goes back."""

    def __init__(self, at: datetime) -> None:
        self._ahead = at - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the time that it shows (UTC)."""
        return datetime.now(UTC) + self._ahead

    def go_to(self, at: datetime) -> None:
        """Let it show a later time; an earlier one changes nothing."""
        self._ahead += max(timedelta(), at - self.now())

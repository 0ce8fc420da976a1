"""The clock of the machine."""

from datetime import UTC, datetime


class SystemClock:
    """Time as it is; meets `ports.Clock`."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

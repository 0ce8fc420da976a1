"""The clock of the machine."""

from datetime import UTC, datetime

from typing_extensions import override

from s1ratio.ports import Clock


class SystemClock(Clock):
    """The machine's time."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)

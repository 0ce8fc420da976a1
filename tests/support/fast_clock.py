"""Time that runs faster, so that pauses of minutes pass in seconds in a real process.

`python -m tests.support.fast_clock ARGUMENTS` is functions-framework with such a clock. Only what
asks the clock hurries: leases, pauses, graces, budgets. Deadlines of calls are real seconds.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from s1ratio.adapters.clock import SystemClock

_VARIABLE = "S1RATIO_TEST_CLOCK"
# It starts in the past, and must not overtake the machine's: files that an export wrote bear the
# machine's time, and one older than its own start would not count.
_BEHIND_S = 10 * 86_400.0


@dataclass(frozen=True)
class HurriedClock:
    """A clock that is `speed` times as fast as the machine's; the same in all processes."""

    speed: float
    began: float = field(default_factory=time.time)

    def now(self) -> datetime:
        """Return the time in UTC."""
        passed = time.time() - self.began
        return datetime.fromtimestamp(self.began - _BEHIND_S + passed * self.speed, UTC)

    def environment(self) -> dict[str, str]:
        """Return what tells a process of this clock."""
        return {_VARIABLE: f"{self.speed!r} {self.began!r}"}

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Return the clock that an environment tells of."""
        speed, began = map(float, environment[_VARIABLE].split())
        return cls(speed, began)


def _main() -> None:
    # Only this process needs it.
    from functions_framework._cli import _cli  # noqa: PLC0415

    clock = HurriedClock.of(os.environ)
    setattr(SystemClock, "now", lambda _: clock.now())  # noqa: B010 - what mypy has no words for
    _cli(prog_name="functions-framework")


if __name__ == "__main__":
    _main()

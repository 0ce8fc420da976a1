"""Time that goes on from wherever a test sets it, in all processes that are told of its file.

`python -m tests.support.set_clock ARGUMENTS` is functions-framework with such a clock.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from s1ratio.adapters.clock import SystemClock

_VARIABLE = "S1RATIO_TEST_SET_CLOCK"


@dataclass(frozen=True)
class SetClock:
    """A clock that is kept in a file: what it was set to, and when that was."""

    file: Path

    def set(self, at: datetime) -> None:
        """Let it show a time, and go on from there."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{at.timestamp()!r} {time.time()!r}", encoding="ascii")
        fresh.replace(self.file)

    def now(self) -> datetime:
        """Return the time in UTC."""
        shown, since = map(float, self.file.read_text(encoding="ascii").split())
        return datetime.fromtimestamp(shown + time.time() - since, UTC)

    def environment(self) -> dict[str, str]:
        """Return what tells a process of this clock."""
        return {_VARIABLE: str(self.file)}


def _main() -> None:
    # Only this process needs it.
    from functions_framework._cli import _cli  # noqa: PLC0415

    clock = SetClock(Path(os.environ[_VARIABLE]))
    setattr(SystemClock, "now", lambda _: clock.now())  # noqa: B010 - what mypy has no words for
    _cli(prog_name="functions-framework")


if __name__ == "__main__":
    _main()

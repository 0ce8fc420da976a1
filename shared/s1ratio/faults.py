"""Faults: what is wrong in what somebody wrote or a file holds, one by one, to be told at once."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (a path such as `aoi.coordinates[0]`), a code, and words.

    The words tell whoever wrote the value what to change.
    """

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        """Return `path: message`, or the message alone where there is no path."""
        return f"{self.path}: {self.message}" if self.path else self.message


MAX_FAULTS = 50


def capped(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return at most `MAX_FAULTS` faults, the rest as a count in one closing fault."""
    if len(faults) <= MAX_FAULTS:
        return tuple(faults)
    rest = len(faults) - MAX_FAULTS
    return (*faults[:MAX_FAULTS], Fault("", "more_faults", f"and {rest} more faults"))

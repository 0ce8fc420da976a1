"""Faults: what is wrong in what somebody wrote or a file holds, one by one, to be told at once."""

from collections.abc import Sequence
from dataclasses import dataclass

# Bytes of UTF-8: faults stand in documents and log lines, and may quote what somebody sent.
MAX_PATH = 200
MAX_CODE = 60
MAX_WORDS = 1_000
MAX_FAULTS = 50
MAX_ERROR = 2_000  # of an error kept with a request or a task
_ELLIPSIS = "…"


def cut(text: str, max_bytes: int) -> str:
    """Return a text that takes at most `max_bytes` in UTF-8: of a longer one its start, and `…`."""
    start = text[: max_bytes + 1].encode("utf-8", "replace")
    if len(start) <= max_bytes:
        return text
    room = max_bytes - len(_ELLIPSIS.encode())
    return start[:room].decode("utf-8", "ignore") + _ELLIPSIS


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (a path such as `aoi.coordinates[0]`), a code, and words.

    The words tell whoever wrote the value what to change. What is too long is cut.
    """

    path: str
    code: str
    message: str

    def __post_init__(self) -> None:
        """Cut what is too long to be kept and told."""
        for name, limit in (("path", MAX_PATH), ("code", MAX_CODE), ("message", MAX_WORDS)):
            object.__setattr__(self, name, cut(getattr(self, name), limit))

    def __str__(self) -> str:
        """Return `path: message`, or the message alone where there is no path."""
        return f"{self.path}: {self.message}" if self.path else self.message


def capped(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return at most `MAX_FAULTS` faults, and the rest as a count in one closing fault."""
    if len(faults) <= MAX_FAULTS + 1:  # one alone takes no more room than its count
        return tuple(faults)
    rest = len(faults) - MAX_FAULTS
    return (*faults[:MAX_FAULTS], Fault("", "more_faults", f"and {rest} more faults"))

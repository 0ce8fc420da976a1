"""Faults, as the command prints them."""

import sys
from collections.abc import Iterable

from s1ratio.faults import Fault

FAILED, BAD_INPUT = 1, 2


def print_failure(error: Exception, status: int = FAILED) -> int:
    """Print to stderr, in one line, what the command stumbled over; return the exit status."""
    words = " ".join(str(error).split()) or type(error).__name__
    print(f"s1ratio: {words}", file=sys.stderr)
    return status


def print_faults(what: str, faults: Iterable[Fault]) -> int:
    """Print every fault to stderr, a line each; return the exit status for bad input."""
    every = list(faults)
    print(f"{what}: {len(every)} fault{'s' if len(every) > 1 else ''}", file=sys.stderr)
    for fault in every:
        print(f"  {fault}", file=sys.stderr)
    return BAD_INPUT

"""What a command is at, said while it is: within a second, and every ten seconds after that.

The lines go to stderr, so that JSON and tables on stdout stay what they are. A command that shows
its own progress holds them back meanwhile.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from s1ratio.cli.terminal import print_error

_FIRST_S = 0.6
_EVERY_S = 10.0


class _Lines:
    """The lines of one command: what it is at, whether they are held back, whether it is over."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.held = False
        self.over = threading.Event()

    def print_until_over(self) -> None:
        """Print what the command is at until it is over."""
        began = time.monotonic()
        wait = _FIRST_S
        while not self.over.wait(wait):
            spent = time.monotonic() - began
            wait = _EVERY_S
            if not self.held:
                print_error(f"{self.words}: {spent:.0f} s so far")


_current: _Lines | None = None


@contextmanager
def tell_waiting(words: str) -> Iterator[None]:
    """Say what the process is at until the context ends; `tell_doing` says it more closely."""
    global _current  # noqa: PLW0603 - there is one terminal
    lines = _current = _Lines(words)
    thread = threading.Thread(target=lines.print_until_over, daemon=True)
    thread.start()
    try:
        yield
    finally:
        lines.over.set()
        thread.join()
        _current = None


def tell_doing(words: str) -> None:
    """Say what the command is at from now on."""
    if _current is not None:
        _current.words = words


@contextmanager
def hold_lines() -> Iterator[None]:
    """Hold the lines back until the context ends: something else is shown meanwhile."""
    lines = _current
    if lines is not None:
        lines.held = True
    try:
        yield
    finally:
        if lines is not None:
            lines.held = False

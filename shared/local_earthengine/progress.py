"""What a start is at, said while it lasts longer than a second, and no longer.

On a terminal it is one line that changes and goes away, so that what remains is what came of the
start; elsewhere, a line every ten seconds.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from local_earthengine.plain_text import plain

FIRST_S: Final = 1.0
_EVERY_S: Final = 10.0


@contextmanager
def tell_loading(words: str, *, lines: bool, first_s: float = FIRST_S) -> Iterator[None]:
    """Say on stderr what is being loaded, from `first_s` seconds on until the context ends.

    Without `lines` nothing is said where stderr is no terminal.
    """
    stream, over = sys.stderr, threading.Event()
    if not (lines or stream.isatty()):
        yield
        return
    show = _show_in_place if stream.isatty() else _show_as_lines
    thread = threading.Thread(target=show, args=(stream, plain(words), over, first_s), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _show_as_lines(stream: TextIO, words: str, over: threading.Event, first_s: float) -> None:
    began, wait = time.monotonic(), first_s
    while not over.wait(wait):
        print(f"{words}: {time.monotonic() - began:.0f} s so far", file=stream, flush=True)
        wait = _EVERY_S


def _show_in_place(stream: TextIO, words: str, over: threading.Event, first_s: float) -> None:
    began, width = time.monotonic(), 0
    while not over.wait(first_s):
        shown = f"{words}: {time.monotonic() - began:.0f} s so far"
        print("\r" + shown.ljust(width), end="", file=stream, flush=True)
        width = len(shown)
    if width:
        print("\r" + " " * width, end="\r", file=stream, flush=True)

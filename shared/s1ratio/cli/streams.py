"""The streams that the command prints to, whatever whoever called it made of them.

One may be closed, full, or read by nobody. Who does not get what is printed to stdout gets no
success. Lines on stderr are said beside the work: that nobody can read them changes nothing of it.
"""

import contextlib
import io
import os
from pathlib import Path
from typing import TextIO


def stand_in_for_output(stream: TextIO | None) -> TextIO:
    """Return what stands for stdout: one that was closed by the caller is None in Python."""
    return _Closed() if stream is None else stream


def stand_in_for_errors(stream: TextIO | None) -> TextIO:
    """Return what stands for stderr: it takes whatever it is given.

    With None in its place `print` would write to stdout.
    """
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if type(stream) is io.TextIOWrapper:  # a stream of the system's, not a program's own
        return _Unfailing(stream.buffer, encoding=stream.encoding)
    return stream


class _Closed(io.StringIO):
    """A stdout that is none."""

    def write(self, _: str, /) -> int:
        """Raise OSError."""
        raise OSError("standard output is closed: leave it open, or send it to a file")


class _Unfailing(io.TextIOWrapper):
    """A stream of lines; what can't be written to it is dropped."""

    def __init__(self, buffer: io.BufferedIOBase, encoding: str) -> None:
        super().__init__(buffer, encoding=encoding, line_buffering=True)  # type: ignore[arg-type]

    def write(self, text: str, /) -> int:
        """Write a text as far as that is possible, and return its length."""
        with contextlib.suppress(OSError):
            return super().write(text)
        return len(text)

    def flush(self) -> None:
        """Bring what was written to its end as far as that is possible."""
        with contextlib.suppress(OSError):
            super().flush()

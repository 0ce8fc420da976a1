"""What a start is at is said while it lasts, and no line of it stays on a terminal."""

from __future__ import annotations

import io
import sys
import time

import pytest

from local_earthengine.progress import FIRST_S, tell_loading


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


def screen(written: str) -> str:
    """What stays to be seen of one line that is written over and over."""
    shown = ""
    for part in written.split("\r"):
        shown = part + shown[len(part) :]
    return shown.rstrip()


@pytest.mark.parametrize(
    ("stream", "lines", "told"),
    [
        (io.StringIO, True, "reading scenes: 0 s so far\n"),
        (io.StringIO, False, ""),
        (Terminal, True, "\rreading scenes: 0 s so far"),
        (Terminal, False, "\rreading scenes: 0 s so far"),
    ],
)
def test_a_long_start_is_told_meanwhile(
    stream: type[io.StringIO], lines: bool, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = stream()
    monkeypatch.setattr(sys, "stderr", seen)
    with tell_loading("reading scenes", lines=lines, first_s=0.01):
        until = time.monotonic() + 30
        while told not in seen.getvalue() and time.monotonic() < until:
            time.sleep(0.01)
    written = seen.getvalue()
    assert written.startswith(told)
    if stream is Terminal:
        assert "\n" not in written
        assert screen(written) == ""
    else:
        assert written == told


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
@pytest.mark.parametrize("lines", [True, False])
def test_a_short_start_is_not(
    stream: type[io.StringIO], lines: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FIRST_S == 1
    seen = stream()
    monkeypatch.setattr(sys, "stderr", seen)
    with tell_loading("reading scenes", lines=lines, first_s=60):
        pass
    assert seen.getvalue() == ""


def test_what_failed_ends_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    with pytest.raises(ValueError, match="no"), tell_loading("x", lines=True, first_s=0.01):  # noqa: PT012
        while not seen.getvalue():
            time.sleep(0.01)
        raise ValueError("no")
    assert screen(seen.getvalue()) == ""

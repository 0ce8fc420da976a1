"""`s1ratio earthengine`, or `local-earthengine`, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PRODUCT = ("s1ratio.cli.main", "earthengine")
ALONE = ("local_earthengine.command",)
WITHIN = 120.0  # seconds, on a busy machine


def environment() -> dict[str, str]:
    """The environment of this process, without a way to the network."""
    proxy = {"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"}
    return {**os.environ, **proxy, "PYTHONPATH": ""}


@contextmanager
def earth_engine(
    folder: Path, *arguments: str, command: tuple[str, ...] = PRODUCT
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command in a folder; the process, and the two lines that connect a client."""
    with subprocess.Popen(
        [sys.executable, "-m", *command, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = process.stdout.readline() + process.stdout.readline()
        try:
            yield process, lines
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=WITHIN)


def python(folder: Path, code: str, *arguments: Any) -> subprocess.CompletedProcess[str]:
    """Run Python code in a folder, in a process of its own, with no network but loopback."""
    return subprocess.run(
        [sys.executable, *map(str, arguments), "-c", code],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )

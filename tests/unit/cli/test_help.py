"""`--help` of every command loads what it needs alone, and fails where it can't be written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from s1ratio.cli.main import COMMANDS

SLOW = {"numpy", "pydantic", "shapely", "pyproj", "rich", "ee", "rasterio", "scipy", "grpc"}
SLOW |= {"google.cloud.firestore", "google.cloud.pubsub_v1", "sqlite3", "importlib.metadata"}
CODE = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from s1ratio.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_loads_nothing_slow(command: str) -> None:
    words = [command] if command else []
    done = subprocess.run(
        [sys.executable, "-c", CODE, *words, "--help"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("usage: ")
    assert SLOW.isdisjoint(done.stderr.split())


@pytest.mark.parametrize("words", [["--help"], ["status", "--help"], ["--version"], ["schema"]])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_what_can_t_be_written_is_no_success(words: list[str]) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "s1ratio.cli.main", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert "no room is left for bytes or files" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_who_reads_no_further_is_no_fault() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "s1ratio.cli.main", "--help"],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "")

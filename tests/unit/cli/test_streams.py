"""Streams that are closed, full, or read by nobody: no success without output, no other trouble."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

MESSAGE = {"aoi": {"bbox": [13, 52, 13.01, 52.01]}, "start": "2024-01-01", "end": "2024-02-01"}
SLOW = """
import sys, time
from s1ratio.cli import main, waiting
waiting._FIRST_S = 0.05
call = main._call
main._call = lambda *given: time.sleep(0.5) or call(*given)
sys.exit(main.main())
"""

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


def run(python: str, words: str, streams: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the command by a shell that opens and closes its streams; it says what it is at."""
    (folder / "good.json").write_text(json.dumps(MESSAGE), encoding="utf-8")
    (folder / "bad.json").write_text(json.dumps(MESSAGE | {"orbits": [999]}), encoding="utf-8")
    (folder / "s1ratio.py.txt").write_text(SLOW, encoding="utf-8")
    return subprocess.run(
        ["sh", "-c", f"{python} s1ratio.py.txt {words} {streams}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder,
    )


@pytest.mark.parametrize("stream", ["2>&-", pytest.param("2>/dev/full", marks=needs_full)])
@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("validate good.json --json", 0),
        ("validate bad.json --json", 2),
        ("validate none.json --json", 2),
        ("status r1 --out nowhere --json", 2),
        ("rejections --out nowhere --json", 2),
    ],
)
def test_a_stderr_that_takes_nothing_changes_nothing(
    python: str, words: str, status: int, stream: str, tmp_path: Path
) -> None:
    done = run(python, words, stream, tmp_path)
    assert done.returncode == status
    assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("stream", [">&-", pytest.param(">/dev/full", marks=needs_full)])
@pytest.mark.parametrize(
    "words",
    ["validate good.json", "validate good.json --json", "--help", "--version", "schema"],
)
def test_a_stdout_that_takes_nothing_is_told_in_a_line(
    python: str, words: str, stream: str, tmp_path: Path
) -> None:
    done = run(python, words, stream, tmp_path)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if "so far" not in line]
    assert len(said) == 1
    assert said[0].startswith("s1ratio: ")


@pytest.mark.parametrize("option", ["--json", "--jso", "--js", "--j"])
@pytest.mark.parametrize(
    "words", ["validate none.json", "status", "status r1 --out nowhere", "rejections --max 0"]
)
def test_faults_are_json_by_the_beginning_of_the_option_as_well(
    python: str, words: str, option: str, tmp_path: Path
) -> None:
    done = run(python, f"{words} {option}", "", tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["exit_status"] == 2


@pytest.fixture(scope="module")
def python() -> str:
    """Return this interpreter, as a shell takes it."""
    return shlex.quote(sys.executable)

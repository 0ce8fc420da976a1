"""Make mends what an interrupt left half made, and takes away all that it made."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conventions.source import ROOT

# Stands in for Python: makes an environment whose own Python leaves a mark, and fails if it is to.
_PYTHON = """#!/bin/sh
case "$1 $2" in
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip") touch "$(dirname "$0")/../installed-$FAILING" && [ -z "$FAILING" ] ;;
esac
"""
READY = {".venv": ".venv/.ready", ".checkov": ".checkov/.ready", ".uv": ".uv/.ready"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The Makefile and what it depends on, beside a stand-in for Python."""
    for name in ("Makefile", "pyproject.toml", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python"
    python.write_text(_PYTHON, encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def make(folder: Path, *arguments: str, failing: str = "") -> int:
    command = ["make", f"PYTHON={folder / 'python'}", *arguments]
    environment = {"PATH": os.environ["PATH"], "FAILING": failing}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, timeout=60, check=False
    ).returncode


@pytest.mark.parametrize("name", READY)
def test_an_environment_that_was_broken_off_is_made_anew(folder: Path, name: str) -> None:
    assert make(folder, READY[name], failing="yes") != 0
    assert (folder / name / "installed-yes").exists()
    assert not (folder / READY[name]).exists()

    assert make(folder, READY[name]) == 0
    assert (folder / READY[name]).exists()
    assert (folder / name / "installed-").exists()
    assert not (folder / name / "installed-yes").exists()
    assert make(folder, "--question", READY[name]) == 0, "nothing is left to do"


def test_the_environment_is_made_anew_when_its_lock_changes(folder: Path) -> None:
    assert make(folder, "env") == 0
    mark = folder / ".venv" / "of-the-old-lock"
    mark.touch()
    after = (folder / ".venv" / ".locked").stat().st_mtime + 1
    os.utime(folder / "requirements-dev.txt", (after, after))
    assert make(folder, "env") == 0
    assert not mark.exists()


@pytest.mark.parametrize(("says", "is_kept"), [("the same", True), ("another", False)])
def test_a_lock_that_comes_out_as_it_was_keeps_its_time(
    folder: Path, says: str, is_kept: bool
) -> None:
    lock = folder / "requirements-dev.txt"
    lock.write_text("the same", encoding="utf-8")
    os.utime(lock, (1_000_000_000, 1_000_000_000))
    uv = folder / ".uv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(f"#!/bin/sh\nprintf '{says}' > requirements-dev.txt\n", encoding="utf-8")
    uv.chmod(0o755)
    (folder / "functions" / "one").mkdir(parents=True)
    (folder / ".uv" / ".ready").touch()

    assert make(folder, "locks") == 0
    assert lock.read_text(encoding="utf-8") == says
    assert (lock.stat().st_mtime == 1_000_000_000) is is_kept


def test_stand_ins_that_are_not_there_are_said_in_one_line(folder: Path) -> None:
    said = subprocess.run(
        ["make", ".offline-tf"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert (said.returncode, said.stderr.count("\n")) == (2, 1)
    assert "offline-google-provider/install.py is missing" in said.stderr


def test_clean_removes_all_that_git_is_told_to_ignore_but_what_is_the_reader_s(
    folder: Path,
) -> None:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    names = [line.strip("/") for line in lines]
    below = {".build": "infra", ".terraform": "infra", ".terraform.lock.hcl": "infra"}
    below |= {"__pycache__": "tests/unit", "*.egg-info": "shared"}
    paths = [folder / below.get(name, "") / name.replace("*", "s1ratio") for name in names]
    for path in paths:
        (path / "file").mkdir(parents=True)
    for name in ("functions", "shared/s1ratio"):
        (folder / name).mkdir(parents=True)

    assert make(folder, "clean") == 0
    assert {path.name for path in paths if path.exists()} == {
        "s1ratio.tfstates1ratio",
        "s1ratio.tfplan",
        "message.json",
    }

"""What shares something dear is run by one process, whatever pytest-xdist makes of its marks."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conventions.source import ROOT
from tests.support.work_units import LONG, ROOMS, unit_of

_CONFTEST = """
from tests.support.work_units import WorkUnits


def pytest_xdist_make_scheduler(config, log):
    return WorkUnits(config, log)
"""
_TESTS = """
import os
from pathlib import Path

import pytest


@pytest.mark.parametrize("number", range(4))
def test_who_runs_it(number):
    Path(f"{__file__}.{number}").write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_each_long_unit_is_there() -> None:
    assert [unit for unit in LONG if not (ROOT / unit).exists()] == []
    assert set(ROOMS) <= set(LONG)
    assert all(unit_of(f"{unit}::test_it[a::b]") == unit for unit in LONG)


def test_a_room_and_each_file_are_one_process_s(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(_CONFTEST)
    files = ["tests/journey/test_a.py", "tests/journey/test_b.py", "tests/unit/test_c.py"]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(_TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "."]
    options = ["--import-mode=importlib", "-p", "no:cacheprovider", "--rootdir=."]
    done = subprocess.run(
        [*command, *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    who = [{path.read_text() for path in tmp_path.glob(f"{name}.*")} for name in files]
    assert [len(each) for each in who] == [1, 1, 1]
    assert who[0] == who[1] != who[2]

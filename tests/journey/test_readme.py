"""What the README of the local Earth Engine shows runs as it stands there."""

import re
from pathlib import Path

from tests.conventions.source import LOCAL_EARTHENGINE
from tests.support.earthengine_command import ALONE, earth_engine, python

_BLOCK = re.compile(r"<!-- run: (?P<name>\S+) -->\n```(?:\w+)\n(?P<text>.*?)```\n", re.DOTALL)
_PAGE = (LOCAL_EARTHENGINE / "README.md").read_text(encoding="utf-8")
_BLOCKS = {found["name"]: found["text"] for found in _BLOCK.finditer(_PAGE)}


def write(folder: Path, *names: str) -> None:
    """Write blocks as the files that they are."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_BLOCKS[name], encoding="utf-8")


def test_every_python_and_json_block_of_the_page_is_run() -> None:
    install = 1  # changes the environment
    assert _PAGE.count("```") == 2 * (len(_BLOCKS) + install)
    ran = {"server", "client.py", "conftest.py", "test_ratio.py", "test_ndvi.py"}
    assert set(_BLOCKS) == ran | {"scenes/2024-05-01.json", "make_scenes.py"}


def test_the_client_connects_to_the_command(tmp_path: Path) -> None:
    command = _BLOCKS["server"].split()
    assert command[:3] == ["local-earthengine", "--port", "8800"]
    with earth_engine(tmp_path, "--port", "0", *command[3:], command=ALONE) as (_, lines):
        shown = _BLOCKS["client.py"]
        port = lines.split("127.0.0.1:")[1][:-3]
        assert shown.startswith(lines.replace(f":{port}'", ":8800'")), "the lines that it prints"
        told = python(tmp_path, shown.replace(":8800'", f":{port}'"))
    assert told.returncode == 0, told.stderr
    assert re.fullmatch(r"\{'ASCENDING': \d+, 'DESCENDING': \d+\}\n", told.stdout)


def test_the_tests_pass(tmp_path: Path) -> None:
    write(tmp_path, "conftest.py", "test_ratio.py", "test_ndvi.py", "scenes/2024-05-01.json")
    made = python(tmp_path, _BLOCKS["make_scenes.py"])
    assert made.returncode == 0, made.stderr
    run = "import sys, pytest; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider']))"
    done = python(tmp_path, run)
    assert (done.returncode, "2 passed" in done.stdout) == (0, True), done.stdout + done.stderr

"""`s1ratio earthengine` and `local-earthengine`: two lines that connect a client, a clean end."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path

import numpy as np
import pytest

from local_earthengine.command import main as alone
from s1ratio.cli.main import main
from tests.support.earthengine_command import ALONE, PRODUCT, WITHIN, earth_engine, python
from tests.support.stac_items import Tiff, write_item

_ASK = "print(ee.ImageCollection('mine').size().add(ee.Number(1)).getInfo())"


@pytest.mark.parametrize(
    ("command", "state", "sign"),
    [
        (PRODUCT, ".s1ratio", signal.SIGINT),
        (PRODUCT, ".s1ratio", signal.SIGTERM),
        (ALONE, ".local-earthengine", signal.SIGINT),
    ],
)
def test_the_two_lines_connect_a_client_and_a_signal_ends_it(
    tmp_path: Path, command: tuple[str, ...], state: str, sign: signal.Signals
) -> None:
    write_item(tmp_path / "scenes", "a", {"red": Tiff(np.ones((4, 4), "uint8"))}, collection="mine")
    arguments = ("--port", "0", "--out", "results", "--catalog", "scenes")
    with earth_engine(tmp_path, *arguments, command=command) as (process, lines):
        assert lines.count("\n") == 2
        told = python(tmp_path, lines + _ASK)
        assert (told.returncode, told.stdout) == (0, "2\n"), told.stderr
        process.send_signal(sign)
        out, err = process.communicate(timeout=WITHIN)
        assert (process.returncode, out) == (0, "")
    assert err == "exports go to results; stop it with Ctrl-C\n"
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == [state]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, lines: int = 1) -> str:
    """What the command says when it can't start."""
    assert main(["earthengine", *arguments]) == 2
    streams = capsys.readouterr()
    assert streams.out == ""
    assert streams.err.count("\n") == lines
    return streams.err


def test_a_port_in_use_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = refused(capsys, "--port", port, "--out", str(tmp_path))
    assert words.startswith(f"no Earth Engine at 127.0.0.1:{port} ")
    assert "Address already in use" in words


def test_a_bad_item_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"type": "Feature", "stac_version": "1.0.0", "properties": {}}))
    arguments = ("--port", "0", "--out", str(tmp_path / "o"), "--catalog", str(tmp_path))
    words = refused(capsys, *arguments, lines=3)
    first, *lines = words.splitlines()
    assert first.endswith(": 2 faults")
    assert lines[0] == f"  {bad}: id: is missing"
    assert lines[1] == f"  {bad}: assets: is missing"


def test_a_folder_that_another_works_in_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with earth_engine(tmp_path, "--port", "0", "--out", "o"):
        words = refused(capsys, "--port", "0", "--out", str(tmp_path / "o"))
    assert "another local Earth Engine works in" in words


@pytest.mark.parametrize("run", ["s1ratio", "alone"])
def test_a_folder_or_file_that_cannot_be_used_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], run: str
) -> None:
    state = {"s1ratio": ".s1ratio/earthengine", "alone": ".local-earthengine"}[run]
    damaged = tmp_path / "o" / state / "operations.sqlite3"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("junk " * 100)
    (tmp_path / "file").touch()
    said = {
        tmp_path / "o": f"{damaged}: it is no SQLite database (file is not a database): put a copy",
        tmp_path / "file": f"{tmp_path / 'file'}: a file is where a folder is needed",
        tmp_path / "file" / "o": f"{tmp_path / 'file' / 'o'}: a file is where a folder is needed",
        tmp_path / ("a" * 300): ": the path is too long (File name too long): name a shorter one",
    }
    for out, words in said.items():
        arguments = ["--port", "0", "--out", str(out)]
        assert (main(["earthengine", *arguments]) if run == "s1ratio" else alone(arguments)) == 2
        streams = capsys.readouterr()
        assert (streams.out, streams.err.count("\n")) == ("", 1)
        assert words in streams.err


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_what_is_no_port_is_said(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["earthengine", f"--port={port}"])
    assert stopped.value.code == 2
    assert "is no port: 0 to 65535" in capsys.readouterr().err


def test_both_commands_take_the_same_options(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for run, arguments in ((main, ["earthengine"]), (alone, [])):
        with pytest.raises(SystemExit) as stopped:
            run([*arguments, "--help"])
        assert stopped.value.code == 0
        told.append(capsys.readouterr().out.partition("Serves an Earth Engine")[2])
    assert told[0] == told[1] != ""

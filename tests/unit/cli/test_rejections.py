"""`s1ratio rejections`, as it is typed, and a store on a disk where nothing may be written."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from s1ratio.adapters.store import read_only
from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.cli.main import main
from s1ratio.faults import Fault
from s1ratio.records import Rejection

NOW = datetime.now(UTC).replace(microsecond=0)
REASONS = (Fault("start", "x", "must be a day"), Fault("aoi.bbox", "x", "is \x1b[31m wrong"))


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("S1RATIO_PROJECT", raising=False)
    with SqliteStore(tmp_path / ".s1ratio" / "store.sqlite") as store:
        for days, name in enumerate(("new", "old", "oldest")):
            at = NOW - timedelta(days=days)
            store.reject(Rejection(name * 10, at, REASONS, '{"start":\n"soon\x1b[2J"}', f"m{days}"))
    return str(tmp_path)


def test_every_reason_is_told_newest_first(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rejections", "--out", out]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines[::3]] == ["new" * 10, "old" * 10, "oldest" * 10]
    assert lines[1:3] == ["  start: must be a day", "  aoi.bbox: is \\x1b[31m wrong"]
    assert "Pub/Sub's message m0" in lines[0]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], ["new", "old", "oldest"]),
        (["--max", "2"], ["new", "old"]),
        (["--days", "1"], ["new"]),
        (["--days", "2", "--max", "9"], ["new", "old"]),
        (["old" * 10], ["old"]),
    ],
)
def test_which_are_told_as_json(
    words: list[str], names: list[str], out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rejections", *words, "--out", out, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["rejections"]
    assert [one["id"] for one in told] == [name * 10 for name in names]
    assert told[0]["reasons"][0] == {"path": "start", "code": "x", "message": "must be a day"}


def test_one_is_told_with_its_copy(out: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rejections", "old" * 10, "--out", out]) == 0
    assert capsys.readouterr().out.endswith('{"start":\n"soon\\x1b[2J"}\n')
    assert main(["rejections", "none", "--out", out, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == (
        "no rejection none is known: see `s1ratio rejections`"
    )


def test_a_store_where_nothing_may_be_written_is_read(
    out: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(read_only, "_is_writable", lambda _: False)
    folder = Path(out) / ".s1ratio"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["rejections", "--out", out, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rejections"]) == 3
    assert main(["status", "r1", "--out", out]) == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_its_log_alone_has_is_read(out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_only, "_is_writable", lambda _: False)
    path = Path(out) / ".s1ratio" / "store.sqlite"
    with SqliteStore(path) as store:
        store.reject(Rejection("late", NOW, REASONS, "{}"))
        with read_only.open_to_read(path) as copy:
            assert copy.get_rejection("late") is not None

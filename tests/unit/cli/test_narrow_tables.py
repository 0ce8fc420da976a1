"""Ids and states stay whole however narrow a terminal is, and edges are ASCII where it is."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from s1ratio.cli.main import main
from s1ratio.cli.screen import add_row, new_table, show_table
from s1ratio.cli.table import print_changes, task_table
from s1ratio.services.commands.change import Change
from s1ratio.task import TaskState

IDS = [
    "r1-o131a",
    "r-89f03de5aa2486739e878703-o146d",
    "r-89f03de5aa2486739e878703-o146d-t0007-q3-q0",
    "a" * 40 + "-o022d",
    "x" * 40 + "-o175a-t9999-q3-q3",
]


def printed(columns: int, show: Any) -> list[str]:
    out = io.StringIO()
    show(Console(file=out, width=columns))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("columns", [30, 50, 80, 200])
@pytest.mark.parametrize("name", IDS)
def test_ids_and_states_are_whole_in_a_table_of_tasks(name: str, columns: int) -> None:
    def show(console: Console) -> None:
        table = task_table("orbit", "state", "h×w px")
        for state in TaskState:
            add_row(table, name, "146 desc", state.value, "33396×33397")
        show_table(console, table)

    lines = printed(columns, show)
    assert sum(name in line for line in lines) == len(TaskState)
    for state in TaskState:
        assert any(state.value in line for line in lines)
    others = [line for line in lines if name not in line]
    assert max(map(len, others)) <= columns


@pytest.mark.parametrize("columns", [50, 80])
@pytest.mark.parametrize("name", IDS)
def test_ids_and_states_are_whole_in_what_was_changed(name: str, columns: int) -> None:
    change = Change("task", name, "r", "SUBMITTED", "CANCELLED", True, "gone from the store: x-q1")
    lines = printed(columns, lambda out: print_changes([change], False, out))
    for words in (name, "SUBMITTED", "CANCELLED, to be cancelled", "gone from the store: x-q1"):
        assert any(words in line for line in lines)


def test_a_table_that_folds_stays_a_table() -> None:
    table = new_table("a", "b")
    add_row(table, "name", "word " * 40)
    assert printed(30, lambda out: show_table(out, table))[0].startswith("┏")


@pytest.mark.parametrize("variable", ["LC_ALL", "LC_CTYPE"])
@pytest.mark.parametrize("value", ["C", "POSIX"])
def test_a_terminal_of_plain_c_is_sent_ascii(
    variable: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8", "S1RATIO_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    message = tmp_path / "message.json"
    message.write_text(
        '{"aoi": {"bbox": [15, 48, 15.01, 48.01]}, "orbits": [22], "direction": "ASCENDING",'
        ' "start": "2023-05-01", "end": "2023-07-01", "labels": {"a": "森"}}',
        encoding="utf-8",
    )
    shown = tmp_path / "shown"
    with shown.open("w", encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert main(["validate", str(message)]) == 0
    text = shown.read_bytes()
    assert text.isascii()
    assert b"km2" in text
    assert b"hxw px" in text
    assert b"|" in text

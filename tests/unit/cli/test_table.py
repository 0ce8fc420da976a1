"""The table of a request's tasks fits a terminal of 80 columns; narrower, names alone fold."""

import io
from typing import Any

import pytest
from rich.console import Console

from s1ratio.cli.table import print_summary, short_orbit
from s1ratio.request import Direction
from s1ratio.task import TaskState

# As the README's own message has them: made of its digest.
REQUEST = "r-89f03de5aa2486739e878703"


def task(state: str, direction: str = "DESCENDING") -> dict[str, Any]:
    return {
        "id": f"{REQUEST}-o146{direction[0].lower()}",
        "orbit": 146,
        "direction": direction,
        "aoi_share": 1.0,
        "state": state,
        "shape": [446, 449],
        "notes": [],
        "error": None,
        "parts": [],
        "files": [],
    }


def printed(columns: int, tasks: list[dict[str, Any]]) -> list[str]:
    summary = {
        "request_id": REQUEST,
        "state": "RUNNING",
        "cancelling": None,
        "notes": [],
        "reasons": [],
        "error": None,
        "tasks": tasks,
    }
    out = io.StringIO()
    print_summary(summary, Console(file=out, width=columns))
    return out.getvalue().splitlines()


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("direction", ["ASCENDING", "DESCENDING"])
def test_no_state_orbit_or_share_is_torn(columns: int, direction: str) -> None:
    lines = printed(columns, [task(state, direction) for state in TaskState])
    assert max(map(len, lines)) <= columns
    told = [line for line in lines if "446×449" in line]
    for line, state in zip(told, TaskState, strict=True):
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        assert cells[1:] == [f"146 {direction[:-6].lower()}", "100%", state, "446×449"]


@pytest.mark.parametrize("columns", [80, 100])
def test_a_name_is_on_one_line_at_80_columns(columns: int) -> None:
    one = task("SUBMITTED")
    assert sum(one["id"] in line for line in printed(columns, [one])) == 1


def test_an_orbit_is_short() -> None:
    assert [short_orbit(22, each.value) for each in Direction.BOTH.passes] == ["22 asc", "22 desc"]

"""The page: what is there by family, how each algorithm is checked, and what is not settled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from local_earthengine.expression.signatures import signatures
from local_earthengine.inventory.algorithms import Row, rows
from local_earthengine.inventory.open_questions import questions

_INTRODUCTION: Final = Path(__file__).with_name("introduction.md")
_PLACE: Final = "<!-- the open questions -->\n"
_MADE: Final = (
    "<!-- Made by `python -m local_earthengine.inventory` of {name}: change that. -->\n\n"
)
_TABLE: Final = """
## What is there

{count} of the {whole} algorithms in Earth Engine's list. Arguments stand with their types and
defaults; one in *italics* is taken and changes nothing here. *Checked in* names the tests, below
`tests/unit/local_earthengine/` or `tests/`, that get a value of it: the three that run it most.
They compare with values computed by code that imports nothing of this package.
{unchecked}
"""


def page() -> str:
    """Return the whole page, in Markdown."""
    every = rows()
    naked = [f"`{row.name}`" for row in every if not row.tests]
    unchecked = f"\nRun by no test yet: {', '.join(naked)}." if naked else ""
    table = _TABLE.format(count=len(every), whole=len(signatures()), unchecked=unchecked)
    return "".join(
        [_MADE.format(name=_INTRODUCTION.name), _introduction(), table, *_families(every)]
    )


def _introduction() -> str:
    """Return what is written by hand, with the table of open questions in its place."""
    asked = (f"| {_cell(one.about)} | {_cell(one.here)} |\n" for one in questions())
    table = "".join(["| about | here |\n|---|---|\n", *asked])
    return _INTRODUCTION.read_text(encoding="utf-8").replace(_PLACE, table)


def _families(every: list[Row]) -> Iterator[str]:
    by_family = sorted(every, key=lambda row: (row.family, row.name))
    for family, members in groupby(by_family, key=lambda row: row.family):
        yield f"\n### {family}\n\n| algorithm | arguments | in | checked in |\n|---|---|---|---|\n"
        yield from (_line(row) for row in members)


def _line(row: Row) -> str:
    tests = ", ".join(f"`{name}`" for name in row.tests)
    return f"| `{row.name}` | {_cell(row.arguments)} | `{row.module}` | {tests} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

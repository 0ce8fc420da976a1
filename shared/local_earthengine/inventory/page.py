"""The page: what is there by family, how each algorithm is checked, and what is not settled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from local_earthengine.expression.signatures import signatures
from local_earthengine.inventory.algorithms import Row, rows
from local_earthengine.inventory.open_questions import questions

_HEAD: Final = """<!-- Made by `python -m local_earthengine.inventory`: change that. -->

# The local Earth Engine

A server that the unmodified `ee` client talks to. An expression is a graph of algorithm names:
`expression.py` evaluates it lazily, `registry.py` finds the function of a name and binds its
arguments by Earth Engine's own list, `values/` are what functions take and give. Pixels are nodes
(`pixels/`): each says what it needs of its inputs to fill a window, and the executor evaluates
every node once a tile. `scenes/` are what can be loaded: synthetic Sentinel-1, or a STAC folder.
`batch/`, `rest/` and `storage/` are the service around it.

The [README](../../README.md#earth-engine-code-tested-on-a-laptop) shows how to use it,
[CONTRIBUTING](../../CONTRIBUTING.md#an-algorithm-of-the-local-earth-engine) how to add to it.

## What is there

{count} of the {whole} algorithms in Earth Engine's list. What is not here is refused by its name.
Arguments stand with their types and defaults; one in *italics* is taken and changes nothing here.
*Checked in* names the tests, below `tests/` or `tests/unit/`, that get a value of it: the three
that run it most. They compare with values computed by code that imports nothing of the product.
{unchecked}
"""
_UNSETTLED: Final = """## What only a live Earth Engine can settle

The documentation does not say, or says it in one way that code in production does not bear out.
What is done here until somebody asks the real one:

| about | here |
|---|---|
"""


def page() -> str:
    """The whole page, in Markdown."""
    every = rows()
    naked = [f"`{row.name}`" for row in every if not row.tests]
    unchecked = f"\nRun by no test yet: {', '.join(naked)}." if naked else ""
    head = _HEAD.format(count=len(every), whole=len(signatures()), unchecked=unchecked)
    asked = "".join(f"| {_cell(one.about)} | {_cell(one.here)} |\n" for one in questions())
    return "".join([head, *_families(every), _UNSETTLED, asked])


def _families(every: list[Row]) -> Iterator[str]:
    by_family = sorted(every, key=lambda row: (row.family, row.name))
    for family, members in groupby(by_family, key=lambda row: row.family):
        yield f"\n### {family}\n\n| algorithm | arguments | in | checked in |\n|---|---|---|---|\n"
        yield from (_line(row) for row in members)
    yield "\n"


def _line(row: Row) -> str:
    tests = ", ".join(f"`{name}`" for name in row.tests)
    return f"| `{row.name}` | {_cell(row.arguments)} | `{row.module}` | {tests} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

"""Regions and incidents as a service tells them: a table of many, the fields of one."""

from __future__ import annotations

import argparse
from itertools import islice
from typing import TYPE_CHECKING, Any

from s1ratio.cli.deployment import print_none
from s1ratio.cli.target import open_target
from s1ratio.cli.terminal import print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS = {
    "regions": ("id", "state", "due_at", "why", "error"),
    "incidents": ("id", "state", "hazard", "rule", "area_km2", "opened_at", "words"),
}
_UNTOLD = {"links"}


def run_served_action(options: argparse.Namespace, several: str, name: str | None) -> int:
    """List records of `/regions` or `/incidents`, or show one; return the exit status."""
    from s1ratio.client.pages import records_of

    with open_target(options) as target:
        if target is None:
            return print_none(options.out, as_json=options.json)
        if name is not None:
            _show_one(options, target.service.ask(several, name).body)
            return 0
        most = getattr(options, "max", 10_000)
        query = [("limit", str(min(most, 200)))]
        found = list(islice(records_of(target.service, several, several, query=query), most))
    if options.json:
        print_json({several: [_told(one) for one in found]})
    else:
        _show_many(found, several)
    return 0


def _told(one: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in _UNTOLD}


def _show_one(options: argparse.Namespace, body: dict[str, Any]) -> None:
    from s1ratio.cli.alert_records import show_document

    told = _told(body)
    if options.json:
        print_json(told)
    else:
        show_document(told)


def _show_many(found: Sequence[dict[str, Any]], several: str) -> None:
    from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table

    out = open_console()
    if not found:
        say(out, f"no {several}")
        return
    columns = _COLUMNS[several]
    table = new_table(*(name.replace("_", " ") for name in columns), whole=True)
    for one in found:
        add_row(table, *("" if one[name] is None else one[name] for name in columns))
    show_table(out, table)

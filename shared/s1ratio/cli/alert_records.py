"""What `incidents` and `watches` have in common: `list`, and `show` of one."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import add_out, environment_of, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.target import add_target, web_profile_of
from s1ratio.cli.terminal import print_json

if TYPE_CHECKING:
    from s1ratio.ports import Store


@dataclass(frozen=True)
class RecordCommand:
    """One kind of record: its words, how its records are found, and how each is printed."""

    kind: str
    several: str
    columns: tuple[str, ...]
    find: Callable[[Store], Sequence[Any]]
    get: Callable[[Store, str], Any]
    row: Callable[[Any], tuple[object, ...]]
    document: Callable[[Any], dict[str, Any]]


def add_record_actions(
    parser: argparse.ArgumentParser, kind: str, like: str, *, over_https: bool = False
) -> None:
    """Add the action, the id of one, and the options that both kinds take."""
    parser.add_argument("action", choices=("list", "show"), help="what to do")
    parser.add_argument("id", metavar="ID", nargs="?", help=f"show: the {kind}'s, {like}")
    parser.add_argument("--max", type=_count, default=50, metavar="N", help="list: at most (50)")
    (add_target if over_https else add_out)(parser)
    add_json(parser)
    parser.epilog = "exit status: 0 told, 1 not known, 2 bad input"


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 10000")
    return int(text)


def run_record_action(options: argparse.Namespace, command: RecordCommand) -> int:
    """List records, or show one; return the exit status."""
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.settings import read_settings

    if (options.action == "show") != (options.id is not None):
        words = "show takes an id" if options.action == "show" else "list takes no id: see `show`"
        return print_refusal(words, as_json=options.json)
    if hasattr(options, "profile") and web_profile_of(options) is not None:
        from s1ratio.cli.served_records import run_served_action

        return run_served_action(options, command.several, options.id)
    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out, as_json=options.json)
    with open_store_to_read(read_settings(environment)) as store:
        if options.action == "list":
            return _list(options, command, command.find(store))
        found = command.get(store, options.id)
    if found is None:
        words = f"no {command.kind} {options.id} is known: see `s1ratio {command.several} list`"
        return print_refusal(words, FAILED, as_json=options.json)
    told = command.document(found)
    if options.json:
        print_json(told)
    else:
        show_document(told)
    return 0


def _list(options: argparse.Namespace, command: RecordCommand, found: Sequence[Any]) -> int:
    if options.json:
        print_json({command.several: [command.document(one) for one in found]})
        return 0
    from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table

    out = open_console()
    if not found:
        say(out, f"no {command.several}")
        return 0
    table = new_table(*command.columns, whole=True)
    for one in found:
        add_row(table, *command.row(one))
    show_table(out, table)
    return 0


def show_document(told: dict[str, Any]) -> None:
    """Print a record as its fields, a line each."""
    from s1ratio.cli.screen import open_console, say

    out = open_console()
    for name, value in told.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            say(out, f"{name}:")
            for each in value:
                words = ", ".join(f"{key} {one}" for key, one in each.items() if one is not None)
                say(out, f"  {words}", whole=True)
        elif value not in (None, "", []):
            text = ", ".join(map(str, value)) if isinstance(value, list) else value
            say(out, f"{name}: {text}", whole=True)

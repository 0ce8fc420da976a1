"""`s1ratio why`: what became of an alert, an incident or a message, or why nothing did."""

from __future__ import annotations

import argparse
from textwrap import wrap
from typing import TYPE_CHECKING

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import environment_of, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.target import add_target, open_target, web_profile_of
from s1ratio.cli.terminal import plain, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s1ratio.services.alerts.why import Link

_WIDE = 120  # columns from which on a link and its words stand in one line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Prints the chain from a message to an alert to an incident, each with its state and the "
        "reason of whatever led to nothing. ID is an alert's (`feed:id`, such as usgs:us7000abcd), "
        "an incident's (`i-…`) or a message's."
    )
    parser.epilog = "exit status: 0 told, 1 nothing is known by that id, 2 bad input"
    parser.add_argument("id", metavar="ID")
    add_target(parser)
    add_json(parser)
    parser.set_defaults(command=_why)


def _why(options: argparse.Namespace) -> int:
    links = _of_store(options) if web_profile_of(options) is None else _over_https(options)
    if links is None:
        return print_none(options.out, as_json=options.json)
    if not links:
        words = f"nothing is known by the id {options.id}"
        return print_refusal(words, FAILED, as_json=options.json)
    if options.json:
        told = [vars(link) | {"at": link.at.isoformat(timespec="seconds")} for link in links]
        print_json({"id": options.id, "chain": told})
        return 0
    _show(links)
    return 0


def _of_store(options: argparse.Namespace) -> list[Link] | None:
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.services.alerts.why import explain
    from s1ratio.settings import read_settings

    environment = environment_of(options.out)
    if environment is None:
        return None
    with open_store_to_read(read_settings(environment)) as store:
        return explain(store, options.id)


def _over_https(options: argparse.Namespace) -> list[Link] | None:
    from datetime import datetime

    from s1ratio.errors import UnknownRecord
    from s1ratio.services.alerts.why import Link

    with open_target(options) as target:
        if target is None:
            return None
        try:
            chain = target.service.ask("why", options.id).body["chain"]
        except UnknownRecord:
            return []
    return [Link(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in chain]


def _show(links: Sequence[Link]) -> None:
    """Print a chain: a link a line where the terminal is wide, else its words below it, folded."""
    from s1ratio.cli.screen import open_console, say

    out = open_console()
    for link in links:
        head = f"{link.at:%Y-%m-%d %H:%M:%S} UTC  {link.what}  {link.state}"
        if not link.words:
            say(out, head, whole=True)
        elif not out.is_terminal or out.width >= _WIDE:
            say(out, f"{head}: {link.words}", whole=True)
        else:
            say(out, head, whole=True)
            for line in wrap(plain(link.words), max(out.width - 4, 20)):
                say(out, f"    {line}", whole=True)

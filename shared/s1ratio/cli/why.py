"""`s1ratio why`: what became of an alert, an incident or a message, or why nothing did."""

import argparse

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import add_out, environment_of, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.terminal import print_json, print_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Prints the chain from a message to an alert to an incident, each with its state and the "
        "reason of whatever led to nothing. ID is an alert's (`feed:id`, such as usgs:us7000abcd), "
        "an incident's (`i-…`) or a message's."
    )
    parser.epilog = "exit status: 0 told, 1 nothing is known by that id, 2 bad input"
    parser.add_argument("id", metavar="ID")
    add_out(parser)
    add_json(parser)
    parser.set_defaults(command=_why)


def _why(options: argparse.Namespace) -> int:
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.services.alerts.why import explain
    from s1ratio.settings import read_settings

    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out, as_json=options.json)
    with open_store_to_read(read_settings(environment)) as store:
        links = explain(store, options.id)
    if not links:
        words = f"nothing is known by the id {options.id}"
        return print_refusal(words, FAILED, as_json=options.json)
    if options.json:
        told = [vars(link) | {"at": link.at.isoformat(timespec="seconds")} for link in links]
        print_json({"id": options.id, "chain": told})
        return 0
    for link in links:
        words = f": {link.words}" if link.words else ""
        print_line(f"{link.at:%Y-%m-%d %H:%M:%S} UTC  {link.what}  {link.state}{words}")
    return 0

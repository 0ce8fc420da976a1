"""`s1ratio raise`: a request gets another priority than its message could ask for."""

import argparse

from s1ratio.cli.arguments import add_json
from s1ratio.cli.change_commands import change
from s1ratio.cli.deployment import add_out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Gives a request, and what of it is still planned, a priority, whatever a message may "
        "ask for. What is planned later of it, such as a retry or the parts of a split, has "
        "that priority, too; what Earth Engine has taken keeps its own."
    )
    parser.add_argument("request_id", metavar="REQUEST_ID")
    parser.add_argument(
        "--priority", metavar="N", type=_priority, required=True, help="0 to 9999, high first"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be changed")
    add_out(parser)
    add_json(parser)
    parser.set_defaults(command=_raise, task=(), state=None, error=None, parser=parser)


def _raise(options: argparse.Namespace) -> int:
    from s1ratio.services.commands.raise_priority import raise_priority

    return change(
        options, lambda to, wish: raise_priority(to, wish, options.priority, options.dry_run)
    )


def _priority(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 to 9999")
    return int(text)

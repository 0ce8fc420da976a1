"""`s1ratio wait`: until a request has ended."""

import argparse

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import print_none
from s1ratio.cli.follow import add_waiting, follow
from s1ratio.cli.target import add_target, open_target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Waits until a request has ended, and says what changes. It asks at growing pauses, of a "
        "minute at most; one that is not known within a minute is given up."
    )
    parser.epilog = (
        "exit status: 0 VERIFIED, 1 anything less, unknown, or it can't be asked; 2 refused, or "
        "bad input; 3 its period is not over yet, 4 not ended in time"
    )
    parser.add_argument("request_id", metavar="REQUEST_ID")
    add_waiting(parser)
    add_target(parser)
    add_json(parser)
    parser.set_defaults(command=_wait)


def _wait(options: argparse.Namespace) -> int:
    with open_target(options) as target:
        if target is None:
            return print_none(options.out, as_json=options.json)
        return follow(options, target.service, options.request_id)

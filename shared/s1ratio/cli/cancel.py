"""`s1ratio cancel`: a request, or some tasks, are not wanted any more."""

import argparse

from s1ratio.cli.change_commands import add_selection, change
from s1ratio.cli.target import web_profile_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Stores the wish and ends at once what has not begun. What Earth Engine is computing "
        "is cancelled by the next tick of the poller; what it has finished by then stays and "
        "is verified. Over HTTPS the deployment is told to. "
        "What is selected by several options must meet all of them."
    )
    add_selection(parser, over_https=True)
    parser.add_argument(
        "--reason", default="cancelled by s1ratio cancel", metavar="TEXT", help="told as the error"
    )
    parser.set_defaults(command=_cancel)


def _cancel(options: argparse.Namespace) -> int:
    from s1ratio.services.commands.cancel import cancel

    reason = " ".join(options.reason.split())[:500]
    if not reason:
        options.parser.error("a --reason must have words")
    if (profile := web_profile_of(options)) is not None:
        from s1ratio.cli.commanding import command_over_https

        return command_over_https(options, profile, "cancel", reason)
    return change(options, lambda to, wish: cancel(to, wish, reason, options.dry_run))

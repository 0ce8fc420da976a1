"""`s1ratio resubmit`: every ended task is exported anew, whatever it came to."""

import argparse

from s1ratio.cli.change_commands import add_selection, change


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Plans ended tasks for their next attempt, those that are VERIFIED or EMPTY too; their "
        "older files stay. What is selected by several options must meet all of them."
    )
    add_selection(parser)
    parser.set_defaults(command=_resubmit)


def _resubmit(options: argparse.Namespace) -> int:
    from s1ratio.services.commands.retry import resubmit

    return change(options, lambda to, wish: resubmit(to, wish, options.dry_run))

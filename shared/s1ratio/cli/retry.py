"""`s1ratio retry`: what FAILED or was CANCELLED is set going once more."""

import argparse

from s1ratio.cli.change_commands import add_selection, change
from s1ratio.cli.target import web_profile_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Plans tasks that FAILED or were CANCELLED for their next attempt, for the poller to "
        "start. A request that ended before it had any task gets them now, by its id or the class "
        "of its error. What is selected by "
        "several options must meet all of them."
    )
    add_selection(parser, over_https=True)
    parser.set_defaults(command=_retry)


def _retry(options: argparse.Namespace) -> int:
    if (profile := web_profile_of(options)) is not None:
        from s1ratio.cli.commanding import command_over_https

        return command_over_https(options, profile, "retry")
    from s1ratio.services.commands.retry import retry

    return change(options, lambda to, wish: retry(to, wish, options.dry_run))

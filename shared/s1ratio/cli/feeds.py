"""`s1ratio feeds`: how sources of alerts are read, and when each was last fetched."""

import argparse

from s1ratio.cli.definitions import add_actions, run_action


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Feeds say how sources of alerts are read. `apply shipped` stores those that come along; "
        "messages that no feed read are read again by the next tick."
    )
    add_actions(parser, "feed")
    parser.set_defaults(command=_feeds)


def _feeds(options: argparse.Namespace) -> int:
    from s1ratio.alerts.records import Kind

    return run_action(options, Kind.FEED, "feeds")

"""`s1ratio silences`: incidents that nothing is requested for until a time, and why."""

import argparse

from s1ratio.cli.definitions import add_actions, run_action


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Silences name a hazard, rule, feed, owner, incident or area, an end and a reason: "
        "incidents that they cover go on, and nothing is requested for them until then."
    )
    add_actions(parser, "silence")
    parser.set_defaults(command=_silences)


def _silences(options: argparse.Namespace) -> int:
    from s1ratio.alerts.records import Kind

    return run_action(options, Kind.SILENCE)

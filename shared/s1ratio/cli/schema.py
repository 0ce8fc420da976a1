"""`s1ratio schema`: the JSON Schema of a request, a command, or an event's data."""

import argparse

from s1ratio.cli.terminal import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    from s1ratio.events.kinds import EventKind

    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--asyncapi", action="store_true", help="print the AsyncAPI document of the topics instead"
    )
    which.add_argument(
        "--event",
        choices=[kind.value for kind in EventKind],
        metavar="TYPE",
        help="print the JSON Schema of this type of event instead, such as s1ratio.task.ended",
    )
    which.add_argument("--command", action="store_true", dest="of_command", help="of a command")
    parser.set_defaults(command=_print_schema)


def _print_schema(options: argparse.Namespace) -> int:
    from s1ratio.commands.schema import command_schema
    from s1ratio.events.kinds import EventKind
    from s1ratio.events.schemas import event_schema
    from s1ratio.request.asyncapi import asyncapi_document
    from s1ratio.request.schema import message_schema

    if options.event:
        print_json(event_schema(EventKind(options.event)))
    elif options.asyncapi:
        print_json(asyncapi_document())
    else:
        print_json(command_schema() if options.of_command else message_schema())
    return 0

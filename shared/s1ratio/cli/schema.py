"""`s1ratio schema`: the JSON Schema of a message, or of an event's data."""

import argparse

from s1ratio.cli.terminal import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    from s1ratio.events.kinds import EventKind

    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--asyncapi", action="store_true", help="print the AsyncAPI document of the topics instead"
    )
    other.add_argument(
        "--event",
        choices=[kind.value for kind in EventKind],
        metavar="TYPE",
        help="print the JSON Schema of this type of event instead, such as s1ratio.task.ended",
    )
    parser.set_defaults(command=_print_schema)


def _print_schema(options: argparse.Namespace) -> int:
    from s1ratio.events.kinds import EventKind
    from s1ratio.events.schemas import event_schema
    from s1ratio.request.asyncapi import asyncapi_document
    from s1ratio.request.schema import message_schema

    if options.event:
        print_json(event_schema(EventKind(options.event)))
    else:
        print_json(asyncapi_document() if options.asyncapi else message_schema())
    return 0

"""`s1ratio schema`: the JSON Schema of a message."""

import argparse

from s1ratio.cli.terminal import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.add_argument(
        "--asyncapi", action="store_true", help="print the AsyncAPI document of the topic instead"
    )
    parser.set_defaults(command=_print_schema)


def _print_schema(options: argparse.Namespace) -> int:
    from s1ratio.request.asyncapi import asyncapi_document
    from s1ratio.request.schema import message_schema

    print_json(asyncapi_document() if options.asyncapi else message_schema())
    return 0

"""`s1ratio schema`: the JSON Schema of a message: a request's, or a command's."""

import argparse

from s1ratio.cli.terminal import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--asyncapi", action="store_true", help="print the AsyncAPI document of the topics instead"
    )
    which.add_argument("--command", action="store_true", dest="of_command", help="of a command")
    parser.set_defaults(command=_print_schema)


def _print_schema(options: argparse.Namespace) -> int:
    from s1ratio.commands.schema import command_schema
    from s1ratio.request.asyncapi import asyncapi_document
    from s1ratio.request.schema import message_schema

    if options.asyncapi:
        print_json(asyncapi_document())
    else:
        print_json(command_schema() if options.of_command else message_schema())
    return 0

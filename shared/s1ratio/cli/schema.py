"""`s1ratio schema`: the JSON Schema of a message."""

import argparse
import json
import sys

from s1ratio.cli.arguments import Commands
from s1ratio.request.schema import message_schema


def add_to(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("schema", help="print the JSON Schema of a message")
    parser.set_defaults(command=_print_schema)


def _print_schema(_: argparse.Namespace) -> int:
    json.dump(message_schema(), sys.stdout, indent=2)
    print()
    return 0

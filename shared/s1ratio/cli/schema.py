"""`s1ratio schema`: the JSON Schema of a message."""

import argparse
import json
import sys

from s1ratio.request.schema import message_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.set_defaults(command=_print_schema)


def _print_schema(_: argparse.Namespace) -> int:
    json.dump(message_schema(), sys.stdout, indent=2)
    print()
    return 0

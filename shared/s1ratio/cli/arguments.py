"""Kinds of arguments that several commands take."""

import argparse
from datetime import datetime
from pathlib import Path


def existing_file(text: str) -> Path:
    """Return the path of a file that is there."""
    path = Path(text)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{text} is no file")
    return path


def existing_folder(text: str) -> Path:
    """Return the path of a folder that is there."""
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return path


def moment(text: str) -> datetime:
    """Return a point in time (UTC)."""
    from s1ratio.request.moments import instant_of, read_moment

    try:
        return instant_of(read_moment(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_message(parser: argparse.ArgumentParser) -> None:
    """Add MESSAGE.json, the file of one message."""
    parser.add_argument(
        "message", metavar="MESSAGE.json", type=existing_file, help="the message, as published"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument(
        "--json", action="store_true", help="print JSON, and nothing else, to stdout"
    )

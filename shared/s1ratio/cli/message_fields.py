"""The fields of a message as options of a command: --start, --set a.b=c, --label name=value."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_fields(parser: argparse.ArgumentParser) -> None:
    """Add the options that a message's fields are made of."""
    parser.add_argument("--start", required=True, metavar="DAY", help="first day (UTC)")
    parser.add_argument("--end", required=True, metavar="DAY", help="the day after the last (UTC)")
    parser.add_argument("--preset", metavar="NAME", help="defaults by name: default, notebook")
    parser.add_argument(
        "--set",
        dest="sets",
        action="append",
        default=[],
        type=_setting,
        metavar="FIELD=VALUE",
        help="any field, such as speckle.filter=boxcar, orbits=[58,131]; may be repeated",
    )
    parser.add_argument(
        "--label",
        dest="labels",
        action="append",
        default=[],
        type=_label,
        metavar="NAME=VALUE",
        help="a label of the request; may be repeated",
    )


def fields_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the message of these options, but for its area and its id.

    Raises ValueError where two of them contradict each other.
    """
    fields: dict[str, Any] = {"start": options.start, "end": options.end}
    if options.preset is not None:
        fields["preset"] = options.preset
    for path, value in options.sets:
        _put(fields, path, value)
    if options.labels:
        labels = fields.setdefault("labels", {})
        if not isinstance(labels, dict):
            raise ValueError("--label and --set labels=… contradict each other")
        labels.update(options.labels)
    return fields


def _put(fields: dict[str, Any], path: list[str], value: Any) -> None:
    *above, last = path
    for name in above:
        inner: Any = fields.setdefault(name, {})
        if not isinstance(inner, dict):
            words = f"--set {'.'.join(path)}: {name} was set to a value that is no object"
            raise ValueError(words)  # noqa: TRY004 - an argument's fault, told in words
        fields = inner
    fields[last] = value


def _setting(text: str) -> tuple[list[str], Any]:
    name, equals, value = text.partition("=")
    path = name.strip().split(".")
    if not equals or not all(path):
        raise argparse.ArgumentTypeError(f"{text} is not FIELD=VALUE")
    if path[0] in {"aoi", "request_id"}:
        raise argparse.ArgumentTypeError(f"{path[0]} is given otherwise: see --help")
    try:
        return path, json.loads(value)
    except (ValueError, RecursionError):
        return path, value


def _label(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value

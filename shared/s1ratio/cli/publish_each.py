"""`s1ratio publish --each`: one request a feature, however many there are, in bounded memory."""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from s1ratio.cli.faults import BAD_INPUT
from s1ratio.cli.terminal import counted, print_error, print_json, print_line

if TYPE_CHECKING:
    from s1ratio.cli.areas import Areas
    from s1ratio.client import Client
    from s1ratio.preview import Preview
    from s1ratio.settings import Settings

_DIGITS = 10
_MAX_ID = 40
_MAX_TOLD = 20


def publish_each(
    options: argparse.Namespace,
    client: Client,
    areas: Areas,
    fields: dict[str, Any],
    settings: Settings,
) -> int:
    """Look at every feature, then publish them; return the exit status.

    Nothing is published if one of them is invalid, unless those are to be skipped. An area that
    stands there twice is one request.
    """
    if (options.request_id or "")[_MAX_ID - _DIGITS - 1 :]:
        words = f"--request-id has {_MAX_ID - _DIGITS - 1} characters at most, with --each"
        options.parser.error(words)
    totals = _look(options, client, areas, fields)
    invalid = totals.count["invalid"]
    if invalid and not options.skip_invalid:
        words = "put them right, or publish the others by --skip-invalid"
        print_error(
            f"s1ratio: nothing was published: {counted(invalid, 'invalid feature')}: {words}"
        )
        return BAD_INPUT
    if options.dry_run:
        return _tell_totals(options, totals, settings)
    return _send(options, client, _messages(options, areas, fields))


class _Totals:
    """What all features will become, in numbers."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.first: Preview | None = None
        self.pixels: Counter[int] = Counter()  # how many tasks have so many

    def add(self, found: Preview) -> None:
        """Count one more."""
        self.first = self.first or found
        self.count["requests"] += 1
        self.count["tasks"] += len(found.tasks)
        self.count["values"] += sum(task.values for task in found.tasks)
        self.count["output_bytes"] += sum(task.output_bytes for task in found.tasks)
        self.pixels.update(task.grid.pixels for task in found.tasks)


def _look(
    options: argparse.Namespace, client: Client, areas: Areas, fields: dict[str, Any]
) -> _Totals:
    from s1ratio.client import InvalidRequest

    totals = _Totals()
    for where, message in _messages(options, areas, fields):
        try:
            totals.add(client.dry_run(message))
        except InvalidRequest as error:
            totals.count["invalid"] += 1
            if totals.count["invalid"] <= _MAX_TOLD:
                print_error(f"{where}: {error}")
    if totals.count["invalid"] > _MAX_TOLD:
        print_error(f"and {totals.count['invalid'] - _MAX_TOLD} more")
    return totals


def _messages(
    options: argparse.Namespace, areas: Areas, fields: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where each feature is, and its message. Its id follows from the message alone."""
    from s1ratio.client.payload import payload_of

    for feature in areas.read():
        message = {"aoi": feature.aoi, **fields}
        if options.request_id is not None:
            digest = hashlib.sha256(payload_of(dict(sorted(message.items())))).hexdigest()
            message["request_id"] = f"{options.request_id}-{digest[:_DIGITS]}"
        yield feature.where, message


def _tell_totals(options: argparse.Namespace, totals: _Totals, settings: Settings) -> int:
    from s1ratio.preview import estimate_document

    first, count = totals.first, totals.count
    each = first is not None and first.plan is None
    document = {
        "requests": count["requests"],
        "invalid": count["invalid"],
        "orbits": "found at launch: sizes are of one orbit each" if each else "named",
        "tasks": count["tasks"],
        "pixels": sum(pixels * number for pixels, number in totals.pixels.items()),
        "values": count["values"],
        "output_bytes": count["output_bytes"],
        "estimate": estimate_document(_estimate(options, totals, settings)),
    }
    if options.json:
        print_json(document)
        return 0
    for name, value in document.items():
        told = f"{value:,}" if isinstance(value, int) else str(value)
        print_line(f"{name.replace('_', ' ')}: {told}")
    return 0


def _estimate(options: argparse.Namespace, totals: _Totals, settings: Settings) -> Any:
    if not options.history or totals.first is None:
        return None
    from s1ratio.cli.history import read_samples
    from s1ratio.estimate import estimate, passes_of

    request = totals.first.message.request
    passes = passes_of(request)
    amounts = [pixels * passes for pixels in totals.pixels.elements()]
    return estimate(amounts, read_samples(settings, request))


def _send(
    options: argparse.Namespace, client: Client, messages: Iterator[tuple[str, dict[str, Any]]]
) -> int:
    from s1ratio.client import Refused

    count: Counter[str] = Counter()
    for sent in client.publish_many(message for _, message in messages):
        if isinstance(sent, Refused):
            count["skipped"] += 1
            continue
        count["published"] += 1
        if options.json:
            print_json({"request_id": sent.request_id, "message_id": sent.message_id}, indent=None)
        else:
            print_line(f"request {sent.request_id}")
    is_one = count["published"] == 1
    told = f"{count['published']} request{' is' if is_one else 's are'} published to {client.topic}"
    if count["skipped"]:
        told += f", {count['skipped']} invalid features were skipped"
    print_error(told)
    return 0

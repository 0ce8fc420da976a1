"""`s1ratio rejections`: which messages were refused, when and why."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import environment_of, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.target import add_target, open_target, web_profile_of
from s1ratio.cli.terminal import print_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from s1ratio.records import Rejection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Shows the messages that were refused, newest first, with every reason: of a local run, or "
        "of the deployment in the environment. They are kept as long as requests that have ended."
    )
    parser.epilog = "exit status: 0 told, 1 the one that was named is not known, 2 bad input"
    parser.add_argument(
        "rejection_id",
        metavar="ID",
        nargs="?",
        help="this one, with a copy of the message (its first 20 kB)",
    )
    parser.add_argument("--max", type=_count, default=50, metavar="N", help="show N at most (50)")
    parser.add_argument(
        "--days", type=_count, metavar="N", help="of the last N days; absent: whatever is kept"
    )
    add_target(parser)
    add_json(parser)
    parser.set_defaults(command=_rejections)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 10000")
    return int(text)


def _rejections(options: argparse.Namespace) -> int:
    find = _of_store if web_profile_of(options) is None else _over_https
    found = find(options)
    if found is None:
        return print_none(options.out, as_json=options.json)
    if options.rejection_id is not None and not found:
        words = f"no rejection {options.rejection_id} is known: see `s1ratio rejections`"
        return print_refusal(words, FAILED, as_json=options.json)
    if options.json:
        print_json({"rejections": [_document(one) for one in found]})
    else:
        _show(found, with_copy=options.rejection_id is not None)
    return 0


def _since(options: argparse.Namespace) -> datetime | None:
    return None if options.days is None else datetime.now(UTC) - timedelta(days=options.days)


def _of_store(options: argparse.Namespace) -> list[Rejection] | None:
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.settings import read_settings

    environment = environment_of(options.out)
    if environment is None:
        return None
    with open_store_to_read(read_settings(environment)) as store:
        if options.rejection_id is None:
            return list(store.find_rejections(options.max, _since(options)))
        one = store.get_rejection(options.rejection_id)
        return [] if one is None else [one]


def _over_https(options: argparse.Namespace) -> list[Rejection] | None:
    from itertools import islice, takewhile

    from s1ratio.client.pages import records_of
    from s1ratio.errors import UnknownRecord

    with open_target(options) as target:
        if target is None:
            return None
        if options.rejection_id is not None:
            try:
                return [_read(target.service.ask("rejections", options.rejection_id).body)]
            except UnknownRecord:
                return []
        query = [("limit", str(min(options.max, 200)))]
        newest = map(_read, records_of(target.service, "rejections", "rejections", query=query))
        since = _since(options)
        recent = takewhile(lambda one: since is None or one.at >= since, newest)
        return list(islice(recent, options.max))


def _read(told: Mapping[str, Any]) -> Rejection:
    from s1ratio.faults import Fault
    from s1ratio.records import Rejection

    reasons = tuple(Fault(one["path"], one["code"], one["message"]) for one in told["reasons"])
    at, copy = datetime.fromisoformat(told["at"]), told.get("payload", "")
    return Rejection(told["id"], at, reasons, copy, told["message_id"], topic=told["topic"])


def _document(one: Rejection) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at.isoformat(timespec="seconds"),
        "topic": one.topic,
        "message_id": one.message_id,
        "reasons": [
            {"path": each.path, "code": each.code, "message": each.message} for each in one.reasons
        ],
        "payload": one.payload,
    }


def _show(found: Sequence[Rejection], with_copy: bool) -> None:
    from s1ratio.cli.screen import open_console, say

    out = open_console()
    if not found:
        say(out, "no rejections")
    for one in found:
        came = f", Pub/Sub's message {one.message_id}" if one.message_id else ""
        what = "a command rejected" if one.topic == "commands" else "rejected"
        say(out, f"{one.id}: {what} {one.at:%Y-%m-%d %H:%M:%S} UTC{came}", whole=True)
        for reason in one.reasons:
            say(out, f"  {reason}", whole=True)
        if with_copy:
            for line in one.payload.splitlines():
                say(out, line, whole=True)

"""`s1ratio list`: requests, newest first."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from s1ratio.cli.arguments import add_json, moment
from s1ratio.cli.deployment import print_none
from s1ratio.cli.target import add_target, open_target
from s1ratio.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from s1ratio.ports.service import Service

    Job = dict[str, Any]

_AGE = re.compile(r"(\d{1,5})([dhm])", re.ASCII)
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_PAGE = "200"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Lists requests, newest first: of a local run, of a deployment's store, or over HTTPS. "
        "What is given by several options must meet all of them."
    )
    parser.epilog = "exit status: 0 told, be it none; 1 it can't be asked; 2 bad input"
    parser.add_argument(
        "--since",
        type=since,
        metavar="TIME",
        help="made since: a day, a time, or 7d, 12h, 30m",
    )
    parser.add_argument("--region", metavar="ID", help="made for this region")
    parser.add_argument("--incident", metavar="ID", help="made for this incident")
    parser.add_argument("--rule", metavar="NAME", help="made for incidents of this rule")
    parser.add_argument("--label", metavar="NAME=VALUE", help="with this label")
    parser.add_argument(
        "--state", type=_state, action="append", default=[], help="in this; may be repeated"
    )
    parser.add_argument("--max", type=_count, default=50, metavar="N", help="show N at most (50)")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("-q", "--quiet", action="store_true", help="print the ids alone, one a line")
    how.add_argument("-v", "--verbose", action="store_true", help="show labels and messages too")
    add_target(parser)
    add_json(parser)
    parser.set_defaults(command=_list)


def since(text: str) -> datetime:
    """Return the time that is meant: a day, a date-time, or an age such as 7d (UTC)."""
    age = _AGE.fullmatch(text)
    if age is None:
        return moment(text)
    return datetime.now(UTC) - timedelta(**{_UNITS[age[2]]: int(age[1])})


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 10000")
    return int(text)


def _state(text: str) -> str:
    from s1ratio.records import RequestState

    if text.upper() not in list(RequestState):
        words = f"{text} is no state of a request: one of {', '.join(RequestState)}"
        raise argparse.ArgumentTypeError(words)
    return text.upper()


def _list(options: argparse.Namespace) -> int:
    with open_target(options) as target:
        if target is None:
            return print_none(options.out, as_json=options.json)
        found = list(islice(_find(target.service, options), options.max))
    if options.json:
        print_json({"requests": [_document(job) for job in found]})
    elif options.quiet:
        for job in found:
            print_line(job["jobID"])
    else:
        _show(found, options)
    return 0


def _find(service: Service, options: argparse.Namespace) -> Iterator[Job]:
    from s1ratio.client.pages import records_of

    query = [("limit", _PAGE if options.max > 50 else str(options.max))]
    query += [("state", state) for state in options.state]
    for name in ("region", "incident", "label"):
        if getattr(options, name) is not None:
            query.append((name, getattr(options, name)))
    if options.since is not None:
        query.append(("datetime", f"{options.since.isoformat()}/.."))
    if options.rule is None:
        return records_of(service, "jobs", "jobs", query=query)
    # A request knows its incident, and that its rule: newest incidents first.
    incidents = records_of(service, "incidents", "incidents", query=[("limit", _PAGE)])
    named = (one["id"] for one in incidents if one["rule"] == options.rule)
    return chain.from_iterable(
        records_of(service, "jobs", "jobs", query=[*query, ("incident", name)]) for name in named
    )


def _document(job: Job) -> Job:
    """Return a request as JSON, in the words of `status`."""
    rest = {key: value for key, value in job.items() if key not in _OF_THE_STANDARD}
    return {"request_id": job["jobID"], **rest}


_OF_THE_STANDARD = {"jobID", "processID", "type", "status", "links"}


def _show(found: list[Job], options: argparse.Namespace) -> None:
    from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table
    from s1ratio.cli.table import coloured

    out = open_console()
    if not found:
        say(out, "no requests")
        return
    more = ("labels", "message") if options.verbose else ()
    table = new_table("request", "state", "done", "made", "for", *more, whole=True)
    for job in found:
        done = f"{job['progress']}%"
        cells = [job["jobID"], coloured(job["state"]), done, _minute(job["created"])]
        cells.append(job["region"] or job["incident"] or "")
        if options.verbose:
            labels = ", ".join(f"{name}={value}" for name, value in job["labels"].items())
            cells += [labels, job["message"]]
        add_row(table, *cells)
    show_table(out, table)
    if len(found) == options.max:
        say(out, f"the newest {len(found)}: there may be more, see --max and --since")


def _minute(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}Z"

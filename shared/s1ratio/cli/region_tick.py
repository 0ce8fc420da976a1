"""`s1ratio regions tick`: what is due of a local run's regions, now or as if it were then."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from s1ratio.cli.arguments import add_json, moment
from s1ratio.cli.faults import BAD_INPUT, print_faults, print_refusal
from s1ratio.cli.terminal import counted, print_json, print_line


def add_tick(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action and its arguments."""
    added = actions.add_parser("tick", help="run what is due of a local run's regions")
    added.description = (
        "Runs the functions over a folder as the cloud's schedulers would: what is due of its "
        "regions becomes requests, and they are followed to their ends."
    )
    words = "folder of a local run (out)"
    added.add_argument("--out", type=Path, default=Path("out"), metavar="DIR", help=words)
    words = "a folder of STAC items; absent: synthetic scenes"
    added.add_argument("--catalog", type=Path, metavar="FOLDER", help=words)
    words = "as if it were then, such as 2024-07-01T03:00:00Z; default: now"
    added.add_argument("--at", type=moment, metavar="TIME", help=words)
    words = "tick again, --every so often, until then"
    added.add_argument("--until", type=moment, metavar="TIME", help=words)
    words = "hours between two ticks (24)"
    added.add_argument("--every", type=_hours, default=24.0, metavar="HOURS", help=words)
    add_json(added)
    added.set_defaults(command=tick)


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0.01 <= hours <= 8_760:
        raise argparse.ArgumentTypeError(f"{text} is no number of hours from 0.01 to 8760")
    return hours


def tick(options: argparse.Namespace) -> int:
    """Tick once, or again and again until a time; return the exit status."""
    from s1ratio.embedded.cloud import UNFIT_FOLDER, faults_of
    from s1ratio.embedded.region_ticks import TickCounts, tick_regions

    now = datetime.now(UTC)
    at = options.at or now
    until = options.until or at
    if until < at or until > now + timedelta(minutes=1):
        words = "--until is before --at, or in the future: scenes of then are not there yet"
        return print_refusal(words, BAD_INPUT, as_json=options.json)
    done = TickCounts()
    every = timedelta(hours=options.every)
    try:
        for when, counts in tick_regions(options.out, options.catalog, at, until, every):
            done.add(counts)
            if not options.json and (counts["requested"] or counts["revised"]):
                _show(when, counts)
    except UNFIT_FOLDER as error:
        return print_faults(str(options.out), faults_of(error), as_json=options.json)
    if options.json:
        print_json(asdict(done))
    else:
        told = counted(done.ticks, "tick"), counted(done.requested, "request")
        print_line(", ".join(told))
        for trouble in done.troubles:
            print_line(trouble)
    return 0


def _show(when: datetime, counts: dict[str, Any]) -> None:
    """Print what one tick asked for: each request, its state, and the files that came of it."""
    said = [counted(counts["requested"], "request")]
    said += [counted(counts["revised"], "revision")] if counts["revised"] else []
    print_line(f"{when:%Y-%m-%d %H:%M} UTC: {', '.join(said)}")
    for one in counts["requests"]:
        print_line(f"  {one['id']}: {one['state']}")
        for file in one["files"]:
            print_line(f"    {file}")

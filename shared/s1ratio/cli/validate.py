"""`s1ratio validate`: the resolved request and its plan, or all faults of a message."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from s1ratio.cli.arguments import add_history, add_json, add_message, existing_folder
from s1ratio.cli.catalogs import print_unfit, unfit_errors
from s1ratio.cli.faults import print_faults
from s1ratio.cli.terminal import print_json

if TYPE_CHECKING:
    from s1ratio.plan import Plan
    from s1ratio.preview import Preview
    from s1ratio.settings import Settings

_NO_DATA = "no data of the period"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Shows the request with its defaults filled in, the exports it becomes, and their pixels "
        "and bytes. The limits are those of the environment's S1RATIO_ variables, else the "
        "defaults."
    )
    parser.epilog = (
        "exit status: 0 valid, 1 Earth Engine did not answer, 2 invalid, or no scene meets it"
    )
    add_message(parser)
    parser.add_argument(
        "--find-orbits",
        action="store_true",
        help="ask for the orbits that see the area: the Earth Engine of the environment's "
        "deployment, or, where no S1RATIO_PROJECT is set, a local one over synthetic scenes",
    )
    parser.add_argument(
        "--catalog",
        type=existing_folder,
        metavar="FOLDER",
        help="with --find-orbits: ask a local one over these STAC items",
    )
    add_history(parser)
    add_json(parser)
    parser.set_defaults(command=_validate, parser=parser)


def _validate(options: argparse.Namespace) -> int:
    from s1ratio.cli.history import with_estimate
    from s1ratio.errors import InvalidRequest

    if options.catalog is not None and not options.find_orbits:
        options.parser.error("--catalog goes with --find-orbits")
    try:
        settings = _settings()
        asked, found = _preview(options, settings)
    except InvalidRequest as error:
        return print_faults(str(options.message), error.faults, as_json=options.json)
    except unfit_errors(options.catalog) as error:
        return print_unfit(error, options.catalog, as_json=options.json)
    if options.history:
        found = with_estimate(found, settings)
    if options.json:
        print_json({**found.document(), "asked": asked})
    else:
        show_preview(found, asked, history=options.history)
    return 0


def _settings() -> Settings:
    """Return the deployment's settings if the environment has them, else their defaults."""
    from s1ratio.settings import read_settings

    defaults = {"S1RATIO_PROJECT": "local-project", "S1RATIO_BUCKET": "local-bucket"}
    return read_settings({**defaults, **os.environ})


def _preview(options: argparse.Namespace, settings: Settings) -> tuple[str | None, Preview]:
    """Return who was asked for the passes, if anybody was, and what the message will become."""
    from s1ratio.cli.orbits import absence_notes, find_orbits
    from s1ratio.preview import preview
    from s1ratio.request import read_message

    now = datetime.now(UTC)
    message = read_message(options.message.read_bytes(), settings.limits(now.date()))
    asked, passes = None, None
    if options.find_orbits:
        asked, passes = find_orbits(options, message.request, settings)
    found = preview(message, settings.plan_limits, settings.max_priority, now, passes)
    absent = () if asked is None else absence_notes(message.request, passes or ())
    return asked, replace(found, found=tuple(absent))


def show_preview(found: Preview, asked: str | None = None, *, history: bool = False) -> None:
    """Print what a message will become, for people; `asked` is who was asked for its passes.

    `history` says that the store was read for what like tasks have cost.
    """
    from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table
    from s1ratio.preview import FOUND_LATER, estimate_words

    description = found.document()
    console = open_console()
    say(console, f"request {description['request_id']}", whole=True)
    table = new_table("", "", show_header=False)
    for name, value in description["request"].items():
        if name not in {"request_id", "aoi"}:
            add_row(table, name, value if isinstance(value, str) else json.dumps(value))
    add_row(table, "area", f"{description['area_km2']:,} km²")
    add_row(table, "bands", ", ".join(description["bands"]))
    add_row(table, "not before", description["not_before"])
    show_table(console, table)
    for note in description["notes"]:
        say(console, note, whole=True)
        if note.startswith(_NO_DATA):
            # The deployment takes it in, so that it is no fault: it ends without a file.
            say(
                console,
                "as it is, it would end EMPTY: choose days on which one has data",
                whole=True,
            )
    if asked:
        say(console, f"{asked} was asked for the orbits", whole=True)
    if found.plan is None:
        say(console, f"orbits: {FOUND_LATER}, or by --find-orbits", whole=True)
    if found.per_orbit is not None:
        words = "what comes out of each orbit and direction that sees the area"
        say(console, f"{words}: {_size_words(found.per_orbit)}", whole=True)
    if found.plan is not None:
        say(console, f"what comes out: {_size_words(found.plan)}", whole=True)
        _show_plan(found.plan)
    if history:
        say(console, estimate_words(found.estimate, found.tasks), whole=True)


def _size_words(plan: Plan) -> str:
    from s1ratio.preview import sizes_of

    sizes = sizes_of(plan)
    size = f"{sizes['values']:,} values (pixels × bands), {sizes['output_bytes']:,} bytes"
    count = f"{sizes['tasks']:,} export task{'s' if sizes['tasks'] > 1 else ''}"
    return f"{size} before compression, of {sizes['pixels']:,} pixels in {count}"


def _show_plan(plan: Plan) -> None:
    from s1ratio.cli.screen import add_row, open_console, show_table
    from s1ratio.cli.table import short_orbit, task_table

    tasks = task_table("orbit", "crs", "h×w px")
    for task in plan.tasks:
        grid = task.grid
        orbit = short_orbit(task.orbit, task.direction.value)
        add_row(tasks, task.id, orbit, grid.crs, f"{grid.height}×{grid.width}")
    show_table(open_console(), tasks)

"""`s1ratio validate`: the resolved request and its plan, or all faults of a message."""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from s1ratio.cli.arguments import add_json, add_message, existing_folder
from s1ratio.cli.catalogs import print_unfit, unfit_errors
from s1ratio.cli.faults import print_faults
from s1ratio.cli.terminal import print_json

if TYPE_CHECKING:
    from s1ratio.plan import ExportTask, OrbitPass, Plan
    from s1ratio.request import Message
    from s1ratio.settings import Settings

_FOUND_LATER = "found at launch"


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
    add_json(parser)
    parser.set_defaults(command=_validate, parser=parser)


def _validate(options: argparse.Namespace) -> int:
    from s1ratio.cli.orbits import absence_notes
    from s1ratio.errors import InvalidRequest
    from s1ratio.request import read_message

    if options.catalog is not None and not options.find_orbits:
        options.parser.error("--catalog goes with --find-orbits")
    now = datetime.now(UTC)
    try:
        settings = _settings()
        message = read_message(options.message.read_bytes(), settings.limits(now.date()))
        asked, passes = _passes(options, message, settings)
        plan = _plan(message, settings, now, passes)
        each = _plan_of_one(message, settings, now) if plan is None else None
    except InvalidRequest as error:
        return print_faults(str(options.message), error.faults, as_json=options.json)
    except unfit_errors(options.catalog) as error:
        return print_unfit(error, options.catalog, as_json=options.json)
    description = {
        **_described(message, plan, passes, now),
        **_taken(message, settings),
        "per_orbit": None if each is None else _sizes(each),
        "asked": asked,
    }
    if asked is not None:
        description["notes"] += absence_notes(message.request, passes or ())
    if options.json:
        print_json(description)
    else:
        _show(description, plan, each)
    return 0


def _settings() -> Settings:
    """Return the deployment's settings if the environment has them, else their defaults."""
    from s1ratio.settings import read_settings

    defaults = {"S1RATIO_PROJECT": "local-project", "S1RATIO_BUCKET": "local-bucket"}
    return read_settings({**defaults, **os.environ})


def _passes(
    options: argparse.Namespace, message: Message, settings: Settings
) -> tuple[str | None, tuple[OrbitPass, ...] | None]:
    """Return who was asked for the passes, if anybody was, and the passes if they are known."""
    from s1ratio.cli.orbits import find_orbits
    from s1ratio.plan import named_passes

    if options.find_orbits:
        return find_orbits(options, message.request, settings)
    return None, named_passes(message.request)


def _plan(
    message: Message, settings: Settings, now: datetime, passes: tuple[OrbitPass, ...] | None
) -> Plan | None:
    from s1ratio.plan import make_plan

    if passes is None:
        return None
    return make_plan(message.request_id, message.request, passes, settings.plan_limits, now)


def _plan_of_one(message: Message, settings: Settings, now: datetime) -> Plan | None:
    """Return what any one orbit and direction becomes: all of them have the same pixels."""
    from s1ratio.plan import OrbitPass

    one = OrbitPass(1, message.request.direction.passes[0])
    return _plan(message, settings, now, (one,))


def _described(
    message: Message, plan: Plan | None, passes: tuple[OrbitPass, ...] | None, now: datetime
) -> dict[str, Any]:
    from s1ratio.plan import not_before

    request = message.request
    fields = request.model_dump(mode="json", exclude={"aoi"})
    fields["valid_range"] = {
        product.value: request.range_of(product) for product in request.products
    }
    sizes = dict.fromkeys(("values", "output_bytes", "pixels"), _FOUND_LATER)
    return {
        "request_id": message.request_id,
        "digest": message.digest,
        "area_km2": round(request.aoi.area_km2, 3),
        "not_before": not_before(request, now).isoformat(timespec="seconds"),
        "request": {**fields, "request_id": message.request_id, "aoi": request.aoi.geojson()},
        "bands": list(request.bands),
        "orbits": sorted({each.orbit for each in passes or ()}) or _FOUND_LATER,
        **(sizes if plan is None else {name: _sizes(plan)[name] for name in sizes}),
        "tasks": _FOUND_LATER if plan is None else [_task(task) for task in plan.tasks],
    }


def _sizes(plan: Plan) -> dict[str, int]:
    return {
        "tasks": len(plan.tasks),
        "pixels": sum(task.grid.pixels for task in plan.tasks),
        "values": plan.values,
        "output_bytes": plan.output_bytes,
    }


def _taken(message: Message, settings: Settings) -> dict[str, Any]:
    from s1ratio.ground_tracks import node_notes
    from s1ratio.orbits import fleet_notes
    from s1ratio.request.moments import days_around
    from s1ratio.summary import priority_notes

    request = message.request
    priority = min(request.priority, settings.max_priority)
    notes = [*request.aoi.notes, *priority_notes(request.priority, priority)]
    notes += node_notes(request)
    notes += fleet_notes(request.platforms, *days_around(request.start, request.end))
    return {"priority": priority, "notes": notes}


def _task(task: ExportTask) -> dict[str, Any]:
    grid = task.grid
    return {
        "id": task.id,
        "orbit": task.orbit,
        "direction": task.direction.value,
        "crs": grid.crs,
        "transform": list(grid.transform),
        "shape": [grid.height, grid.width],
        "object": f"{task.object_name(1)}.tif",
    }


def _show(description: dict[str, Any], plan: Plan | None, each: Plan | None) -> None:
    from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table

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
    if description["asked"]:
        say(console, f"{description['asked']} was asked for the orbits", whole=True)
    if plan is None:
        say(console, f"orbits: {_FOUND_LATER}, or by --find-orbits", whole=True)
    if each is not None:
        words = "what comes out of each orbit and direction that sees the area"
        say(console, f"{words}: {_size_words(each)}", whole=True)
    if plan is not None:
        say(console, f"what comes out: {_size_words(plan)}", whole=True)
        _show_plan(plan)


def _size_words(plan: Plan) -> str:
    sizes = _sizes(plan)
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

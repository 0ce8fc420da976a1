"""`s1ratio validate`: the resolved request and its plan, or all faults of a message."""

import argparse
import json
import os
from datetime import UTC, datetime
from typing import Any

from s1ratio.cli.arguments import add_json, add_message
from s1ratio.cli.faults import print_faults
from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table
from s1ratio.cli.table import short_orbit, task_table
from s1ratio.cli.terminal import print_json
from s1ratio.errors import InvalidRequest
from s1ratio.orbits import fleet_notes, node_notes
from s1ratio.plan import ExportTask, Plan, make_plan, named_passes, not_before
from s1ratio.request import Message, read_message
from s1ratio.request.moments import days_around
from s1ratio.settings import Settings, read_settings
from s1ratio.summary import priority_notes

_FOUND_LATER = "found at launch"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Shows the request with its defaults filled in and the exports it becomes. The limits "
        "are those of the environment's S1RATIO_ variables, else the defaults."
    )
    add_message(parser)
    add_json(parser)
    parser.set_defaults(command=_validate)


def _validate(options: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    try:
        settings = _settings()
        message = read_message(options.message.read_bytes(), settings.limits(now.date()))
        plan = _plan(message, settings, now)
    except InvalidRequest as error:
        return print_faults(str(options.message), error.faults)
    description = {**_described(message, plan, now), **_taken(message, settings)}
    if options.json:
        print_json(description)
    else:
        _show(description, plan)
    return 0


def _settings() -> Settings:
    """Return the deployment's settings if the environment has them, else their defaults."""
    defaults = {"S1RATIO_PROJECT": "local-project", "S1RATIO_BUCKET": "local-bucket"}
    return read_settings({**defaults, **os.environ})


def _plan(message: Message, settings: Settings, now: datetime) -> Plan | None:
    passes = named_passes(message.request)
    if passes is None:
        return None
    return make_plan(message.request_id, message.request, passes, settings.plan_limits, now)


def _described(message: Message, plan: Plan | None, now: datetime) -> dict[str, Any]:
    request = message.request
    fields = request.model_dump(mode="json", exclude={"aoi"})
    fields["valid_range"] = {
        product.value: request.range_of(product) for product in request.products
    }
    return {
        "request_id": message.request_id,
        "digest": message.digest,
        "area_km2": round(request.aoi.area_km2, 3),
        "not_before": not_before(request, now).isoformat(timespec="seconds"),
        "request": {**fields, "request_id": message.request_id, "aoi": request.aoi.geojson()},
        "bands": list(request.bands),
        "orbits": list(request.orbits or ()) or _FOUND_LATER,
        "values": _FOUND_LATER if plan is None else plan.values,
        "output_bytes": _FOUND_LATER if plan is None else plan.output_bytes,
        "tasks": _FOUND_LATER if plan is None else [_task(task) for task in plan.tasks],
    }


def _taken(message: Message, settings: Settings) -> dict[str, Any]:
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


def _show(description: dict[str, Any], plan: Plan | None) -> None:
    console = open_console()
    table = new_table(title=f"request {description['request_id']}", show_header=False)
    for name, value in description["request"].items():
        if name not in {"request_id", "aoi"}:
            add_row(table, name, value if isinstance(value, str) else json.dumps(value))
    add_row(table, "area", f"{description['area_km2']:,} km²")
    add_row(table, "bands", ", ".join(description["bands"]))
    add_row(table, "not before", description["not_before"])
    show_table(console, table)
    for note in description["notes"]:
        say(console, note)
    if plan is None:
        say(console, f"orbits: {_FOUND_LATER}")
        return
    size = f"{plan.values:,} values (pixels × bands), {plan.output_bytes:,} bytes"
    say(console, f"what comes out: {size} before compression")
    tasks = task_table("orbit", "crs", "h×w px", title="plan")
    for task in plan.tasks:
        grid = task.grid
        add_row(
            tasks,
            task.id,
            short_orbit(task.orbit, task.direction.value),
            grid.crs,
            f"{grid.height}×{grid.width}",
        )
    show_table(console, tasks)

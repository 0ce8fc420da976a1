"""What a message will become, told before it is sent: the one description of it. Pure, no call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from s1ratio.estimate import Estimate, Range
from s1ratio.ground_tracks import node_notes
from s1ratio.orbits import fleet_notes
from s1ratio.plan import ExportTask, OrbitPass, Plan, PlanLimits, make_plan, named_passes
from s1ratio.plan import not_before as due_from
from s1ratio.request import Message
from s1ratio.request.moments import days_around
from s1ratio.summary import priority_notes

FOUND_LATER = "found at launch"
NO_HISTORY = "no history"


@dataclass(frozen=True)
class Preview:
    """A valid message and its plan; `now` is when it was looked at (UTC).

    Without known passes there is no `plan` yet: `per_orbit` is then what any one orbit and
    direction becomes, since all of them have the same pixels. `estimate` is of the plan's tasks,
    else of `per_orbit`'s; None is "no history". `priority` is the one that a deployment will give.
    """

    message: Message
    now: datetime
    passes: tuple[OrbitPass, ...] | None
    plan: Plan | None
    per_orbit: Plan | None
    priority: int
    estimate: Estimate | None = None
    found: tuple[str, ...] = ()

    @property
    def tasks(self) -> tuple[ExportTask, ...]:
        """The export tasks: all of them, or those of one orbit where orbits are found at launch."""
        found = self.plan or self.per_orbit
        return found.tasks if found is not None else ()

    @property
    def notes(self) -> list[str]:
        """What its publisher should know, in words."""
        request = self.message.request
        notes = [*request.aoi.notes, *priority_notes(request.priority, self.priority)]
        notes += node_notes(request)
        notes += fleet_notes(request.platforms, *days_around(request.start, request.end))
        return [*notes, *self.found]

    def document(self) -> dict[str, Any]:
        """Return all of it as plain JSON values."""
        request, plan = self.message.request, self.plan
        sizes = dict.fromkeys(("values", "output_bytes", "pixels"), FOUND_LATER)
        return {
            "request_id": self.message.request_id,
            "digest": self.message.digest,
            "area_km2": round(request.aoi.area_km2, 3),
            "not_before": due_from(request, self.now).isoformat(timespec="seconds"),
            "request": self._resolved(),
            "bands": list(request.bands),
            "orbits": sorted({each.orbit for each in self.passes or ()}) or FOUND_LATER,
            **(sizes if plan is None else {name: sizes_of(plan)[name] for name in sizes}),
            "tasks": FOUND_LATER if plan is None else [_task(task) for task in plan.tasks],
            "priority": self.priority,
            "notes": self.notes,
            "per_orbit": None if self.per_orbit is None else sizes_of(self.per_orbit),
            "estimate": estimate_document(self.estimate),
        }

    def _resolved(self) -> dict[str, Any]:
        """Return the request with its defaults filled in."""
        request = self.message.request
        fields = request.model_dump(mode="json", exclude={"aoi"})
        fields["valid_range"] = {
            product.value: request.range_of(product) for product in request.products
        }
        return {**fields, "request_id": self.message.request_id, "aoi": request.aoi.geojson()}


def preview(
    message: Message,
    limits: PlanLimits,
    max_priority: int,
    now: datetime,
    passes: tuple[OrbitPass, ...] | None = None,
) -> Preview:
    """Return what a message will become; raise InvalidRequest if its plan is too large.

    `passes` are those that were found; by default those that the message names itself.
    """
    request = message.request
    known = named_passes(request) if passes is None else passes
    one = (OrbitPass(1, request.direction.passes[0]),)
    plan = make_plan(message.request_id, request, one if known is None else known, limits, now)
    return Preview(
        message,
        now,
        known,
        plan=None if known is None else plan,
        per_orbit=plan if known is None else None,
        priority=min(request.priority, max_priority),
    )


def sizes_of(plan: Plan) -> dict[str, int]:
    """Return a plan in numbers: tasks, pixels, values (pixels × bands), bytes."""
    return {
        "tasks": len(plan.tasks),
        "pixels": sum(task.grid.pixels for task in plan.tasks),
        "values": plan.values,
        "output_bytes": plan.output_bytes,
    }


def estimate_document(found: Estimate | None) -> dict[str, Any] | str:
    """Return an estimate as plain JSON values, or "no history"."""
    if found is None:
        return NO_HISTORY
    return {
        "eecu_seconds": _percentiles(found.eecu_s, 1),
        "hours": _percentiles(found.hours, 3),
        "samples": found.samples,
    }


def estimate_words(found: Estimate | None, tasks: Sequence[ExportTask]) -> str:
    """Return an estimate of some tasks as a line for people."""
    if found is None:
        return f"estimate: {NO_HISTORY}"
    spent, hours = found.eecu_s, found.hours
    return (
        f"estimate of {len(tasks)} export task{'s' if len(tasks) != 1 else ''}: "
        f"{spent.median:,.0f} EECU-seconds, {spent.p90:,.0f} in one of ten cases; "
        f"{hours.median:.1f} hours for the longest, {hours.p90:.1f} in one of ten; "
        f"by {found.samples} like tasks"
    )


def _percentiles(values: Range, digits: int) -> dict[str, float]:
    return {"p50": round(values.median, digits), "p90": round(values.p90, digits)}


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

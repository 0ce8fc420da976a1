"""Why an export came out empty, in words: an absence is as much of a result as a file."""

from pydantic import ValidationError

from s1ratio.errors import EarthEngineFault
from s1ratio.ground_tracks import advise_southern
from s1ratio.pixels import tell_selection
from s1ratio.plan import ExportTask, View
from s1ratio.request import CompositeRequest, Direction
from s1ratio.request.moments import message_text_of
from s1ratio.services.context import PollContext
from s1ratio.services.storing.requests import request_of
from s1ratio.services.verifying.coverage import needed, project_area
from s1ratio.services.verifying.valid_share import ValidShare
from s1ratio.services.waiting.admission import in_outage
from s1ratio.task import Task

_BARELY = 0.01  # a share of the area that may well hold no pixel with data
_WHOLE = 0.999
_UNKNOWN = "empty: no pixel has data; there is no scene of that orbit, or all of it is masked"


def explain_empty(
    context: PollContext, request: CompositeRequest, task: Task, pixels: float | None = None
) -> str:
    """Return why nothing is in a task's export, in a sentence: one call to Earth Engine.

    `pixels` are those of the area that its files have, if they tell. What can't be told now is
    said to be unknown: it never keeps a task from its end.
    """
    plan = tell_selection(request, task.plan, task.pixels.digest)
    return describe_absence(request, plan, _find_view(context, request, plan), pixels)


def explain_stored(context: PollContext, task: Task) -> tuple[str, ValidShare | None]:
    """Return the same of a task whose request is still to be read, and its shares: all 0."""
    record = context.store.get_request(task.plan.request_id)
    try:
        request = request_of(record) if record is not None else None
    except ValidationError:  # of other rules than today's
        request = None
    if request is None:
        return _UNKNOWN, None
    pixels = needed(task.plan.grid, request.aoi, clip=True).area
    twice = 0.0 if any(band.endswith("_count") for band in task.plan.bands) else None
    return explain_empty(context, request, task), ValidShare(pixels, 0.0, twice, 1.0)


def describe_absence(
    request: CompositeRequest, plan: ExportTask, view: View | None, pixels: float | None = None
) -> str:
    """Return why nothing is in an export, by what its scenes see of the area."""
    mine = needed(plan.grid, request.aoi, clip=True).area
    if view is not None and not view.scenes:
        return f"empty: {_no_scene(request, plan)}"
    # Without clipping what lies beside the area is exported as well.
    if request.clip and (mine if pixels is None else pixels) < 1:
        words = "the area is smaller than a pixel, as far as it lies here, and no centre"
        return f"empty: {words} of one is in it: send a larger area, or a finer `grid.scale`"
    if view is None:
        return _UNKNOWN
    is_part = mine < _WHOLE * project_area(plan.grid, request.aoi).area
    return f"empty: {_outside(request, view) or _unseen(view, is_part) or _masks(request, view)}"


def _unseen(view: View, is_part: bool) -> str | None:
    """Return that the passes see too little of the area, if they do."""
    if view.share < _BARELY:
        return f"the passes see {view.share:.2%} of the area only, and no pixel in that"
    if is_part and view.share < _WHOLE:
        words = f"the passes see {view.share:.0%} of the whole area, and nothing of this part of it"
        return f"{words}, or it is masked"
    return None


def _find_view(context: PollContext, request: CompositeRequest, plan: ExportTask) -> View | None:
    """Return what a task's orbit sees, asked for once; None where Earth Engine can't tell now."""
    now = context.clock.now()
    is_known, view = context.memory.recall_view(plan, now)
    if is_known or in_outage(context):
        return view
    try:
        view = context.earth_engine.find_view(request, plan)
    except EarthEngineFault:
        view = None
    context.memory.keep_view(plan, view, now)
    return view


def _no_scene(request: CompositeRequest, plan: ExportTask) -> str:
    start, end = message_text_of(request.start), message_text_of(request.end)
    climbs = plan.direction is Direction.ASCENDING
    advice = advise_southern(request, plan.orbit) if climbs else None
    return (
        f"no scene of orbit {plan.orbit} {plan.direction.value} meets the area "
        f"from {start} to {end} (platforms {', '.join(request.platforms)})"
        f"{f'; {advice}' if advice else ''}"
    )


def _outside(request: CompositeRequest, view: View) -> str | None:
    """Return that the area lies outside the angles, if it does."""
    kept, seen = request.angle_range, view.angles
    if kept is None or seen is None:
        return None
    low, high = kept.min or 0.0, 90.0 if kept.max is None else kept.max
    if low < seen[1] and seen[0] < high:
        return None
    return (
        f"it is seen at {_degrees(*seen)}, outside the angles that are kept, {_degrees(low, high)}"
    )


def _masks(request: CompositeRequest, view: View) -> str:
    """Return what may have masked an area that is seen at angles of which some are kept."""
    reasons = ["VV or VH is not above 0 there"]
    ranges = {product: request.range_of(product) for product in request.products}
    told = [f"{p.value} lies beyond {r[0]:g} to {r[1]:g}" for p, r in ranges.items() if r]
    if (kept := request.angle_range) is not None and view.angles is not None:
        low, high = kept.min or 0.0, 90.0 if kept.max is None else kept.max
        told.append(f"it is seen at {_degrees(*view.angles)}, and {_degrees(low, high)} are kept")
    return f"all is masked: {'; or '.join(reasons + told)}"


def _degrees(low: float, high: float) -> str:
    return f"{low:.2f}° to {high:.2f}°"

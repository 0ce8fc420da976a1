"""Pinning: a request that wants so has the scenes of its passes stored before it has its tasks.

From then on every start, retry and part of it takes these scenes alone, whatever is listed later.
"""

from dataclasses import replace

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.inputs import MAX_PINNED, Inputs
from s1ratio.plan import make_plan
from s1ratio.records import RequestRecord
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import request_of


def lacks_pins(record: RequestRecord) -> bool:
    """Tell whether a request with passes is to have their scenes pinned, and has not."""
    open_passes = [one for one in record.passes or () if one.pinned is None]
    return bool(open_passes) and request_of(record).pin_inputs


def pin_passes(context: Context, record: RequestRecord) -> RequestRecord:
    """Return a request with the scenes of its passes as they are listed now, not stored: one call.

    Raises EarthEngineFault; InvalidRequest where there are more than a record can hold.
    """
    request, passes = request_of(record), record.passes or ()
    limits = record.limits or context.settings.plan_limits
    plan = make_plan(record.id, request, passes, limits, context.clock.now())
    first = {(task.orbit, task.direction): task for task in reversed(plan.tasks)}
    plans = [first[each.orbit, each.direction] for each in passes]
    found = context.earth_engine.find_inputs(request, plans)
    _check_room(found)
    pinned = [replace(one, pinned=each.ids) for one, each in zip(passes, found, strict=True)]
    return replace(record, passes=tuple(pinned))


def _check_room(found: tuple[Inputs, ...]) -> None:
    total = sum(len(each.scenes) for each in found)
    if total <= MAX_PINNED and all(each.whole for each in found):
        return
    words = f"its composites are made of over {min(total, MAX_PINNED):,} scenes, and `pin_inputs`"
    advice = "shorten the period, name fewer orbits, or leave `pin_inputs` out"
    raise InvalidRequest(
        [Fault("pin_inputs", "too_many_scenes", f"{words} keeps no more: {advice}")]
    )

"""What one request of a region is expected to spend: the estimate that all share, by its plan."""

from statistics import median

from s1ratio.errors import InvalidRequest
from s1ratio.ground_tracks import tracks_over
from s1ratio.plan import ExportTask, OrbitPass, PlanLimits, make_plan, named_passes
from s1ratio.ports import Store
from s1ratio.records import RequestRecord
from s1ratio.regions.messages import payload_of
from s1ratio.regions.periods import period_at
from s1ratio.regions.reader import stored_region
from s1ratio.regions.records import RefreshRecord, RegionRecord
from s1ratio.request import CompositeRequest, read_message
from s1ratio.request.checks import NO_LIMITS
from s1ratio.services.requesting.estimating import estimate_tasks

_HISTORY = 20  # requests of a region, the newest


def estimate_median(store: Store, region: RegionRecord) -> float | None:
    """Return the median EECU-seconds of one request of a region, None without history.

    By like tasks of whoever asked for them; without these, by what the region's own spent. The plan
    is that of the last request: its period, and the orbits that were found for it. Of a region that
    has made none they are those whose strips see some of its area.
    """
    last = next(iter(store.find_refreshes_of(region.id, 1)), None)
    try:
        request, tasks = _planned(store, region, last)
    except InvalidRequest:  # such as one that is too large by today's rules
        return _median_of_own(store, region)
    found = estimate_tasks(store, request, tasks)
    return found.eecu_s.median if found else _median_of_own(store, region)


def _median_of_own(store: Store, region: RegionRecord) -> float | None:
    found = store.find_refreshes_of(region.id, _HISTORY)
    spent = [one.eecu_seconds for one in found if one.ended_at and one.eecu_seconds]
    return median(spent) if spent else None


def _planned(
    store: Store, record: RegionRecord, last: RefreshRecord | None
) -> tuple[CompositeRequest, tuple[ExportTask, ...]]:
    region = stored_region(record.text)
    days = last.days if last else period_at(region.period, record.watermark, record.since_day)
    payload = payload_of(region, f"r-{region.id}", days, region.priority)
    request = read_message(payload, NO_LIMITS).request
    passes = _passes(request, store.get_request(last.id) if last else None)
    plan = make_plan(f"r-{region.id}", request, passes, PlanLimits(), record.watermark)
    return request, plan.tasks


def _passes(request: CompositeRequest, made: RequestRecord | None) -> tuple[OrbitPass, ...]:
    named = named_passes(request)
    if named is not None:
        return named
    if made is not None and made.passes:
        return made.passes
    wanted = request.direction.passes
    return tuple(
        OrbitPass(orbit, direction)
        for orbit, direction in tracks_over(request.aoi)
        if direction in wanted
    )

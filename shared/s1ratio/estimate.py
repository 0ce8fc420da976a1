"""What a plan will cost, by what like tasks have cost: EECU-seconds and hours. Pure.

Tasks are alike whose passes went through the same speckle filter, its window in pixels; what they
cost grows with pixels × passes. This is the one place that estimates: a preview, a budget and a
page ask `estimate`, or `estimate_tasks` of `services.requesting.estimating` where a store is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import singledispatch
from statistics import quantiles

from s1ratio.orbits import expected_passes
from s1ratio.request import Boxcar, CompositeRequest, FocalMedian, NoSpeckleFilter
from s1ratio.request.moments import days_around
from s1ratio.task import Task, TaskState

# Fewer are no history: a percentile of them would be one task's luck.
MIN_SAMPLES = 5
# Tasks of a size like the asked one's tell more than others: the start of a task costs, too.
_LIKE_SIZE = 8.0


@dataclass(frozen=True)
class Sample:
    """What one task came to: pixels × passes, EECU-seconds, hours from its start to its success."""

    amount: float
    eecu_s: float
    hours: float


@dataclass(frozen=True)
class Range:
    """The 50th and the 90th percentile."""

    median: float
    p90: float


@dataclass(frozen=True)
class Estimate:
    """What tasks will come to, by `samples` like ones: `eecu_s` of all, `hours` of the longest.

    Hours go from a task's start to its success, time in Earth Engine's queue included.
    """

    eecu_s: Range
    hours: Range
    samples: int


@singledispatch
def _filter(spec: object, scale: float) -> str:
    raise NotImplementedError(f"no kind of work for {type(spec).__name__}, {scale:g} m")


@_filter.register
def _none(_: NoSpeckleFilter, scale: float) -> str:
    del scale
    return "none"


@_filter.register
def _focal_median(spec: FocalMedian, scale: float) -> str:
    return f"focal_median-{max(1, round(spec.radius_m / scale))}px"


@_filter.register
def _boxcar(spec: Boxcar, scale: float) -> str:
    del scale
    return f"boxcar-{spec.size_px}px"


def work_of(request: CompositeRequest) -> str:
    """Return the kind of work that a request's tasks are: the same word for like ones.

    Its filter and the window of it in pixels, such as `focal_median-10px`.
    """
    return _filter(request.speckle, request.grid.scale)


def passes_of(request: CompositeRequest) -> float:
    """Return how many passes one orbit has in a request's period, by the fleet's calendar."""
    first, end = days_around(request.start, request.end)
    return expected_passes(request.platforms, first, end)


def sample_of(task: Task) -> Sample | None:
    """Return what a task came to, None if it does not tell: shared, of an earlier version."""
    run, began = task.run, task.claim.starting_at
    if task.state is not TaskState.VERIFIED or task.result.same_as is not None:
        return None
    if run.eecu_seconds is None or run.succeeded_at is None or began is None:
        return None
    amount = task.plan.grid.pixels * (task.pixels.passes or 0.0)
    hours = (run.succeeded_at - began) / timedelta(hours=1)
    return Sample(amount, run.eecu_seconds, hours) if amount > 0 and hours >= 0 else None


def estimate(amounts: Sequence[float], samples: Iterable[Sample]) -> Estimate | None:
    """Return what tasks of these amounts (pixels × passes) will cost; None is "no history".

    `samples` are tasks of the same work. Of each task those of a like size count, if there are
    enough of them, else all; what they cost a pixel and pass is multiplied by its amount.
    """
    known = list(samples)
    if not amounts or len(known) < MIN_SAMPLES:
        return None
    each = {amount: _of_one(amount, known) for amount in set(amounts)}
    longest = max(each.values(), key=lambda one: one.hours.median)
    spent = [each[amount].eecu_s for amount in amounts]
    eecu_s = Range(sum(one.median for one in spent), sum(one.p90 for one in spent))
    return Estimate(eecu_s, longest.hours, min(one.samples for one in each.values()))


def _of_one(amount: float, known: list[Sample]) -> Estimate:
    near = [s for s in known if amount / _LIKE_SIZE <= s.amount <= amount * _LIKE_SIZE]
    used = near if len(near) >= MIN_SAMPLES else known
    eecu_s = _range([one.eecu_s / one.amount for one in used], amount)
    return Estimate(eecu_s, _range([one.hours / one.amount for one in used], amount), len(used))


def _range(rates: list[float], amount: float) -> Range:
    cuts = quantiles(rates, n=10, method="inclusive")
    return Range(cuts[4] * amount, cuts[8] * amount)

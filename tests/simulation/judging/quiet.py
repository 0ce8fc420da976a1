"""Quiet: once nothing goes wrong any more, everything comes to its end within a bound."""

from collections.abc import Iterator
from datetime import timedelta

from tests.simulation.fates.words import kind_of
from tests.simulation.run import Run

# The longest that it may take, by what there is to wait for: what was measured over some thousands
# of schedules, and half as much again. A quota resets once a day, and may be used up twice. A start
# that is refused after a POST of unknown fate is given up only after most of a day. A ceiling lets
# so few tasks start a day that it takes several.
BOUNDS = {
    "incidents to close": timedelta(days=60),
    "a day's ceiling": timedelta(days=10),
    "a quota": timedelta(hours=60),
    "refusals": timedelta(hours=30),
    "searches": timedelta(hours=13),
    "clocks to come right": timedelta(hours=6),
    "nothing": timedelta(hours=5),
}


def what_to_wait_for(run: Run) -> str:
    """Return what may hold a schedule up longest once all is well."""
    if run.plan.standing is not None:
        return "incidents to close"
    kinds = run.plan.kinds
    failures = {kind_of(op.result.error) for op in run.around.ee.fated()}
    if kinds.most_a_day is not None:
        return "a day's ceiling"
    if "quota" in failures or any(site.witness.out_of_quota for site in run.sites):
        return "a quota"
    if any(site.witness.refused for site in run.sites):
        return "refusals"
    if run.counts["searches too much"]:
        return "searches"
    return "clocks to come right" if kinds.clock_off_s else "nothing"


def judge_quiet(run: Run) -> Iterator[str]:
    """Tell if it took longer until quiet than it may."""
    why, took = what_to_wait_for(run), run.quiet_at - run.calm_at
    if took > BOUNDS[why]:
        yield f"it took {took} until quiet, with {why} to wait for"

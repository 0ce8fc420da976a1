"""What happened in a schedule, in numbers: one that never happens proves nothing."""

from collections import Counter

from tests.simulation.fates.words import WORDS, kind_of
from tests.simulation.judging.standing_tallies import count_what_stood
from tests.simulation.run import Run
from tests.simulation.world.standing_site import StandingSite

# What must happen among a few dozen schedules.
USUAL = frozenset(
    {
        *("kills", "store before", "store after", "ee before", "ee after", "ee late"),
        *("bucket before", "again", "leftovers", "VERIFIED", "FAILED", "CANCELLED"),
        *("shards", "names differ", "searches too much"),
        *("events refused", "events unanswered", "killed at publish_keyed"),
    }
)
# What must happen, beside it, among a few hundred: each kind, and each class of failures.
RARE = frozenset(
    {
        *(f"failed: {kind}" for kind in WORDS),
        *("EMPTY", "forbidden", "refused records", "other deployment", "other store"),
        *("set back", "deleted", "stubborn", "left out", "files late", "clocks differ"),
        *("bucket's clock differs", "software deployed"),
        *("days with a ceiling", "overspent", "were away", "refused again", "late posts"),
    }
)


def count_what_happened(run: Run) -> "Counter[str]":
    """Return how often what happened."""
    tasks = [task for site in run.sites for task in site.tasks.values()]
    states = Counter(task.state.value for task in tasks)
    standing = Counter[str]()
    for site in run.sites:
        if isinstance(site, StandingSite):
            standing += count_what_stood(site)
    retried = Counter(again=sum(task.run.attempt > 1 for task in tasks))
    return run.counts + standing + states + retried + _of_operations(run) + _of_kinds(run)


def _of_operations(run: Run) -> "Counter[str]":
    ee, now = run.around.ee, run.around.clock.now()
    counts = Counter({name: ee.calls[name] for name in ("left out", "stubborn", "refused again")})
    for op in ee.fated():
        counts["operations"] += 1
        counts["were away"] += op.was_away(now)
        counts["shards"] += op.state == "SUCCEEDED" and op.result.shards > 1
        counts["files late"] += op.state == "SUCCEEDED" and bool(op.fate.unseen)
        counts[f"failed: {kind_of(op.result.error)}"] += op.state == "FAILED"
    return counts


def _of_kinds(run: Run) -> "Counter[str]":
    kinds = run.plan.kinds
    return Counter(
        {
            "clocks differ": kinds.clock_off_s > 0,
            "bucket's clock differs": kinds.bucket_off_s != 0,
            "names differ": kinds.project != "p",
            "late posts": kinds.latest_post_s > 60 and run.counts["ee late"] > 0,
            "days with a ceiling": kinds.most_a_day is not None,
            "software deployed": kinds.new_graph is not None,
            "overspent": sum(len(site.witness.overspent) for site in run.sites),
        }
    )

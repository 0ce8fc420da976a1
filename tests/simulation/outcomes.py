"""One seed, lived through and judged."""

import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from s1ratio.adapters.store.sqlite import SqliteStore
from tests.simulation.drawing.seeded_schedule import schedule
from tests.simulation.judging.invariants import breaches
from tests.simulation.judging.quiet import what_to_wait_for
from tests.simulation.judging.tallies import count_what_happened
from tests.simulation.long_run import LongRun
from tests.simulation.run import Run, StoreOpener, live_through

SEED = "S1RATIO_TEST_SCHEDULE_SEED"
_LAST = 60
# Files that lie in memory, where there is such a place, cost half of what others do.
_MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it are made safely


@dataclass(frozen=True)
class SeedOutcome:
    """What came of a seed: the rules it broke, all that happened, and how much of what.

    `quiet` is what there was to wait for once all was well, and how many minutes it took.
    """

    seed: int
    breaches: tuple[str, ...]
    trace: str
    counts: "Counter[str]"
    quiet: tuple[str, float]

    def __str__(self) -> str:
        """Return the breaches, the end of the trace, and how to see all of it."""
        last = self.trace.splitlines()[-_LAST:]
        replay = f"replay: python -m tests.simulation {self.seed}, or {SEED}={self.seed} pytest"
        return "\n".join([f"schedule {self.seed}:", *self.breaches, "…", *last, replay])


def judge_seed(
    seed: int,
    traced: bool = False,
    open_store: StoreOpener = SqliteStore,
    hasty: bool = False,
) -> SeedOutcome:
    """Live the schedule of a seed through; the trace is told if it is sound only on demand.

    With another store than SQLite nobody changes its file behind its back. A `hasty` run ends with
    what is objected to first.
    """
    memory = _MEMORY if _MEMORY.is_dir() else None
    plan = schedule(seed) if open_store is SqliteStore else schedule(seed).leaving_store_alone()
    plan = replace(plan, hasty=hasty)
    with tempfile.TemporaryDirectory(dir=memory) as folder, _quiet():
        kind = LongRun if plan.standing is not None else Run
        run = live_through(plan, Path(folder), open_store, kind)
        try:
            found = tuple(run.complaints if run.halted else breaches(run))
            # Making words of it takes long.
            trace = run.around.trace.text() if found or traced else ""
            return SeedOutcome(seed, found, trace, count_what_happened(run), _quiet_after(run))
        finally:
            run.close()


def _quiet_after(run: Run) -> tuple[str, float]:
    return what_to_wait_for(run), (run.quiet_at - run.calm_at) / timedelta(minutes=1)


@contextmanager
def _quiet() -> Iterator[None]:
    """The services tell of every trouble; here that would be all there is to see."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)

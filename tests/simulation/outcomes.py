"""One seed, lived through and judged."""

import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.drawing.seeded_schedule import schedule
from tests.simulation.judging.invariants import breaches
from tests.simulation.run import Run, live_through

SEED = "S1RATIO_TEST_SCHEDULE_SEED"
_LAST = 60
# Files that lie in memory, where there is such a place, cost half of what others do.
_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class SeedOutcome:
    """What came of a seed: the rules it broke, all that happened, and how much of what."""

    seed: int
    breaches: tuple[str, ...]
    trace: str
    counts: "Counter[str]"

    def __str__(self) -> str:
        """Return the breaches, the end of the trace, and how to see all of it."""
        last = self.trace.splitlines()[-_LAST:]
        replay = f"replay: python -m tests.simulation {self.seed}, or {SEED}={self.seed} pytest"
        return "\n".join([f"schedule {self.seed}:", *self.breaches, "…", *last, replay])


def judge_seed(seed: int, traced: bool = False) -> SeedOutcome:
    """Live the schedule of a seed through; the trace is told if it is sound only on demand."""
    memory = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=memory) as folder, _quiet():
        run = live_through(schedule(seed), Path(folder))
        try:
            found = tuple(breaches(run))
            trace = (
                run.around.trace.text() if found or traced else ""
            )  # making words of it takes long
            return SeedOutcome(seed, found, trace, _counts(run))
        finally:
            run.close()


def _counts(run: Run) -> "Counter[str]":
    tasks = [task for site in run.sites for task in site.tasks.values()]
    states = Counter(task.state.value for task in tasks)
    again = Counter(again=sum(task.run.attempt > 1 for task in tasks))
    ee = run.around.ee
    seen = {name: ee.calls[name] for name in ("left out", "stubborn", "refused again")}
    return run.counts + states + again + Counter(operations=len(ee.made), **seen)


@contextmanager
def _quiet() -> Iterator[None]:
    """The services tell of every trouble; here that would be all there is to see."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)

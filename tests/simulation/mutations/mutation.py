"""What a mutation is, and which schedule tells of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.simulation.drawing.standing import FIRST
from tests.simulation.outcomes import judge_seed

# The deaf ones come first (see `schedule`): most starts go wrong in them.
_SEEDS = (*range(9, 300, 10), *range(60))
_LONG = range(FIRST, FIRST + 80)


@dataclass(frozen=True)
class Mutation:
    """A fault that is put into the services while a context lasts.

    `seed` is a schedule that is known to tell of it; `long`: schedules of weeks do.
    """

    put_in: Callable[[], AbstractContextManager[Any]]
    seed: int | None = None
    long: bool = False


def find_seed(mutation: Mutation) -> int | None:
    """Return the first seed that tells of a mutation, the known one before others; None if none."""
    with mutation.put_in():
        known = () if mutation.seed is None else (mutation.seed,)
        seeds = (*known, *(_LONG if mutation.long else _SEEDS))
        return next((seed for seed in seeds if judge_seed(seed, hasty=True).breaches), None)

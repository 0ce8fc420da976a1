"""What a mutation is, and which schedule tells of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.simulation.outcomes import judge_seed

# The deaf ones come first (see `schedule`): most starts go wrong in them.
_SEEDS = (*range(9, 300, 10), *range(60))


@dataclass(frozen=True)
class Mutation:
    """A fault that is put into the services while a context lasts.

    `seed` is a schedule that is known to tell of it.
    """

    put_in: Callable[[], AbstractContextManager[Any]]
    seed: int = 0


def find_seed(mutation: Mutation) -> int | None:
    """Return the first seed that tells of a mutation, the known one before others; None if none."""
    with mutation.put_in():
        seeds = (mutation.seed, *_SEEDS)
        return next((seed for seed in seeds if judge_seed(seed).breaches), None)

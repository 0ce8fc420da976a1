"""A fast test tries some of its many cases, and all of them as a long test (`soak`).

Which ones follows from S1RATIO_TEST_SEED, so that another seed tries others.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

SEED = 911140


def chosen_seed() -> int:
    """Return the seed that S1RATIO_TEST_SEED names, or always the same one."""
    return int(os.environ.get("S1RATIO_TEST_SEED", SEED))


def one_of(step: int) -> pytest.MarkDecorator:
    """Let a test run twice, with its argument `step`: so, and with 1 among the long tests."""
    whole = pytest.param(1, marks=pytest.mark.soak, id="whole")
    return pytest.mark.parametrize("step", [pytest.param(step, id=f"one of {step}"), whole])


def some_of(cases: Iterable[tuple[Any, ...]], step: int) -> list[Any]:
    """Return a test's cases, each a tuple of its arguments: one of `step` is fast, the rest long.

    Let `step` and the numbers of what is combined have no common divisor, so that each is tried.
    """
    every = list(cases)
    first = chosen_seed() % min(step, len(every) or 1)
    long = pytest.mark.soak
    return [
        pytest.param(*case, marks=[] if place % step == first else [long])
        for place, case in enumerate(every)
    ]


def sample(cases: Sequence[T], step: int) -> Sequence[T]:
    """Return every `step`-th case, the first of them by the seed; at least one, if there is any."""
    first = chosen_seed() % min(step, len(cases) or 1)
    return cases[first::step]

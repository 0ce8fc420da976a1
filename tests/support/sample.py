"""A fast test tries some of its many cases, and all of them as a long test (`soak`).

Which ones follows from S1RATIO_TEST_SEED, so that another seed tries others.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

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


def sample(cases: Sequence[T], step: int) -> Sequence[T]:
    """Return every `step`-th case, the first of them by the seed; at least one, if there is any."""
    first = chosen_seed() % min(step, len(cases) or 1)
    return cases[first::step]

"""The schedules are worth something: each fault put into the services is found within a few."""

import pytest

from tests.schedules.judged import judged
from tests.schedules.mutations import MUTATIONS

_SEEDS = [*range(9, 400, 10), *range(60)]  # the deaf ones first: see `schedule`


@pytest.mark.parametrize("fault", MUTATIONS)
def test_a_fault_in_the_services_is_found(fault: str) -> None:
    with MUTATIONS[fault]():
        assert any(judged(seed).breaches for seed in _SEEDS), f"nobody notices: {fault}"

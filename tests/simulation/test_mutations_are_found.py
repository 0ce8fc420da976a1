"""The schedules are worth something: each fault put into the services is found within a few."""

import pytest

from tests.simulation.mutations.faulty_services import MUTATIONS
from tests.simulation.outcomes import judge_seed

# After the one that is known to tell: the deaf ones (see `schedule`), then any.
_SEEDS = [*range(9, 400, 10), *range(60)]


@pytest.mark.parametrize("fault", MUTATIONS)
def test_a_fault_in_the_services_is_found(fault: str) -> None:
    mutation = MUTATIONS[fault]
    with mutation.put_in():
        found = any(judge_seed(seed).breaches for seed in [mutation.seed, *_SEEDS])
    assert found, f"nobody notices: {fault}"

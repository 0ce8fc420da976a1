"""The schedules are worth something: each fault put into the services is found within a few."""

import pytest

from tests.simulation.mutations.faulty_services import MUTATIONS
from tests.simulation.mutations.mutation import find_seed


@pytest.mark.parametrize("fault", MUTATIONS)
def test_a_fault_in_the_services_is_found(fault: str) -> None:
    assert find_seed(MUTATIONS[fault]) is not None, f"nobody notices: {fault}"

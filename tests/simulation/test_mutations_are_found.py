"""The schedules are worth something: each fault put into the services is found within a few."""

import pytest

from tests.simulation.mutations.faulty_services import MUTATIONS
from tests.simulation.mutations.mutation import find_seed

# Of those that schedules of weeks tell of, the quickest; the others are among the long tests.
_QUICK = frozenset(
    {
        "late scenes change nothing",
        "what becomes of a watch is not told",
        "an older revision replaces a newer",
        "a prediction starts an export",
        "a pass is missed after an hour",
    }
)
# Schedules shift with the services, and of these no seed is known by now: the long tests search.
_SEARCHED = frozenset(
    {
        "the ceiling of a day is ignored",
        "a single omission takes the next id",
        "the files' other writer is forgotten",
        "pixels of another graph are shared",
    }
)


def _is_long(fault: str) -> bool:
    return fault in _SEARCHED or (MUTATIONS[fault].long and fault not in _QUICK)


_FAULTS = [
    pytest.param(fault, marks=[pytest.mark.soak] if _is_long(fault) else []) for fault in MUTATIONS
]


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_fault_in_the_services_is_found(fault: str) -> None:
    assert find_seed(MUTATIONS[fault]) is not None, f"nobody notices: {fault}"

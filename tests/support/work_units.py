"""What one process of a run does as a whole: a file, or a room whose files share what is dear.

pytest-xdist's own mark for that, `xdist_group`, does nothing with this pytest, and without it each
process makes what the tests of a file share: `--dist loadfile` is ours instead.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# They share plans of terraform, which a process keeps; or each has half a dozen processes, and
# leases that run by the wall's clock.
ROOMS = ("tests/journey/", "tests/infra/")
# What is long would be waited for if it came last. The longest first.
LONG = (
    *ROOMS,
    "tests/simulation/test_random_schedules.py",
    "tests/contract/test_wheel.py",
    "tests/functions/test_hostile_corpus.py",
    "tests/contract/test_notebook_code.py",
    "tests/simulation/test_mutations_are_found.py",
    "tests/simulation/test_busy_queue.py",
)


class WorkUnits(LoadScopeScheduling):  # type: ignore[misc]  # it has no types
    """Hands out rooms and files to processes, in the order of their tests."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # what has the most tests is not the longest
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """Return the name of the unit that a test belongs to."""
    path = nodeid.partition("::")[0]
    return next((room for room in ROOMS if path.startswith(room)), path)


def longest_first(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return tests in the order in which their units are begun; else they stay as they are."""
    places = {unit: place for place, unit in enumerate(LONG)}
    return sorted(items, key=lambda item: places.get(unit_of(item.nodeid), len(LONG)))

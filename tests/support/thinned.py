"""Long tables of cases that cost much together: the fast tests take some rows, soak takes all.

Which ones follows from S1RATIO_TEST_SEED, as in `sample.py`, which is for a single test.
"""

from collections.abc import Sequence

import pytest

from tests.support.sample import chosen_seed

# One of how many cases of each test in a file is fast.
THINNED = {
    "tests/contract/pixels/test_fields.py": 3,
    "tests/contract/test_object_store_wire.py": 2,
    "tests/contract/test_store_faults.py": 2,
    "tests/unit/adapters/bucket/test_area.py": 3,
    "tests/unit/adapters/bucket/test_raster_reader.py": 3,
    "tests/unit/adapters/test_feeds.py": 2,
    "tests/unit/cli/test_streams.py": 5,
    "tests/unit/pictures/test_drawing.py": 3,
    "tests/unit/services/alerts/test_watches.py": 2,
    "tests/unit/services/commands/test_retry_parts.py": 3,
    "tests/unit/services/following/test_clocks.py": 3,
    "tests/unit/services/following/test_two_stores.py": 3,
    "tests/unit/services/requesting/test_expire.py": 3,
    "tests/unit/services/requesting/test_kept_defaults.py": 3,
    "tests/unit/services/requesting/test_old_passes.py": 3,
    "tests/unit/services/requesting/test_search.py": 3,
    "tests/unit/services/requesting/test_tightened_limits.py": 3,
    "tests/unit/services/starting/test_makers.py": 3,
    "tests/unit/services/verifying/test_implausible_files.py": 3,
    "tests/unit/services/waiting/test_outage.py": 2,
}


def mark_long_cases(items: Sequence[pytest.Item]) -> None:
    """Mark those cases of thinned tables as long which the fast tests leave out.

    Of each test at least one case stays fast.
    """
    cases: dict[tuple[str, str], list[pytest.Item]] = {}
    for item in items:
        path = item.nodeid.partition("::")[0]
        if path in THINNED:
            name = item.nodeid.partition("[")[0]
            cases.setdefault((path, name), []).append(item)
    for (path, _), each in cases.items():
        step = THINNED[path]
        first = chosen_seed() % min(step, len(each))
        for place, item in enumerate(each):
            if place % step != first:
                item.add_marker(pytest.mark.soak)

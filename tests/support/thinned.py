"""Long tables of cases that cost much together: the fast tests take some rows, soak takes all.

Which ones follows from S1RATIO_TEST_SEED, as in `sample.py`, which is for a single test.
"""

from collections.abc import Sequence

import pytest

from tests.support.sample import chosen_seed

# One of how many cases is fast: of each test of a file, of one test that is named, or of each test
# with many cases in a folder.
THINNED = {
    "tests/contract/pixels/test_ascending_node.py": 3,
    "tests/contract/pixels/test_edges.py::test_quarters_of_quarters_join_without_a_seam": 2,
    "tests/contract/pixels/test_fields.py": 5,
    "tests/contract/pixels/test_notebook.py": 2,
    "tests/contract/test_earthengine_command.py": 3,
    "tests/contract/test_object_store_wire.py": 2,
    "tests/contract/test_store_faults.py": 2,
    "tests/contract/test_store_room.py": 3,
    "tests/infra/test_cloudbuild.py": 3,
    "tests/infra/test_validation.py": 2,
    "tests/simulation/test_mutations_are_found.py": 3,
    "tests/unit/adapters/bucket/test_area.py": 5,
    "tests/unit/adapters/bucket/test_raster_reader.py": 3,
    "tests/unit/adapters/test_feeds.py": 2,
    "tests/unit/adapters/test_logs.py": 2,
    "tests/unit/aoi/test_areas.py::test_an_evil_shape_is_judged_fast": 3,
    "tests/unit/cli/test_help.py": 4,
    "tests/unit/cli/test_streams.py": 5,
    "tests/unit/embedded/test_whole_file.py": 5,
    "tests/unit/imagery/test_kept_bodies.py": 3,
    "tests/unit/local_earthengine/": 2,
    "tests/unit/local_earthengine/algorithms/arrays/test_senseless_chains.py": 4,
    "tests/unit/local_earthengine/algorithms/collections/test_late_filters.py": 5,
    "tests/unit/local_earthengine/algorithms/geometry/test_longitudes.py": 3,
    "tests/unit/local_earthengine/algorithms/images/test_regions.py": 3,
    "tests/unit/local_earthengine/expression/test_senseless_calls.py": 3,
    "tests/unit/local_earthengine/scenes/stac/test_georeference.py": 3,
    "tests/unit/local_earthengine/scenes/synthetic/test_belts.py": 3,
    "tests/unit/local_earthengine/scenes/synthetic/test_catalog.py": 3,
    "tests/unit/pictures/test_drawing.py": 3,
    "tests/unit/pictures/test_overview.py": 2,
    "tests/unit/pictures/test_scales.py": 5,
    "tests/unit/request/test_parsing.py": 3,
    "tests/unit/services/": 2,
    "tests/unit/services/alerts/test_hostile_messages.py": 2,
    "tests/unit/services/alerts/test_random_watches.py": 3,
    "tests/unit/services/alerts/test_watches.py": 2,
    "tests/unit/services/commands/test_retry_parts.py": 3,
    "tests/unit/services/commands/test_retry_periods.py": 3,
    "tests/unit/services/commands/test_sweep_fairness.py": 3,
    "tests/unit/services/following/test_clocks.py": 3,
    "tests/unit/services/following/test_moved_stores.py": 3,
    "tests/unit/services/following/test_odd_operations.py": 3,
    "tests/unit/services/following/test_orphans.py": 3,
    "tests/unit/services/following/test_refused_again.py": 3,
    "tests/unit/services/following/test_two_stores.py": 3,
    "tests/unit/services/regions/test_random_lives.py": 2,
    "tests/unit/services/regions/test_region_estimates.py": 3,
    "tests/unit/services/requesting/test_expire.py": 3,
    "tests/unit/services/requesting/test_growth.py": 3,
    "tests/unit/services/requesting/test_kept_defaults.py": 3,
    "tests/unit/services/requesting/test_old_passes.py": 3,
    "tests/unit/services/requesting/test_reopened.py": 3,
    "tests/unit/services/requesting/test_search.py": 3,
    "tests/unit/services/requesting/test_tightened_limits.py": 5,
    "tests/unit/services/starting/test_followed_fates.py": 3,
    "tests/unit/services/starting/test_makers.py": 3,
    "tests/unit/services/starting/test_refusals.py": 2,
    "tests/unit/services/starting/test_split.py": 2,
    "tests/unit/services/storing/test_leftover_events.py": 3,
    "tests/unit/services/verifying/test_implausible_files.py": 5,
    "tests/unit/services/verifying/test_late_files.py": 3,
    "tests/unit/services/waiting/test_outage.py": 2,
    "tests/unit/services/waiting/test_refused_records.py": 3,
    "tests/unit/test_ground_tracks.py": 2,
}


_MANY = 4


def thinned_paths() -> list[str]:
    """Return the folders with such tables, and the files elsewhere."""
    paths = {name.partition("::")[0] for name in THINNED}
    folders = tuple(path for path in paths if path.endswith("/"))
    return sorted(path for path in paths if path in folders or not path.startswith(folders))


def mark_long_cases(items: Sequence[pytest.Item]) -> None:
    """Mark those cases of thinned tables as long which the fast tests leave out.

    Of each test at least one case stays fast.
    """
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("soak") is None:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for name, each in cases.items():
        step = _step(name, len(each))
        first = chosen_seed() % min(step, len(each))
        for place, item in enumerate(each):
            if place % step != first:
                item.add_marker(pytest.mark.soak)


def _step(name: str, cases: int) -> int:
    """Return one of how many cases of a test is fast."""
    path = name.partition("::")[0]
    if step := THINNED.get(name) or THINNED.get(path):
        return step
    folders = [each for folder, each in THINNED.items() if path.startswith(folder)]
    return folders[0] if folders and cases >= _MANY else 1

"""Earth Engine's queue while there is work: how full it is kept, and what an area costs.

Ten times the areas in ten times the room: the same ticks, so that the cost of one can be compared.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.busy_queue import BusyQueue, Found

pytestmark = pytest.mark.bench

SIZES = ((10, 3), (100, 27), (1_000, 270), (10_000, 2_700))  # areas, room
LEAST_USED = 0.98
MOST_GROWTH = 1.1


def _live_through(folder: Path, areas: int, room: int) -> Found:
    folder.mkdir()
    queue = BusyQueue(folder, areas, room)
    try:
        return queue.live_through()
    finally:
        queue.close()


def test_the_queue_is_kept_full_and_costs_grow_with_the_areas(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    every = [_live_through(tmp_path / f"{areas}", areas, room) for areas, room in SIZES]
    for found in every:
        record_property(
            "figures",
            f"{found.areas:,} areas: {100 * found.used:.1f} % of the room used in {found.ticks} "
            f"ticks; an area cost {found.reads_each:.1f} documents read, {found.writes_each:.1f} "
            f"written; {found.refused_alone} starts met a full queue alone, "
            f"{found.refused_beside_others} beside others",
        )
        assert found.ended == found.areas
        assert found.refused_alone == 0
    *_, thousand, most = every
    for found in (thousand, most):
        assert found.used >= LEAST_USED
    assert most.reads_each <= MOST_GROWTH * thousand.reads_each
    assert most.writes_each <= MOST_GROWTH * thousand.writes_each

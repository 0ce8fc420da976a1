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
MOST_CPU_GROWTH = 1.5  # other programs share the machine; a cost of n log n would be 1.33


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
            f"written, {found.calls_each:.1f} calls of the store, {found.cpu_ms_each:.1f} ms of "
            f"CPU; {found.refused_alone} starts met a full queue alone, "
            f"{found.refused_beside_others} beside others",
        )
        assert found.ended == found.areas
        assert found.refused_alone == 0
    *_, thousand, most = every
    for found in (thousand, most):
        assert found.used >= LEAST_USED
    growth = {
        what: getattr(most, what) / getattr(thousand, what)
        for what in ("reads_each", "writes_each", "calls_each", "cpu_ms_each")
    }
    ratios = ", ".join(f"{what.removesuffix('_each')} × {by:.2f}" for what, by in growth.items())
    record_property("figures", f"an area's cost, of ten times as many: {ratios}")
    cpu = growth.pop("cpu_ms_each")
    assert max(growth.values()) <= MOST_GROWTH
    assert cpu <= MOST_CPU_GROWTH

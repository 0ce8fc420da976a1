"""The queue is kept full while there is work, and never overflows by our own doing."""

from pathlib import Path

import pytest

from tests.support.busy_queue import BusyQueue, Found


def _live_through(folder: Path, areas: int, room: int, **named: object) -> Found:
    queue = BusyQueue(folder, areas, room, **named)  # type: ignore[arg-type]
    try:
        return queue.live_through()
    finally:
        queue.close()


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_the_room_is_used_while_there_is_work(seed: int, tmp_path: Path) -> None:
    found = _live_through(tmp_path, areas=120, room=20, seed=seed)
    assert found.ended == found.areas
    assert found.used >= 0.9, "a small queue: one place is a twentieth"
    assert found.refused_alone == 0


def test_few_areas_need_no_queue(tmp_path: Path) -> None:
    found = _live_through(tmp_path, areas=10, room=20)
    assert (found.ended, found.refused_alone) == (10, 0)

"""What a tick takes follows what changed, not what there is: neither history nor the full queue."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scale.crowd import Crowd, Tick

Figures = Callable[[str, object], None]
_STANDING = (
    40  # reads of a tick in which nothing changed: some twenty questions, however many tasks
)


def _ticks(folder: Path, history: int, active: int, changes: int) -> tuple[Tick, Tick]:
    """Return an ordinary tick with so many changes, and one that reconciles all."""
    folder.mkdir()
    crowd = Crowd(folder, history, active)
    try:
        crowd.settle_in()
        ordinary = crowd.tick(changes)
        return ordinary, crowd.tick(0, minutes=61)
    finally:
        crowd.close()


def _told(name: str, tick: Tick) -> str:
    return (
        f"{name}: {tick.requests} Earth Engine requests, {tick.reads} documents read "
        f"(+ {tick.counts} for counts), {tick.writes} written, "
        f"{tick.seconds:.2f} s CPU, {tick.megabytes:.0f} MB"
    )


def _documents(tick: Tick) -> tuple[int, int, int]:
    return tick.requests, tick.reads, tick.writes


def _compare(folder: Path, history: int, active: int, figures: Figures) -> None:
    changes = active // 100
    small, whole_small = _ticks(folder / "small", history - active, active, changes)
    large, whole_large = _ticks(folder / "large", 10 * history - active, active, changes)
    for name, tick in (("a tick", small), ("reconciliation", whole_small)):
        figures(
            "figures", _told(f"{history} tasks, {active} active, {changes} changed, {name}", tick)
        )
    for name, tick in (("a tick", large), ("reconciliation", whole_large)):
        figures("figures", _told(f"{10 * history} tasks, the same, {name}", tick))
    assert _documents(large) == _documents(small), "history costs nothing"
    assert _documents(whole_large) == _documents(whole_small)
    assert large.counts == small.counts
    assert large.megabytes < 2 * small.megabytes + 1
    fewer, _ = _ticks(folder / "fewer", history // 10, active, changes // 3)
    per_change = (small.reads - fewer.reads) / (changes - changes // 3)
    standing = small.reads - per_change * changes
    assert standing < _STANDING, f"{standing} documents are read without any change"


def test_a_tick_costs_the_same_at_ten_times_the_history(
    tmp_path: Path, record_property: Figures
) -> None:
    _compare(tmp_path, 1_000, 100, record_property)


@pytest.mark.soak
def test_a_tick_costs_the_same_at_ten_times_the_history_in_full(
    tmp_path: Path, record_property: Figures
) -> None:
    _compare(tmp_path, 100_000, 3_000, record_property)

"""What a tick of the regions reads and writes, beside what is due: 10,000 regions in the store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.sqlite import SqliteDatabase
from tests.support.billed_database import MeteredDatabase
from tests.support.simulated.regions import RegionWorld, region_data

pytestmark = pytest.mark.bench

REGIONS = 10_000
A_FIRST = datetime(2024, 7, 1, 2, tzinfo=UTC)
_CHUNK = 200


def crowded(folder: Path, regions: int) -> tuple[RegionWorld, MeteredDatabase]:
    """Return a world with so many regions; the first is the pattern of all."""
    folder.mkdir()
    world = RegionWorld(folder)
    world.store.close()  # type: ignore[attr-defined]
    database = MeteredDatabase(SqliteDatabase(folder / "crowd.db", 20))
    world.store = DocumentStore(database)
    world.held_back = True
    world.apply(region_data("r0"))
    pattern = replace(world.region("r0"), version=None)
    text = pattern.text
    for begin in range(1, regions, _CHUNK):
        world.store.commit_regions(
            [
                replace(
                    pattern,
                    id=f"r{number}",
                    text=text.replace('"id": "r0"', f'"id": "r{number}"'),
                    due_at=A_FIRST + timedelta(days=365),
                )
                for number in range(begin, min(begin + _CHUNK, regions))
            ]
        )
    return world, database


def tick(world: RegionWorld, database: MeteredDatabase, due: int) -> tuple[int, int, int]:
    """Make so many regions due, and tick; return documents read, written, and lists of scenes."""
    names = [f"r{number}" for number in range(due)]
    found = world.store.get_regions(names)
    for begin in range(0, due, _CHUNK):
        some = names[begin : begin + _CHUNK]
        world.store.commit_regions([replace(found[name], due_at=A_FIRST) for name in some])
    world.go_to(A_FIRST)
    database.reset()
    report = world.refresh()
    assert report.requested == due
    return database.meter.reads, database.meter.writes, report.calls


@pytest.mark.parametrize("due", [10, 100])
def test_what_a_tick_costs_follows_what_is_due(
    due: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    few, many = (crowded(tmp_path / str(count), count) for count in (REGIONS // 10, REGIONS))
    small, large = tick(*few, due), tick(*many, due)
    assert large == small, "regions that are not due cost nothing"
    reads, writes, calls = large
    assert reads <= 3 * due + 10
    assert writes <= 3 * due + 10
    assert calls == -(-due // 50)
    record_property(
        "figures",
        f"{REGIONS} regions, {due} due: {reads} documents read, {writes} written, "
        f"{calls} lists of scenes",
    )
    for world, _ in (few, many):
        world.close()

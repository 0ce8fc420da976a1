"""The fleet as the product knows it, and what it says of periods that cross its epochs."""

from datetime import UTC, date, datetime, time

import pytest

from local_earthengine.scenes.fleet import PLATFORMS
from s1ratio.orbits import FLEET, fleet_notes

ALL = ("A", "B", "C", "D")


def test_the_product_and_the_local_earth_engine_know_one_fleet() -> None:
    # They may not import each other, so each has its table.
    def midnight(day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day, time(), UTC)

    ours = {
        name: [
            (
                epoch.offset,
                epoch.first_orbit,
                midnight(epoch.first_day),
                midnight(epoch.end_day),
                epoch.anchor_orbit,
                epoch.anchor_time,
            )
            for epoch in epochs
        ]
        for name, epochs in FLEET.items()
    }
    theirs = {
        name: [
            (
                epoch.offset,
                epoch.first_orbit,
                epoch.first_day,
                epoch.end_day,
                epoch.anchor_orbit,
                epoch.anchor_time,
            )
            for epoch in platform.epochs
        ]
        for name, platform in PLATFORMS.items()
    }
    assert ours == theirs


@pytest.mark.parametrize(
    ("platforms", "start", "end", "told"),
    [
        (ALL, "2018-10-01", "2021-12-01", []),
        (ALL, "2022-01-01", "2025-01-01", []),  # B is over, and nobody asked for it alone
        (ALL, "2026-08-01", "2026-12-01", []),
        (ALL, "2021-12-01", "2022-02-01", ["1B has no data from 2021-12-23 on"]),
        (ALL, "2016-09-01", "2016-10-01", ["1B has data from 2016-09-26 on"]),
        (ALL, "2026-04-01", "2026-05-01", ["1D has data from 2026-04-14 on"]),
        (
            ALL,
            "2026-06-01",
            "2026-07-01",
            [
                "1A has no data from 2026-06-29 on",
                "1C has no data from 2026-06-08 until 2026-06-24",
            ],
        ),
        (
            ("C", "D"),
            "2026-06-10",
            "2026-06-20",
            ["1C has no data of the period: from 2025-03-26 to 2026-06-07, then"],
        ),
        (("A", "B"), "2023-01-01", "2023-03-01", ["1B has no data of the period: from 2016"]),
        (("A",), "2026-07-01", "2026-08-01", ["no data of the period are to be expected: "]),
        (ALL, "2014-01-01", "2014-10-03", ["no data of the period are to be expected: "]),
        (("A",), "2026-06-28", "2026-06-29", []),
        (("D",), "2026-04-14", "2026-04-15", []),
    ],
)
def test_a_period_is_told_what_happens_to_the_fleet_in_it(
    platforms: tuple[str, ...], start: str, end: str, told: list[str]
) -> None:
    notes = fleet_notes(platforms, date.fromisoformat(start), date.fromisoformat(end))
    for note, words in zip(notes, told, strict=True):
        assert words in note

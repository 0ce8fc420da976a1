"""What a band's values may be, as far as the request decides it."""

import pytest

from s1ratio.services.verifying.limits import limits_of
from tests.support.messages import read


@pytest.mark.parametrize(
    ("start", "end", "platforms", "most"),
    [
        ("2026-08-01", "2026-08-02", ["C"], 2),
        ("2026-08-01", "2026-08-31", ["C", "D"], 120),
        ("2026-08-16T10:00:00Z", "2026-08-17", ["C"], 2),
        ("2026-08-16", "2026-08-17T10:00:00+02:00", ["C"], 4),
        ("2026-08-16T10:00:00Z", "2026-08-16T11:00:00Z", ["C", "D"], 4),
        ("2026-08-16T10:00:00Z", "2026-08-18T10:00:00Z", ["A", "C"], 8),
    ],
)
def test_passes_are_no_more_than_two_a_day_and_platform(
    start: str, end: str, platforms: list[str], most: float
) -> None:
    request = read(start=start, end=end, platforms=platforms, statistics=["count"]).request
    (band,) = limits_of(request)
    assert (band.low, band.high) == (0, most)

"""What a band's values may be follows from its request, however its period is written."""

import json

import pytest

from s1ratio.request import CompositeRequest
from s1ratio.services.verifying.limits import limits_of

SQUARE = [[[13.0, 52.0], [13.1, 52.0], [13.1, 52.1], [13.0, 52.1], [13.0, 52.0]]]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-08-16", "2026-08-17", 1),
        ("2026-08-16", "2026-09-16", 31),
        ("2026-08-16T05:00:00Z", "2026-08-16T07:00:00Z", 1),
        ("2026-08-16T22:00:00Z", "2026-08-18T01:00:00Z", 2),
        ("2026-08-16", "2026-08-16T10:00:00Z", 1),
        ("2026-08-16T10:00:00Z", "2026-08-18", 2),
        ("2026-08-16T00:00:00+02:00", "2026-08-17T00:00:00+02:00", 1),
    ],
)
def test_as_many_passes_may_be_counted_as_the_days_of_the_period_have(
    start: str, end: str, days: int
) -> None:
    area = {"type": "Polygon", "coordinates": SQUARE}
    text = {"aoi": area, "start": start, "end": end, "platforms": ["A", "C"]}
    request = CompositeRequest.model_validate_json(json.dumps(text))
    count = limits_of(request)[-1]
    assert count.is_count
    assert (count.low, count.high) == (0, 2 * days * 2), "two slices of a pass, two satellites"

"""Decoders of times and places, form by form."""

from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from pyproj import Geod

from s1ratio.alerts.places import place_of, read_place, text_of, united_place
from s1ratio.alerts.times import read_time

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("iso", "2026-03-04T06:00:00Z", (6, 0, 0)),
        ("iso", "2026-03-04T06:00:00", (6, 0, 0)),
        ("iso", "2026-03-04T13:00:00+07:00", (6, 0, 0)),
        ("iso", "2026-03-04T06:00:00.1234567Z", (6, 0, 0, 123000)),
        ("iso", "2026-03-04T06:00:00-00:00", (6, 0, 0)),
        ("iso", "2026-03-04", (0, 0)),
        ("epoch_ms", 1772604000123, (6, 0, 0, 123000)),
        ("epoch_ms", "1772604000000", (6, 0, 0)),
        ("rfc822", "Wed, 04 Mar 2026 06:00:00 GMT", (6, 0, 0)),
        ("rfc822", "Wed, 04 Mar 2026 13:00:00 +0700", (6, 0, 0)),
        ("date", "2026-03-04", (0, 0)),
        ("date", "2026-03-04T23:00:00Z", (0, 0)),
        ("date_hhmm", ["2026-03-04", "7"], (0, 7)),
        ("date_hhmm", ["2026-03-04", "0007"], (0, 7)),
        ("date_hhmm", ["2026-03-04", 536], (5, 36)),
        ("date_hhmm", "2026-03-04 1742", (17, 42)),
    ],
)
def test_a_time_is_read(form: str, value: Any, expected: tuple[int, ...]) -> None:
    hour, minute, second, fraction = (*expected, 0, 0)[:4]
    time = datetime(2026, 3, 4, hour, minute, second, fraction, tzinfo=UTC)
    assert read_time(form, value) == time


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("iso", None),
        ("iso", 5),
        ("iso", "yesterday"),
        ("iso", "0001-01-01T00:00:00Z"),
        ("iso", "9999-12-31T23:59:59-12:00"),
        ("epoch_ms", True),
        ("epoch_ms", float("inf")),
        ("epoch_ms", 1e30),
        ("epoch_ms", 0),
        ("rfc822", "Wed"),
        ("rfc822", None),
        ("date", "04/03/2026"),
        ("date", 20260304),
        ("date_hhmm", ["2026-03-04", "2460"]),
        ("date_hhmm", ["2026-03-04", "12345"]),
        ("date_hhmm", ["2026-03-04", None]),
        ("date_hhmm", []),
    ],
)
def test_what_is_no_time_is_refused_in_words(form: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"no time as|before 1970"):
        read_time(form, value)


SQUARE = "POLYGON ((34 -20, 35 -20, 35 -19, 34 -19, 34 -20))"


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("geojson", {"type": "Point", "coordinates": [34, -20, 10.5]}, "POINT (34 -20)"),
        ("geojson", {"type": "Feature", "geometry": None}, None),
        (
            "geojson",
            {
                "type": "Polygon",
                "coordinates": [[[34, -20], [35, -20], [35, -19], [34, -19], [34, -20]]],
            },
            SQUARE,
        ),
        ("lonlat", [34, -20], "POINT (34 -20)"),
        ("lonlat", ["34.0", "-20.0"], "POINT (34 -20)"),
        ("lonlat", [None, None], None),
        ("wkt", "POINT (34 -20)", "POINT (34 -20)"),
        ("wkt", "SRID=4326;POINT (34 -20)", "POINT (34 -20)"),
        ("wkt", [SQUARE], SQUARE),
        ("wkt", [], None),
        ("cap_polygon", ["-20,34 -20,35 -19,35 -19,34 -20,34"], SQUARE),
        ("cap_polygon", "-20, 34 -20, 35 -19, 35 -19, 34", SQUARE),  # spaces; not closed
        ("cap_polygon", None, None),
        ("cap_circle", ["-20,34 0"], "POINT (34 -20)"),
    ],
)
def test_a_place_is_read(form: str, value: Any, expected: str | None) -> None:
    place = united_place(read_place(form, value))
    if expected is None:
        assert place is None
    else:
        assert place is not None
        assert shapely.equals(place, shapely.from_wkt(expected))
        assert place_of(text_of(place)).equals(place)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("geojson", {"type": "Point", "coordinates": [200, 0]}),
        ("geojson", {"type": "Point", "coordinates": ["34", "-20"]}),
        ("geojson", {"type": "Point", "coordinates": [float("nan"), 0]}),
        ("geojson", {"type": "Sphere", "coordinates": [1, 2]}),
        ("geojson", {"coordinates": [1, 2]}),
        ("geojson", {"type": "Polygon", "coordinates": [[[0, 0]] * 10_001]}),
        ("geojson", "POINT (1 2)"),
        ("lonlat", [34]),
        ("lonlat", [34, None]),
        ("lonlat", ["x", "y"]),
        ("lonlat", [True, False]),
        ("lonlat", [-20, 134]),
        ("wkt", "CIRCLE (0 0)"),
        ("wkt", "GEOMETRYCOLLECTION (" * 50_000),
        ("wkt", "POLYGON ((0 0, 1 1"),
        ("wkt", "POINT (1e999 0)"),
        ("cap_polygon", ["34,-20,0 35,-20 36,-20"]),
        ("cap_polygon", ["-20 34 -20 35"]),
        ("cap_polygon", ["-20,34 -20,35"]),
        ("cap_circle", ["-20,34"]),
        ("cap_circle", ["-20,34 -5"]),
        ("cap_circle", ["-20,34 9999"]),
        ("cap_circle", [5]),
    ],
)
def test_what_is_no_place_is_refused_in_words(form: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        united_place(read_place(form, value))


def test_cap_s_latitude_comes_first_and_its_radius_is_kilometres() -> None:
    place = united_place(read_place("cap_circle", ["-19.83,34.84 12.5"]))
    assert place is not None
    lons, lats = zip(*place.exterior.coords, strict=True)
    _, _, metres = GEOD.inv([34.84] * len(lons), [-19.83] * len(lons), lons, lats)
    assert metres == pytest.approx([12_500] * len(lons), abs=2)


def test_all_polygons_of_a_warning_are_one_place() -> None:
    two = ["0,0 0,1 1,1 1,0 0,0", "0,0.5 0,2 1,2 1,0.5 0,0.5"]
    place = united_place(read_place("cap_polygon", two))
    assert place is not None
    assert place.area == pytest.approx(2.0)


def test_across_the_antimeridian_a_place_is_one_picture() -> None:
    ring = ["-17,179 -17,-179 -16,-179 -16,179 -17,179"]
    place = united_place(read_place("cap_polygon", ring))
    assert place is not None
    assert place.bounds[2] - place.bounds[0] == pytest.approx(2)


def test_an_outline_that_crosses_itself_is_its_hull() -> None:
    """Feeds send such: an alert is not to be lost for it."""
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    place = united_place(read_place("geojson", bow))
    assert place is not None
    assert place.area == pytest.approx(1.0)

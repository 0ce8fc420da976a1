"""Every field of the message: what it takes, what it refuses, and in which words."""

import json
from datetime import date
from typing import Any

import pytest

from s1ratio.request import Limits
from s1ratio.request.reader import stored_request
from tests.support.messages import message, read, refused

ACCEPTED: list[tuple[str, Any]] = [
    ("version", 1),
    ("request_id", "a"),
    ("request_id", "0-" + "a" * 38),
    ("preset", "default"),
    ("preset", "notebook"),
    ("collection", "COPERNICUS/S1_GRD"),
    ("collection", "COPERNICUS/S1_GRD_FLOAT"),
    ("orbits", [1, 175]),
    ("direction", "ASCENDING"),
    ("direction", "BOTH"),
    ("platforms", ["C", "A"]),
    ("angle", "none"),
    ("angle", "gt40"),
    ("angle", {"min": 30}),
    ("angle", {"min": 30.5, "max": 45}),
    ("speckle", {"filter": "none"}),
    ("speckle", {"filter": "focal_median", "radius_m": 100}),
    ("speckle", {"filter": "boxcar", "size_px": 7}),
    (
        "products",
        ["vvvh_db", "vvvh_linear", "vvdvh_notebook", "vv_db", "vh_db", "vv_linear", "vh_linear"],
    ),
    ("valid_range", None),
    ("valid_range", {"vvvh_db": None}),
    ("valid_range", {"vvvh_db": [-3, 20.5]}),
    ("statistics", ["median", "stdDev", "mean", "min", "max", "count"]),
    ("grid", {"crs": "utm", "scale": 10}),
    ("grid", {"crs": "EPSG:4326", "scale": 25.5}),
    ("grid", {"crs": "EPSG:3857"}),
    ("grid", {"scale": 10, "oversample": True}),
    ("grid", {"scale": 9.99, "oversample": True}),
    ("grid", {"crs": "EPSG:4326", "scale": 5, "oversample": True}),
    ("clip", False),
    ("destination", {"kind": "gcs", "prefix": "team/a_b.c=1"}),
    ("destination", {"kind": "gcs", "prefix": "smoke-test"}),
    ("destination", {"kind": "gcs", "prefix": "team/smoke"}),
    ("destination", {"kind": "gcs", "prefix": "catalogue/x"}),
    ("priority", 0),
    ("priority", 9999),
    ("labels", {f"label-{i}": "x" * 63 for i in range(32)}),
    ("labels", {"Straße": "öäü 😀"}),
]

REFUSED: list[tuple[str, Any, str, str]] = [
    ("version", 2, "version", "1"),
    ("version", "1", "version", "1"),
    ("version", True, "version", "1"),
    ("version", 1.0, "version", "1"),
    ("request_id", "", "request_id", "must match"),
    ("request_id", "-a", "request_id", "must match"),
    ("request_id", "A", "request_id", "must match"),
    ("request_id", "a\n", "request_id", "must match"),
    ("request_id", "a" * 41, "request_id", "must match"),
    ("request_id", 5, "request_id", "must be a string"),
    ("aoi", ..., "aoi", "required"),
    ("start", ..., "start", "required"),
    ("end", ..., "end", "required"),
    ("start", "2020-1-1", "start", "YYYY-MM-DD"),
    ("start", "2020-02-30", "start", "no day"),
    ("start", "2020-W01-1", "start", "YYYY-MM-DD"),
    ("start", "２０２０-01-01", "start", "YYYY-MM-DD"),
    ("start", 20200101, "start", "YYYY-MM-DD"),
    ("start", None, "start", "YYYY-MM-DD"),
    ("end", "2020-01-01", "end", "empty"),
    ("end", "2019-12-31", "end", "backwards"),
    ("end", "2030-01-11", "end", "at most 3660"),
    ("end", "9999-12-31", "end", "too far in the future"),
    ("preset", "notebok", "preset", "'default' or 'notebook'"),
    ("preset", ["notebook"], "preset", "'default' or 'notebook'"),
    ("preset", {"a": 1}, "preset", "'default' or 'notebook'"),
    ("preset", None, "preset", "'default' or 'notebook'"),
    ("collection", "COPERNICUS/S2", "collection", "COPERNICUS/S1_GRD"),
    ("orbits", [], "orbits", "at least 1"),
    ("orbits", [0], "orbits[0]", "at least 1"),
    ("orbits", [1, 176], "orbits[1]", "at most 175"),
    ("orbits", [7, 7], "orbits", "twice"),
    ("orbits", [True], "orbits[0]", "whole number"),
    ("orbits", [7.5], "orbits[0]", "whole number"),
    ("orbits", 131, "orbits", "must be a list"),
    ("direction", "Ascending", "direction", "'ASCENDING'"),
    ("platforms", [], "platforms", "at least 1"),
    ("platforms", ["A", "E"], "platforms[1]", "'A', 'B', 'C' or 'D'"),
    ("platforms", ["A", "A"], "platforms", "twice"),
    ("platforms", [{}], "platforms[0]", "'A', 'B', 'C' or 'D'"),
    ("platforms", "A", "platforms", "must be a list"),
    ("angle", "hirt", "angle", "'hird'"),
    ("angle", {}, "angle", "min, max or both"),
    ("angle", {"min": 45, "max": 30}, "angle", "less than max"),
    ("angle", {"min": 30, "max": 30}, "angle", "less than max"),
    ("angle", {"min": -1}, "angle.min", "at least 0"),
    ("angle", {"max": 90.5}, "angle.max", "at most 90"),
    ("angle", {"min": "30"}, "angle.min", "must be a number"),
    ("angle", {"minimum": 30}, "angle.minimum", "unknown field"),
    ("speckle", "none", "speckle", "must be an object"),
    ("speckle", {}, "speckle", "filter"),
    ("speckle", {"filter": "lee"}, "speckle", "'focal_median'"),
    ("speckle", {"filter": "focal_median", "radius_m": 0}, "speckle.radius_m", "greater than 0"),
    ("speckle", {"filter": "focal_median", "radius_m": 1e4}, "speckle.radius_m", "at most 1000"),
    ("speckle", {"filter": "boxcar", "size_px": 4}, "speckle.size_px", "odd"),
    ("speckle", {"filter": "boxcar", "size_px": 1}, "speckle.size_px", "at least 3"),
    ("speckle", {"filter": "boxcar", "radius_m": 10}, "speckle.radius_m", "unknown field"),
    ("products", [], "products", "at least 1"),
    ("products", ["ratio"], "products[0]", "'vvvh_db'"),
    ("products", ["vv_db", "vv_db"], "products", "twice"),
    ("valid_range", {"vv_db": [-30, 0]}, "valid_range.vv_db", "not among `products`"),
    ("valid_range", {"ratio": [-30, 0]}, "valid_range.ratio", "'vvvh_db'"),
    ("valid_range", {"vvvh_db": [5, 5]}, "valid_range.vvvh_db", "less than the upper"),
    ("valid_range", {"vvvh_db": [5]}, "valid_range.vvvh_db[1]", "required"),
    ("valid_range", {"vvvh_db": [1, 2, 3]}, "valid_range.vvvh_db", "at most 2"),
    ("valid_range", {"vvvh_db": ["1", 2]}, "valid_range.vvvh_db[0]", "must be a number"),
    ("valid_range", {"vvvh_db": [True, 2]}, "valid_range.vvvh_db[0]", "must be a number"),
    ("valid_range", [-5, 30], "valid_range", "must be an object"),
    ("statistics", [], "statistics", "at least 1"),
    ("statistics", ["stddev"], "statistics[0]", "'stdDev'"),
    ("grid", "utm", "grid", "must be an object"),
    ("grid", {"crs": "UTM"}, "grid.crs", "must match"),
    ("grid", {"crs": "EPSG:04326"}, "grid.crs", "must match"),
    ("grid", {"crs": "EPSG:999999"}, "grid.crs", "unknown"),
    ("grid", {"crs": "EPSG:2263"}, "grid.crs", "not in metres"),
    ("grid", {"crs": "EPSG:4269"}, "grid.crs", "use EPSG:4326"),
    ("grid", {"crs": "EPSG:4978"}, "grid.crs", "neither geographic nor projected"),
    ("grid", {"crs": "EPSG:7415"}, "grid.crs", "two axes"),
    ("grid", {"scale": 0}, "grid.scale", "at least 1"),
    ("grid", {"scale": "10"}, "grid.scale", "must be a number"),
    ("grid", {"crs": "utm", "size": 10}, "grid.size", "unknown field"),
    ("grid", {"scale": 9.999}, "grid.scale", "9.999 m is finer than the scenes' 10 m"),
    ("grid", {"scale": 9.9999999}, "grid.scale", "9.9999999 m is finer than the scenes' 10 m"),
    ("grid", {"scale": 5, "oversample": False}, "grid.scale", "makes 4 times as many pixels"),
    ("grid", {"crs": "EPSG:4326", "scale": 2}, "grid.scale", "set `grid.oversample` to true"),
    ("grid", {"crs": "EPSG:3857", "scale": 3}, "grid.scale", "11.1 times"),
    ("grid", {"scale": 1}, "grid.scale", "choose 10 or above"),
    ("grid", {"scale": 5, "oversample": 1}, "grid.oversample", "true or false"),
    ("grid", {"scale": 5, "oversample": "true"}, "grid.oversample", "true or false"),
    ("clip", 1, "clip", "true or false"),
    ("destination", {}, "destination", "kind"),
    ("destination", {"kind": "s3"}, "destination", "'gcs', 'drive'"),
    ("destination", {"kind": "gcs", "bucket": "b"}, "destination.bucket", "unknown field"),
    ("destination", {"kind": "gcs", "prefix": "a/../b"}, "destination.prefix", "no `..`"),
    ("destination", {"kind": "gcs", "prefix": ".."}, "destination.prefix", "no `..`"),
    ("destination", {"kind": "gcs", "prefix": "a..b"}, "destination.prefix", "no `..`"),
    ("destination", {"kind": "gcs", "prefix": "/a"}, "destination.prefix", "no leading `/`"),
    ("destination", {"kind": "gcs", "prefix": "a//b"}, "destination.prefix", "single `/`"),
    ("destination", {"kind": "gcs", "prefix": ""}, "destination.prefix", "letters"),
    ("destination", {"kind": "gcs", "prefix": "a\n"}, "destination.prefix", "letters"),
    ("destination", {"kind": "gcs", "prefix": "catalog"}, "destination.prefix", "reserved"),
    ("destination", {"kind": "gcs", "prefix": "catalog/x"}, "destination.prefix", "reserved"),
    (
        "destination",
        {"kind": "gcs", "prefix": "smoke"},
        "destination.prefix",
        "`smoke/` is reserved",
    ),
    ("destination", {"kind": "gcs", "prefix": "smoke/"}, "destination.prefix", "reserved"),
    ("destination", {"kind": "gcs", "prefix": "smoke/a/b"}, "destination.prefix", "reserved"),
    ("destination", {"kind": "gcs", "prefix": "catalog/"}, "destination.prefix", "reserved"),
    ("destination", {"kind": "gcs", "prefix": "a" * 201}, "destination.prefix", "at most 200"),
    ("destination", {"kind": "drive", "folder": "f"}, "destination.kind", "ALLOW_DRIVE"),
    ("priority", -1, "priority", "at least 0"),
    ("priority", 10000, "priority", "at most 9999"),
    ("priority", 10**400, "priority", "at most 9999"),
    ("priority", True, "priority", "whole number"),
    ("priority", "5", "priority", "whole number"),
    ("labels", ["a"], "labels", "must be an object"),
    ("labels", {"a": 1}, "labels.a", "must be a string"),
    ("labels", {"a": "x" * 64}, "labels.a", "at most 63"),
    ("labels", {str(i): "" for i in range(33)}, "labels", "at most 32"),
    ("labels", {"a": "\ud800"}, "", "not valid JSON"),
    ("region", "x", "region", "unknown field"),
    ("x" * 100_000, 1, "x" * 57 + "...", "unknown field"),
]


def name_of(case: Any) -> str:
    return str(case)[:30].encode("ascii", "replace").decode()


@pytest.mark.parametrize(("field", "value"), ACCEPTED, ids=name_of)
def test_a_right_value_is_taken(field: str, value: Any) -> None:
    taken = read(**{field: value}).request.model_dump(mode="json", exclude={"aoi"})
    expected = {**taken[field], **value} if isinstance(value, dict) else value
    assert taken[field] == expected


@pytest.mark.parametrize(("field", "value", "path", "words"), REFUSED, ids=name_of)
def test_a_wrong_value_is_refused_in_words(field: str, value: Any, path: str, words: str) -> None:
    faults = refused(**{field: value})
    assert list(faults) == [path]
    assert words in faults[path]
    assert len(faults[path]) < 250


def test_all_faults_are_told_at_once() -> None:
    faults = refused(
        version=3,
        aoi={"bbox": [-20, -20, 20, 20]},
        start="2000-01-01",
        end="2020-01-01",
        orbits=[0, 500],
        direction="up",
        valid_range={"vv_db": [0, 1]},
        grid={"crs": "EPSG:2263"},
        destination={"kind": "gcs", "prefix": "../x"},
        priority=-1,
        colour="red",
    )
    assert set(faults) == {
        "version",
        "aoi",
        "end",
        "orbits[0]",
        "orbits[1]",
        "direction",
        "valid_range.vv_db",
        "grid.crs",
        "destination.prefix",
        "priority",
        "colour",
    }


def test_faults_past_fifty_are_counted() -> None:
    faults = refused(orbits=[0] * 80)
    assert len(faults) == 51
    assert faults[""] == "and 30 more faults"


def test_drive_is_a_matter_of_the_deployment() -> None:
    drive = {"kind": "drive", "folder": "My composites"}
    taken = read(Limits(allow_drive=True), destination=drive)
    assert taken.request.model_dump(mode="json", include={"destination"}) == {"destination": drive}


def test_limits_are_those_of_the_deployment() -> None:
    assert "at most 100 km²" in refused(Limits(max_area_km2=100))["aoi"]
    assert "at most 7" in refused(Limits(max_period_days=7))["end"]
    assert read(Limits(max_period_days=366)).request.end.isoformat() == "2021-01-01"


@pytest.mark.parametrize(
    ("today", "end", "days"),
    [
        ("2026-01-10", "2027-01-11", None),
        ("2026-01-10", "2027-01-12", 367),
        ("2026-01-10", "2099-12-31", 27_018),
        ("2024-02-29", "2025-03-01", None),
        ("2024-02-29", "2025-03-02", 367),
        ("2026-01-10", "2020-01-10", None),
    ],
)
def test_a_period_ends_a_year_ahead_at_most(today: str, end: str, days: int | None) -> None:
    limits = Limits(max_period_days=40_000, today=date.fromisoformat(today))
    if days is None:
        assert read(limits, start="2019-12-31", end=end)
        return
    words = refused(limits, start="2019-12-31", end=end)["end"]
    assert (
        words == f"{end} is {days} days ahead, at most 366 are allowed: send it when it is nearer"
    )


def test_what_was_accepted_before_is_read_again_however_far_ahead() -> None:
    sent = json.dumps(message(start="2090-01-01", end="2090-02-01"))
    assert stored_request(sent).end == date(2090, 2, 1)


def test_defaults_of_the_default_preset() -> None:
    request = read().request
    assert request.model_dump(mode="json", exclude={"aoi", "start", "end"}) == {
        "version": 1,
        "request_id": None,
        "preset": "default",
        "collection": "COPERNICUS/S1_GRD_FLOAT",
        "orbits": None,
        "direction": "BOTH",
        "platforms": ["A", "B", "C", "D"],
        "angle": "hird",
        "speckle": {"filter": "focal_median", "radius_m": 100},
        "products": ["vvvh_db"],
        "valid_range": {},
        "statistics": ["median", "stdDev", "count"],
        "grid": {"crs": "utm", "scale": 10, "oversample": False},
        "clip": True,
        "pin_inputs": False,
        "destination": {"kind": "gcs", "prefix": "composites"},
        "priority": 100,
        "labels": {},
    }
    assert request.bands == ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")


def test_the_notebook_preset_needs_no_more_than_the_default() -> None:
    request = read(preset="notebook").request
    assert request.model_dump(mode="json", exclude={"aoi", "start", "end", "labels"}) == {
        "version": 1,
        "request_id": None,
        "preset": "notebook",
        "collection": "COPERNICUS/S1_GRD",
        "orbits": [58, 131],
        "direction": "ASCENDING",
        "platforms": ["A", "B", "C", "D"],
        "angle": "notebook",
        "speckle": {"filter": "focal_median", "radius_m": 100},
        "products": ["vvdvh_notebook"],
        "valid_range": {},
        "statistics": ["median", "stdDev"],
        "grid": {"crs": "EPSG:4326", "scale": 10, "oversample": False},
        "clip": False,
        "pin_inputs": False,
        "destination": {"kind": "gcs", "prefix": "composites"},
        "priority": 100,
    }
    assert request.bands == ("VVdVH_median", "VVdVH_stdDev")
    assert request.range_of(request.products[0]) == (-5, 5)


def test_a_field_replaces_the_presets_field_whole() -> None:
    """The preset's grid is EPSG:4326; an object without a crs does not inherit it."""
    request = read(preset="notebook", grid={"scale": 20}, orbits=None).request
    assert (request.grid.crs, request.grid.scale) == ("utm", 20)
    assert request.orbits is None
    assert request.products[0].value == "vvdvh_notebook"


@pytest.mark.parametrize(
    ("angle", "expected"),
    [
        ("none", None),
        ("hird", (30.63993, 45.23993)),
        ("notebook", (30.63993, 45.53993)),
        ("gt40", (40, None)),
        ({"max": 33}, (None, 33)),
    ],
)
def test_angles_by_name_and_by_number(angle: Any, expected: Any) -> None:
    bounds = read(angle=angle).request.angle_range
    assert (bounds and (bounds.min, bounds.max)) == expected


def test_a_valid_range_belongs_to_a_product() -> None:
    products = ["vvvh_db", "vvdvh_notebook", "vv_linear"]

    def ranges(valid_range: Any) -> list[Any]:
        request = read(products=products, valid_range=valid_range).request
        return [request.range_of(product) for product in request.products]

    assert ranges({}) == [(-5, 30), (-5, 5), None]
    assert ranges({"vvvh_db": None, "vv_linear": [0, 1]}) == [None, (-5, 5), (0, 1)]
    assert ranges(None) == [None, None, None]


def test_the_message_itself_is_not_changed() -> None:
    sent = message(preset="notebook", grid={"scale": 20})
    before = repr(sent)
    read(**sent)
    assert repr(sent) == before

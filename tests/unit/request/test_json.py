"""Bytes to a message: hostile JSON, digests, and anything at all."""

import json
import string
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.request import Limits, Message, read_message
from s1ratio.request.reader import stored_request
from tests.support.messages import BOX, faults_of, message, polygon, read, square
from tests.support.relative_effort import effort

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "not valid JSON"),
        (b" ", "not valid JSON"),
        (b"hello", "not valid JSON"),
        (b'{"aoi":', "not valid JSON"),
        (b'{"a":1}{"b":2}', "not valid JSON"),
        (b"{'a':1}", "not valid JSON"),
        (b"null", "JSON object"),
        (b"[]", "JSON object"),
        (b'"{}"', "JSON object"),
        (b"7", "JSON object"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'{"a":"\xe9"}', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        (b'{"priority":NaN}', "NaN is no JSON number"),
        (b'{"priority":-Infinity}', "-Infinity is no JSON number"),
        (b'{"priority":1,"priority":2}', "'priority' stands twice"),
        (b'{"aoi":{"bbox":[0,0,1,1],"bbox":[5,5,6,6]}}', "'bbox' stands twice"),
        (b'{"priority":' + b"1" * 5_000 + b"}", "digits"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 50_000, "nested too deeply"),
        (b'{"a":' + b"[" * 400 + b"]" * 400 + b"}", "not valid JSON"),
        (b'{"a":"' + b"x" * 2_000_000 + b'"}', "at most 2000000"),
        (b'{"' + b'":0,"'.join(b"%d" % i for i in range(50_000)) + b'":0}', "values"),
        (
            b"{" + b"".join(b'"%d":0,' % i for i in range(50_000)) + b'"49999":0}',
            "'49999' stands twice",
        ),
        (json.dumps(message(orbits=[{}] * 50_000)).encode(), "values"),
        (json.dumps(message(orbits=[{}] * 300_000)).encode(), "at most 120,000 are read"),
        (json.dumps(message(labels={"\udc80": "x"})).encode(), "not valid JSON"),
    ],
    ids=lambda v: repr(v)[:30],
)
def test_hostile_json_is_refused_fast(payload: bytes, words: str) -> None:
    found: list[str] = []
    assert effort(lambda: found.extend(map(str, faults_of(payload)))) < 150
    assert any(words in fault for fault in found)


def test_a_message_that_no_store_could_hold_is_refused() -> None:
    properties = {"notes": "é" * 300_000}  # 600 kB sent, 1.8 MB with its characters escaped
    aoi = {"type": "Feature", "properties": properties, "geometry": polygon(square(14, 10))}
    payload = json.dumps(message(aoi=aoi), ensure_ascii=False).encode()
    assert "properties" in faults_of(payload)[0].message


def test_a_message_may_be_text_or_bytes() -> None:
    text = json.dumps(message(labels={"place": "Käfer 😀"}), ensure_ascii=False)
    assert read_message(text, Limits()) == read_message(text.encode(), Limits())


def digest(text: str) -> str:
    return read_message(text, Limits()).digest


def test_the_digest_is_of_what_was_said_not_how() -> None:
    fields = message(labels={"a": "1", "b": "2"}, grid={"crs": "utm", "scale": 10})
    turned = {
        name: dict(reversed(value.items())) if isinstance(value, dict) else value
        for name, value in reversed(fields.items())
    }
    plain = digest(json.dumps(fields))
    assert digest(json.dumps(turned, indent=4)) == plain
    assert digest(json.dumps(fields, separators=(",", ":"))) == plain
    assert digest(json.dumps(fields).replace("bbox", "\\u0062box")) == plain


@pytest.mark.parametrize(
    "change",
    [
        {"priority": 100},
        {"preset": "default"},
        {"end": "2021-01-02"},
        {"labels": {}},
        {"aoi": {"bbox": [14, -20, 15, -19.000001]}},
        {"request_id": "mine"},
    ],
    ids=str,
)
def test_every_value_counts_defaults_too(change: dict[str, Any]) -> None:
    assert read(**change).digest != read().digest


def test_defaults_are_no_part_of_what_is_kept() -> None:
    kept = read(preset="notebook")
    assert json.loads(kept.text) == message(preset="notebook")
    assert stored_request(kept.text) == kept.request


def test_what_was_accepted_once_is_read_again_under_stricter_limits() -> None:
    kept = read(Limits(max_area_km2=1e7), aoi={"bbox": [0, 0, 20, 20]})
    assert stored_request(kept.text) == kept.request


@pytest.mark.parametrize("scale", [1, 2.5, 5, 9.99])
@pytest.mark.parametrize("crs", ["utm", "EPSG:4326"])
def test_what_was_accepted_before_finer_scales_had_to_be_named_is_read_again(
    crs: str, scale: float
) -> None:
    text = json.dumps(message(grid={"crs": crs, "scale": scale}))
    assert stored_request(text).grid.scale == scale
    assert stored_request(text).grid.oversample is False
    with pytest.raises(InvalidRequest, match="finer than the scenes' 10 m"):
        read_message(text, Limits())


# Digests of messages as they were before `grid.oversample` was a field.
@pytest.mark.parametrize(
    ("fields", "known"),
    [
        ({}, "b2ff21f313e253ad"),
        ({"preset": "notebook"}, "563e12857e0f89fb"),
        ({"grid": {"crs": "utm", "scale": 20}}, "9136e6f01924cf25"),
        ({"grid": {"crs": "EPSG:4326", "scale": 10}, "clip": False}, "810c1ffe6b7641a9"),
        (
            {"speckle": {"filter": "none"}, "products": ["vv_db"], "statistics": ["mean"]},
            "f350f51dca76c3a0",
        ),
    ],
)
def test_a_message_keeps_its_digest_whatever_fields_are_added(
    fields: dict[str, Any], known: str
) -> None:
    assert read(**fields).digest.startswith(known)


def test_the_id_is_the_callers_or_made_of_the_digest() -> None:
    assert read(request_id="mine").request_id == "mine"
    made = read()
    assert made.request_id == read().request_id == f"r-{made.digest[:24]}"
    assert made.request_id != read(priority=1).request_id


def never_anything_else(payload: bytes | str) -> None:
    faults, kept = judged(payload)
    if kept is None:
        assert 0 < len(faults) <= 51
        assert "".join(map(str, faults)).encode(), "can be stored as UTF-8"
    else:
        assert stored_request(kept.text) == kept.request


def judged(payload: bytes | str) -> tuple[tuple[Fault, ...], Message | None]:
    try:
        return (), read_message(payload, Limits())
    except InvalidRequest as error:
        return error.faults, None


numbers = st.one_of(
    st.integers(-200, 200),
    st.floats(-200, 200),
    st.floats(allow_nan=False),
    st.sampled_from([10**400, -(10**400), 1e308, 5e-324, -0.0]),
)
junk = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5), st.dictionaries(st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=12,
)
positions = st.one_of(st.lists(numbers, min_size=2, max_size=3), junk)
rings = st.one_of(
    st.lists(positions, max_size=8),
    st.lists(positions, min_size=3, max_size=8).map(lambda ring: [*ring, ring[0]]),
)
coordinates = st.one_of(
    rings, st.lists(rings, max_size=3), st.lists(st.lists(rings, max_size=3), max_size=3), junk
)
kinds = st.sampled_from(["Polygon", "MultiPolygon", "Point", "LineString", "Feature"])
geometries = st.one_of(
    st.fixed_dictionaries(
        {"type": kinds, "coordinates": coordinates}, optional={"buffer_m": numbers, "crs": junk}
    ),
    st.fixed_dictionaries({"bbox": st.one_of(st.lists(numbers, max_size=5), junk)}),
    junk,
)
features = st.fixed_dictionaries({"type": st.just("Feature"), "geometry": geometries})
areas = st.one_of(
    geometries,
    features,
    st.fixed_dictionaries(
        {"type": st.just("FeatureCollection"), "features": st.lists(features, max_size=4)}
    ),
)
NAMES = [
    *("version", "request_id", "start", "end", "preset", "collection", "orbits", "direction"),
    *("platforms", "angle", "speckle", "products", "valid_range", "statistics", "grid", "clip"),
    *("destination", "priority", "labels", "strange"),
]
nearly = st.sampled_from(
    [
        *("notebook", "2020-01-01", "2020-13-01", "BOTH", "hird", "utm", ["A"], [58]),
        *({"filter": "boxcar", "size_px": 9}, {"crs": "EPSG:3413"}, {"kind": "gcs"}, {"min": 3}),
        *(["vv_db"], {"vv_db": None}, {"scale": 30}, {"prefix": "a"}, {"filter": "none"}),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60), junk.map(json.dumps)))
def test_any_bytes_are_a_message_or_a_rejection(payload: bytes | str) -> None:
    never_anything_else(payload)


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(areas)
def test_any_area_is_taken_or_refused(aoi: Any) -> None:
    never_anything_else(json.dumps(message(aoi=aoi)))


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(nearly, junk), max_size=6))
def test_any_fields_are_taken_or_refused(fields: dict[str, Any]) -> None:
    never_anything_else(json.dumps({**message(aoi=BOX), **fields}))


@settings(max_examples=100, deadline=None)
@given(st.text(string.printable, max_size=20), st.text(max_size=20))
def test_any_unknown_name_is_told_as_a_fault_of_its_own(name: str, value: str) -> None:
    fields = message()
    if name not in NAMES and name != "aoi":
        try:
            payload = json.dumps({**fields, name: value}, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return
        assert [fault.path for fault in faults_of(payload)] == [name]

"""Published bytes that hurt: by name, the payload, and whether a request comes of it."""

import base64
import gzip
import json
import random
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.functions.hostile.bombs import bombs
from tests.functions.hostile.oversized import oversized

BOX = {"bbox": [14.600, 48.000, 14.601, 48.001]}
FIELDS: dict[str, Any] = {
    "aoi": BOX,
    "start": "2023-05-01",
    "end": "2023-05-20",
    "orbits": [22],
    "direction": "DESCENDING",
}


@dataclass(frozen=True)
class Payload:
    """One published message; `request_id` names the request it becomes, None if rejected."""

    name: str
    data: bytes
    request_id: str | None = None


def text(**changes: Any) -> bytes:
    """Return a message with other fields; Python's extra constants come as `NaN`, `Infinity`."""
    return json.dumps({**FIELDS, **changes}).encode()


def square(west: float, south: float, size: float = 0.001) -> list[list[float]]:
    """Return a closed ring."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def aoi(kind: str, coordinates: Any, **more: Any) -> bytes:
    """Return a message with a GeoJSON area."""
    return text(aoi={"type": kind, "coordinates": coordinates, **more})


def _nested_collections(depth: int) -> bytes:
    """An area within FeatureCollections, or rather within the text of them."""
    opening = b'{"type":"GeometryCollection","geometries":['
    inside = opening * depth + b"]}" * depth
    return b'{"start":"2023-05-01","end":"2023-05-20","aoi":' + inside + b"}"


def _zigzag(count: int) -> list[list[float]]:
    """A ring that crosses itself everywhere."""
    rng = random.Random(4)  # noqa: S311 - no secret
    ring = [[14 + rng.random(), 48 + rng.random()] for _ in range(count)]
    return [*ring, ring[0]]


def _no_json() -> dict[str, bytes]:
    return {
        "nothing": b"",
        "a space": b" ",
        "NULs": bytes(1_000),
        "a NUL after it": text() + b"\0",
        "a word": b"hello",
        "cut short": text()[:-1],
        "two messages": text() + text(),
        "single quotes": text().replace(b'"', b"'"),
        "a comment": b"// hello\n" + text(),
        "a trailing comma": text()[:-1] + b",}",
        "a byte order mark": b"\xef\xbb\xbf" + text(),
        "UTF-16": text().decode().encode("utf-16"),
        "UTF-32": text().decode().encode("utf-32"),
        "Latin-1": '{"labels":{"a":"é"}}'.encode("latin-1"),
        "overlong UTF-8": b'{"a":"\xc0\xaf"}',
        "a surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
        "random bytes": bytes(i * i % 251 for i in range(5_000)),
        "gzip": gzip.compress(text(), mtime=0),
        "a zip bomb": zlib.compress(bytes(2_000_000)),
        "base64 twice": base64.b64encode(text()),
        "YAML": b"aoi: [1, 2]\nstart: 2023-05-01\n",
        "XML": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "pickle": b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",
    }


def _not_an_object() -> dict[str, bytes]:
    return {
        "null": b"null",
        "true": b"true",
        "a number": b"7",
        "a string": json.dumps(text().decode()).encode(),
        "an array": b"[" + text() + b"]",
        "an empty object": b"{}",
        "NaN alone": b"NaN",
        "arrays 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
        "arrays 900 deep": b"[" * 900 + b"]" * 900,
        "objects 100,000 deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "an integer of 10,000 digits": b"1" * 10_000,
    }


def _odd_values() -> dict[str, bytes]:
    """Valid JSON objects that hold what our fields can't be."""
    deep = b'{"aoi":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    return {
        "NaN": text(priority=float("nan")),
        "Infinity": text(grid={"crs": "utm", "scale": float("inf")}),
        "-Infinity": text(aoi={"bbox": [float("-inf"), 0, 1, 1]}),
        "1e999": text().replace(b"14.6,", b"1e999,"),
        "10,000 digits": text().replace(b"[22]", b"[" + b"9" * 10_000 + b"]"),
        "300 digits": text(orbits=[10**300]),
        "a huge exponent": text().replace(b"[22]", b"[1e400]"),
        "a denormal": text(grid={"crs": "utm", "scale": 5e-324}),
        "negative zero": text(orbits=[-0.0]),
        "a float orbit": text(orbits=[22.5]),
        "a string orbit": text(orbits=["22"]),
        "a boolean orbit": text(orbits=[True]),
        "300,000 orbits": text(orbits=[22] * 300_000),
        "objects for orbits": text(orbits=[{}] * 200_000),
        "a key twice": b'{"start":"2020-01-01",' + text()[1:],
        "a key twice, deep": text().replace(b'{"bbox"', b'{"bbox":[0,0,1,1],"bbox"'),
        "150,000 keys": b"{" + b",".join(b'"k%d":0' % i for i in range(150_000)) + b"}",
        "50,000 labels": text(labels={f"l{i}": "x" for i in range(50_000)}),
        "a label of objects": text(labels={"a": {"b": {"c": {}}}}),
        "a surrogate value": text(labels={"a": "\ud800"}),
        "a surrogate key": text(**{"\udfff": 1}),
        "a NUL in a key": text(**{"a\0b": 1}),
        "a NUL in the id": text(request_id="a\0b"),
        "an id that climbs": text(request_id="../../etc/passwd"),
        "an id of 4,000 letters": text(request_id="a" * 4_000),
        "an id with a line break": text(request_id="abc\n"),
        "an id from right to left": text(request_id="\u202eabc"),
        "a prefix that climbs": text(destination={"kind": "gcs", "prefix": "../../x"}),
        "a prefix with control characters": text(destination={"kind": "gcs", "prefix": "a\r\nb"}),
        "a template": text(request_id="{{7*7}}", labels={"a": "${jndi:ldap://x}"}),
        "a prototype": text(__proto__={"a": 1}, constructor={"prototype": {}}),
        "SQL": text(request_id="a'; DROP TABLE tasks; --"),
        "a megabyte of text": text(labels={"a": "x" * 1_000_000}),
        "a megabyte of a key": text(**{"x" * 1_000_000: 1}),
        "2 MB": text(labels={"a": "x" * 1_999_000}),
        "just over 2 MB": b" " * (2_000_001 - len(text())) + text(),
        "2 MB of lists": text(preset=[[]] * 600_000),
        "2 MB of objects": text(aoi=[{}] * 600_000),
        "2 MB of escapes": b'{"aoi":"' + b"\\u0000" * 333_000 + b'"}',
        "2 MB of emoji": text(labels={"a": "\U0001f600" * 150_000}),
        "2 MB of unknown fields": text(**{f"field{i}": i for i in range(100_000)}),
        "an area 50,000 deep": deep,
        "a year 0": text(start="0000-01-01"),
        "a year 10000": text(end="10000-01-01"),
        "the 31st of February": text(start="2023-02-31"),
        "a day in other digits": text(start="２０２３-０５-０１"),
        "a moment without an offset": text(start="2023-05-01T00:00:00"),
        "seconds": text(start=1_682_899_200),
        "no end": text(end=None),
        "10,000 years": text(start="0001-01-01", end="9999-12-31"),
        "a version to come": text(version=2),
        "a version as text": text(version="1"),
        "wrong types everywhere": json.dumps({name: [{}] for name in FIELDS}).encode(),
    }


def _areas() -> dict[str, bytes]:
    """Areas that hurt whoever computes with them."""
    ring = square(14.6, 48.0)
    many = [square(14 + i % 200 / 200, 48 + i // 200 / 200, 0.002) for i in range(9_000)]
    return {
        "no area": text(aoi=None),
        "an area of text": text(aoi="POLYGON((0 0,1 0,1 1,0 0))"),
        "100,000 nested collections": _nested_collections(40_000),
        "500 nested collections": _nested_collections(500),
        "coordinates beyond all maps": aoi("Polygon", [square(1e300, 1e300, 1e299)]),
        "longitude 500": aoi("Polygon", [square(500, 48)]),
        "latitude 91": text(aoi={"bbox": [0, 90.5, 1, 91]}),
        "the whole Earth": text(aoi={"bbox": [-180, -90, 180, 90]}),
        "no width": text(aoi={"bbox": [14, 48, 14, 49]}),
        "a box upside down": text(aoi={"bbox": [14, 49, 15, 48]}),
        "a box of text": text(aoi={"bbox": ["14", "48", "15", "49"]}),
        "a box of six": text(aoi={"bbox": [14, 48, 0, 15, 49, 9]}),
        "a point without a buffer": aoi("Point", [14, 48]),
        "a point with a huge buffer": aoi("Point", [14, 48], buffer_m=1e300),
        "a point with no buffer": aoi("Point", [14, 48], buffer_m=-5),
        "a point at the pole": aoi("Point", [0, 90], buffer_m=1_000),
        "a line": aoi("LineString", ring),
        "a ring of one": aoi("Polygon", [[[14, 48]]]),
        "a ring of none": aoi("Polygon", [[]]),
        "no rings": aoi("Polygon", []),
        "an open ring": aoi("Polygon", [ring[:-1]]),
        "a bow tie": aoi("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]),
        "a ring that crosses itself 2,000 times": aoi("Polygon", [_zigzag(2_000)]),
        "a ring of 60,000 vertices": aoi("Polygon", [_zigzag(60_000)]),
        "300,000 vertices in one place": aoi("Polygon", [[[14, 48]] * 300_000]),
        "100,000 holes": aoi("Polygon", [ring, *[[[14, 48]]] * 100_000]),
        "9,000 overlapping squares": aoi("MultiPolygon", [[one] for one in many]),
        "empty positions": aoi("Polygon", [[[]] * 400_000]),
        "positions of 1,000 numbers": aoi("Polygon", [[[1.0] * 1_000] * 300]),
        "booleans for positions": aoi("Polygon", [[[True, False]] * 5]),
        "nulls for positions": aoi("Polygon", [[[None, None]] * 5]),
        "huge integers for positions": aoi("Polygon", [[[10**400, 0]] * 5]),
        "another crs": aoi("Polygon", [ring], crs={"properties": {"name": "EPSG:3857"}}),
        "a feature of a feature": text(
            aoi={"type": "Feature", "geometry": {"type": "Feature", "geometry": BOX}}
        ),
        "100,000 features": text(aoi={"type": "FeatureCollection", "features": [{}] * 100_000}),
        "a feature with 1 MB of properties": text(
            aoi={"type": "Feature", "properties": {"a": "x" * 1_000_000}, "geometry": None}
        ),
        "across the antimeridian, too wide": text(aoi={"bbox": [1, -60, -1, 60]}),
        "a pixel of a nanometre": text(grid={"crs": "utm", "scale": 1e-9}),
        "a crs that is none": text(grid={"crs": "EPSG:999999"}),
        "a crs that runs code": text(grid={"crs": "+proj=pipeline +step +init=/etc/passwd"}),
        "a filter of a planet": text(speckle={"filter": "focal_median", "radius_m": 1e9}),
        "a filter that is none": text(speckle={"filter": "__import__('os')"}),
    }


def _taken() -> dict[str, dict[str, Any]]:
    """Odd, and right: a request comes of each."""
    ring = square(14.6, 48.0)
    hole = square(14.6004, 48.0004, 0.0002)
    outline = {"type": "Polygon", "coordinates": [ring]}
    return {
        "plain": {},
        "unicode": {"labels": {"place": "Käfer 😀 \u202e 日本 \0 \x7f"}},
        "antimeridian": {"aoi": {"bbox": [179.9995, 10.0, -179.9995, 10.001]}},
        "pole": {"aoi": {"bbox": [14.0, 89.5, 14.001, 89.501]}, "grid": {"crs": "EPSG:3413"}},
        "hole": {"aoi": {"type": "Polygon", "coordinates": [ring, hole]}},
        "much": {
            "aoi": {"type": "Feature", "properties": {"n": "x" * 500_000}, "geometry": outline}
        },
        "quotes": {
            "aoi": {"type": "Feature", "properties": {"n": '"' * 449_000}, "geometry": outline}
        },
        "emoji": {
            "aoi": {
                "type": "Feature",
                "properties": {"n": "\U0001f600" * 74_000},
                "geometry": outline,
            }
        },
        "future": {"end": str(datetime.now(UTC).date() + timedelta(days=300))},
    }


def payloads() -> list[Payload]:
    """Return every payload."""
    every = {**_no_json(), **_not_an_object(), **_odd_values(), **_areas()}
    every |= {**oversized(FIELDS), **bombs()}
    refused = [Payload(name, data) for name, data in every.items()]
    done = [
        Payload(f"odd: {name}", text(request_id=f"odd-{name}", **fields), f"odd-{name}")
        for name, fields in _taken().items()
    ]
    return [*done, *refused]

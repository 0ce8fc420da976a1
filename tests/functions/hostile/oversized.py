"""Payloads whose words would make a rejection, a record or a log line too large to be kept."""

import json
from typing import Any

# What a fault may quote: by name, how one key or value becomes a message's fields.
_LONG: dict[str, str] = {
    "990,000 letters": "k" * 990_000,
    "240,000 emoji": "\U0001f600" * 240_000,
    "300,000 NULs": "\0" * 300_000,
    "900,000 quotes": '"' * 900_000,
    "190,000 surrogates": "\ud800" * 190_000,
    "990,000 digits": "7" * 990_000,
    "dots and brackets": "a.b[0]." * 140_000,
    "markup and control characters": "[/red]\x1b[31m\u202e" * 50_000,
}


def oversized(fields: dict[str, Any]) -> dict[str, bytes]:
    """Return messages by name; `fields` are those of a valid one."""
    return {
        **_long_keys(fields),
        **_long_values(fields),
        **_many_keys(fields),
        **_many_faults(fields),
        **_long_codes(fields),
    }


def _text(fields: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps({**fields, **changes}, ensure_ascii=False).encode("utf-8", "replace")


def _escaped(fields: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps({**fields, **changes}).encode()


def _long_keys(fields: dict[str, Any]) -> dict[str, bytes]:
    """One key that is very long, wherever a fault may name it in its path."""
    box = fields["aoi"]
    messages = {}
    for name, key in _LONG.items():
        messages[f"a key of {name}"] = _text(fields, **{key: 1})
    key = _LONG["990,000 letters"]
    return {
        **messages,
        "a long key in the area": _text(fields, aoi={**box, key: 1}),
        "a long key in the grid": _text(fields, grid={"crs": "utm", key: 1}),
        "a long key in the destination": _text(fields, destination={"kind": "gcs", key: 1}),
        "a long key in the filter": _text(fields, speckle={"filter": "none", key: 1}),
        "a long key in the angle": _text(fields, angle={"min": 30, key: 1}),
        "a long name of a label": _text(fields, labels={key: "a"}),
        "a long product": _text(fields, valid_range={key: [0, 1]}),
        "a long key twice": b'{"' + key.encode() + b'":1,"' + key.encode() + b'":2}',
        "a long key of escapes": _escaped(fields, **{"\u0007" * 300_000: 1}),
    }


def _long_values(fields: dict[str, Any]) -> dict[str, bytes]:
    """One value that is very long, wherever a fault may quote it in its words."""
    name, long = "990,000 letters", _LONG["990,000 letters"]
    kinds: dict[str, dict[str, Any]] = {
        "area": {"aoi": long},
        "type of an area": {"aoi": {"type": long, "coordinates": []}},
        "type of a geometry": {"aoi": {"type": "Feature", "geometry": {"type": long}}},
        "day": {"start": long},
        "id": {"request_id": long},
        "preset": {"preset": long},
        "collection": {"collection": long},
        "direction": {"direction": long},
        "platform": {"platforms": [long]},
        "product": {"products": [long]},
        "statistic": {"statistics": [long]},
        "angle": {"angle": long},
        "crs": {"grid": {"crs": long}},
        "code of a crs": {"grid": {"crs": "EPSG:" + "9" * 900_000}},
        "filter": {"speckle": {"filter": long}},
        "kind of destination": {"destination": {"kind": long}},
        "prefix": {"destination": {"kind": "gcs", "prefix": long}},
        "crs of an area": {
            "aoi": {
                "type": "Polygon",
                "coordinates": [],
                "crs": {"type": "name", "properties": {"name": long}},
            }
        },
    }
    messages = {f"a {kind} of {name}": _text(fields, **made) for kind, made in kinds.items()}
    for name, value in _LONG.items():
        messages[f"a label of {name}"] = _text(fields, labels={"a": value})
        messages[f"an id of {name}"] = _text(fields, request_id=value)
    return messages


def _many_keys(fields: dict[str, Any]) -> dict[str, bytes]:
    """Many keys that are each long enough."""
    emoji = "\U0001f600"
    return {
        "60 keys of 25 kB": _text(fields, **{f"{i}-" + "k" * 25_000: 1 for i in range(60)}),
        "60 keys of 6,000 emoji": _text(fields, **{f"{i}-" + emoji * 6_000: 1 for i in range(60)}),
        "60 keys of 25 kB in the area": _text(
            fields, aoi={**fields["aoi"], **{f"{i}-" + "k" * 25_000: 1 for i in range(60)}}
        ),
        "1,500 keys of 1 kB": _text(fields, **{f"{i}-" + "k" * 1_000: 1 for i in range(1_500)}),
        "1,900 keys of 64 emoji": _text(fields, **{emoji * 64 + str(i): 1 for i in range(1_900)}),
        "32 labels of 30 kB": _text(fields, labels={f"l{i}": "v" * 30_000 for i in range(32)}),
        "60 names of labels of 25 kB": _text(
            fields, labels={f"{i}-" + "k" * 25_000: "v" for i in range(60)}
        ),
    }


def _many_faults(fields: dict[str, Any]) -> dict[str, bytes]:
    """Many faults in one message."""
    bad = [[999, 999]] * 60_000
    feature = {"type": "Feature", "geometry": {"type": "Curve", "coordinates": []}}
    return {
        "1,900 orbits that are none": _text(fields, orbits=[999] * 1_900),
        "1,900 products that are none": _text(fields, products=["p" * 900] * 1_900),
        "60,000 positions off the Earth": _text(
            fields, aoi={"type": "Polygon", "coordinates": [bad]}
        ),
        "10,000 features that are none": _text(
            fields, aoi={"type": "FeatureCollection", "features": [1] * 10_000}
        ),
        "10,000 features of a type that is none": _text(
            fields, aoi={"type": "FeatureCollection", "features": [feature] * 10_000}
        ),
        "10,000 polygons without rings": _text(
            fields, aoi={"type": "MultiPolygon", "coordinates": [[]] * 10_000}
        ),
        "1,900 fields that are unknown": _text(fields, **{f"field{i}": i for i in range(1_900)}),
    }


def _long_codes(fields: dict[str, Any]) -> dict[str, bytes]:
    """What is no JSON, or not quite, where the reader quotes what it met."""
    return {
        "a constant that is none": b'{"aoi":' + b"N" * 900_000 + b"}",
        "a string without its end": b'{"aoi":"' + b"x" * 900_000,
        "a number with a tail": b'{"priority":1' + b"e" * 900_000 + b"}",
        "an escape that is none": _text(fields)[:-1] + b',"a":"' + b"\\q" * 400_000 + b'"}',
        "control characters": _text(fields)[:-1] + b',"a":"' + b"\x01" * 900_000 + b'"}',
        "a priority of 4,000 digits": _text(fields)[:-1] + b',"priority":' + b"9" * 4_000 + b"}",
    }

"""Small messages that are large once they are parsed: by name, their bytes.

Each comes twice: as full of structure as its size allows, and just below what is parsed at all,
beside a text whose one emoji makes four bytes of each of its characters.
"""

from collections.abc import Callable
from functools import partial

from s1ratio.request.parsing import MAX_STRUCTURE, count_structure
from s1ratio.request.reader import MAX_MESSAGE_BYTES, MAX_STORED_BYTES

_TIMES = b'"start":"2023-05-01","end":"2023-05-20","orbits":[22],"direction":"DESCENDING"'
_FEATURES = b'"aoi":{"type":"FeatureCollection","features":['
_RINGS = b'"aoi":{"type":"MultiPolygon","coordinates":['
_POINTS = b'"aoi":{"type":"Polygon","coordinates":[['
_PROPERTIES = b'"aoi":{"type":"Feature","geometry":null,"properties":{"a":['
_DEEP = 20

# What is before, what is repeated, what is after; `%d` is its number.
SHAPES: dict[str, tuple[bytes, bytes, bytes]] = {
    "names without letters": (_FEATURES, b'{"":0}', b"]}"),
    "empty features": (_FEATURES, b"{}", b"]}"),
    "objects in objects": (_FEATURES, b'{"":' * _DEEP + b"0" + b"}" * _DEEP, b"]}"),
    "lists in lists": (_FEATURES, b"[" * _DEEP + b"]" * _DEEP, b"]}"),
    "many names": (b'"aoi":{', b'"%d":0', b"}"),
    "many fields": (b'"aoi":{},', b'"%d":0', b""),
    "zeros": (_RINGS, b"0", b"]}"),
    "empty rings": (_RINGS, b"[[]]", b"]}"),
    "points": (_POINTS, b"[1.5,2.5]", b"]]}"),
    "short texts": (_FEATURES, '"é"'.encode(), b"]}"),
    "geometries": (
        b'"aoi":{"type":"GeometryCollection","geometries":[',
        b'{"type":"Point"}',
        b"]}",
    ),
    "properties": (_PROPERTIES, b'{"a":[]}', b"]}}"),
}


def full(name: str) -> bytes:
    """Return a message of nearly the largest size that has nothing but this shape."""
    return _of(name, MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES)


def tight(name: str) -> bytes:
    """Return a message with nearly as much structure, and text beside it, as is looked at."""
    return _of(name, MAX_STORED_BYTES, MAX_STRUCTURE)


def _of(name: str, size: int, structure: int) -> bytes:
    before, unit, after = SHAPES[name]
    head = b"{" + _TIMES + b"," + before
    each = len(unit % 100_000 if b"%" in unit else unit) + 1
    count = (size - 1_000) // each
    count = min(count, (structure - 100) // (count_structure(unit) + 1))
    units = (unit % number if b"%" in unit else unit for number in range(count))
    message = head + b",".join(units) + after + b"}"
    text = b"a" * max(0, size - 1_000 - len(message)) + "\U0001f600".encode()
    return b'{"labels":{"text":"' + text + b'"},' + message[1:]


def makers() -> dict[str, Callable[[], bytes]]:
    """Return what makes each of them, which takes a while."""
    return {
        f"{kind} of {name}": partial(make, name)
        for name in SHAPES
        for kind, make in {"full": full, "tight": tight}.items()
    }


def bombs() -> dict[str, bytes]:
    """Return all of them."""
    return {name: make() for name, make in makers().items()}

"""GeoJSON as it is written, one feature after the other: a file of any size in bounded memory.

Takes a FeatureCollection, a Feature, a geometry, `{"bbox": […]}`, and GeoJSON text sequences (a
feature a line, RS before it or not). Only the feature at hand is parsed, the rest waits.
"""

from collections.abc import Iterator
from typing import Any, TextIO

import shapely
from shapely.geometry import mapping, shape

from s1ratio.sources.feature import SourceFeature, unreadable
from s1ratio.sources.json_stream import JsonStream
from s1ratio.sources.projecting import to_lon_lat

_RS = "\x1e"


def read_features(file: TextIO, name: str, told: set[str]) -> Iterator[SourceFeature]:
    """Yield the areas in a GeoJSON file; raise InvalidRequest where it is none.

    What was done about its crs is added to `told`, once.
    """
    stream = JsonStream(file)
    number = 0
    try:
        while stream.peek(skip=_RS):
            for crs, value, alone in _values(stream, name):
                number += 1
                where = name if alone and number == 1 else f"{name}, feature {number}"
                yield _feature(value, crs, where, told)
    except ValueError as error:
        raise unreadable(name, f"no GeoJSON: {error}: put it right") from error
    if not number:
        raise unreadable(name, "it has no features: give a file with an area in it")


def _values(stream: JsonStream, name: str) -> Iterator[tuple[str | None, Any, bool]]:
    """Yield what one JSON object holds, with its crs; and whether it is alone in it."""
    stream.expect("{")
    read: dict[str, Any] = {}
    has_features = False
    while stream.peek() != "}":
        key = stream.value()
        stream.expect(":")
        if key == "features" and stream.peek() == "[":
            has_features, crs = True, _crs(read, name)
            yield from ((crs, value, False) for value in stream.items())
        else:
            read[key] = stream.value()
        if stream.peek() != "}":
            stream.expect(",")
    stream.expect("}")
    if not has_features:
        yield _crs(read, name), read, True
    elif (late := _crs(read, name)) != crs:
        words = f"its crs {late} is named after its features: name it before them"
        raise unreadable(name, words)


def _crs(read: dict[str, Any], name: str) -> str | None:
    """Return the crs that old GeoJSON may name."""
    crs = read.pop("crs", None) if "features" not in read else None
    if crs is None:
        return None
    named = crs.get("properties", {}) if isinstance(crs, dict) else {}
    named = named.get("name") if isinstance(named, dict) else None
    if not isinstance(named, str):
        raise unreadable(name, "its `crs` names none: leave it out, or name it")
    read["crs"] = crs
    return named


def _feature(value: Any, crs: str | None, where: str, told: set[str]) -> SourceFeature:
    if not isinstance(value, dict):
        raise unreadable(where, "must be a GeoJSON object: put it right")
    value.pop("crs", None)
    geometry = value.get("geometry") if value.get("type") == "Feature" else value
    if not isinstance(geometry, dict):
        raise unreadable(where, "it has no geometry: give it one, or leave it out")
    if crs is not None and "bbox" not in geometry:
        geometry = _moved(geometry, crs, where, told)
    return SourceFeature(where, geometry)


def _moved(geometry: dict[str, Any], crs: str, where: str, told: set[str]) -> dict[str, Any]:
    try:
        read = shape(geometry)
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise unreadable(where, f"no valid geometry: {error}: put it right") from error
    moved, words = to_lon_lat(read, crs, where)
    if words is None:
        return geometry
    told.add(words)
    return dict(mapping(moved))

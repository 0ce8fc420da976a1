"""Which scenes lie over many boxes: one question to Earth Engine for all, and its answer read."""

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import ee

from s1ratio.aoi import Aoi
from s1ratio.errors import TerminalFault
from s1ratio.imagery.ascending_node import ABSOLUTE_ORBIT, DIRECTION, ORBIT
from s1ratio.imagery.collection import PLATFORM, POLARISATIONS, TIME
from s1ratio.request import Direction
from s1ratio.request.fields import Collection
from s1ratio.request.moments import text_of
from s1ratio.scenes import MAX_QUESTIONS, Scene, SceneAnswer, SceneQuestion, footprint_of

MAX_BYTES = 1_000_000  # of the expression of one call
_LAST_ABSOLUTE_ORBIT = "orbitNumber_stop"
_END = "system:time_end"
_INDEX = "system:index"
_OUTLINE = "outline"
_ALL = 100_000  # of a collection that is limited already
_PROPERTIES = (
    _INDEX,
    PLATFORM,
    ABSOLUTE_ORBIT,
    _LAST_ABSOLUTE_ORBIT,
    ORBIT,
    DIRECTION,
    TIME,
    _END,
)


def scenes_expression(questions: Sequence[SceneQuestion]) -> ee.List:
    """Return the expression of a list with the scenes of each question, in their order.

    A scene is a mapping of its properties and its outline. To be had with one `value:compute`.
    Raises TerminalFault for more than one call takes.
    """
    if len(questions) > MAX_QUESTIONS:
        raise TerminalFault(f"{len(questions)} questions, at most {MAX_QUESTIONS} go into a call")
    every = ee.ImageCollection(Collection.POWER.value)
    sensor = ee.Filter.And(
        ee.Filter.eq("instrumentMode", "IW"),
        *(
            ee.Filter.listContains("transmitterReceiverPolarisation", name)
            for name in POLARISATIONS
        ),
    )
    found = [
        every.filterBounds(_boxes(question.area))
        .filterDate(text_of(question.start), text_of(question.end))
        .filter(sensor)
        .sort(TIME)
        .limit(question.most + 1)
        for question in questions
    ]
    asked = ee.List(found).map(_described)
    _check_size(asked)
    return asked


def _described(scenes: ee.ComputedObject) -> ee.List:
    return ee.ImageCollection(scenes).toList(_ALL).map(_row)


def _row(each: ee.ComputedObject) -> ee.Dictionary:
    scene = ee.Image(each)
    said = {name: scene.get(name) for name in _PROPERTIES}
    return ee.Dictionary({**said, _OUTLINE: scene.geometry()})


def _boxes(area: Aoi) -> ee.Geometry:
    """Return the box of an area, two of them across 180°: lon/lat, planar edges."""
    rings = [[_ring(*side.bounds)] for side in area.sides]
    return ee.Geometry.MultiPolygon(rings, None, False, None, True)


def _ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """Return a box's ring, outward to a hundred-thousandth of a degree."""
    w, s = (math.floor(value * 1e5) / 1e5 for value in (west, south))
    e, n = (math.ceil(value * 1e5) / 1e5 for value in (east, north))
    s, n = max(s, -90.0), min(n, 90.0)
    return [[w, s], [e, s], [e, n], [w, n], [w, s]]


def _check_size(expression: ee.ComputedObject) -> None:
    size = len(json.dumps(ee.serializer.encode(expression, for_cloud_api=True)))
    if size > MAX_BYTES:
        raise TerminalFault(f"the question has {size} bytes, at most {MAX_BYTES} are sent")


def scenes_of(
    questions: Sequence[SceneQuestion], answer: Sequence[Sequence[dict[str, Any]]]
) -> tuple[SceneAnswer, ...]:
    """Return the answers to the questions of a `scenes_expression`, in their order.

    A scene that lacks what it is known by is no scene for us; raises ValueError or KeyError for
    an answer of another form.
    """
    if len(answer) != len(questions):
        raise ValueError(f"{len(answer)} answers to {len(questions)} questions")
    return tuple(
        SceneAnswer(
            question.key,
            tuple(_scene(row) for row in rows[: question.most]),
            whole=len(rows) <= question.most,
        )
        for question, rows in zip(questions, answer, strict=True)
    )


def _scene(row: dict[str, Any]) -> Scene:
    start = _time(row[TIME])
    return Scene(
        index=str(row[_INDEX]),
        platform=str(row[PLATFORM]),
        absolute_orbit=int(row[ABSOLUTE_ORBIT]),
        last_orbit=int(row[_LAST_ABSOLUTE_ORBIT]),
        relative_orbit=int(row[ORBIT]),
        direction=Direction(row[DIRECTION]),
        start=start,
        end=max(start, _time(row.get(_END) or row[TIME])),
        footprint=footprint_of(_rings(row[_OUTLINE])),
    )


def _rings(outline: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """Return the outer rings of a footprint, which Earth Engine gives as a ring or a polygon."""
    kind, parts = outline["type"], outline.get("coordinates", [])
    if kind == "LinearRing":
        return [parts]
    if kind == "Polygon":
        return [parts[0]]
    if kind == "MultiPolygon":
        return [polygon[0] for polygon in parts]
    if kind == "GeometryCollection":
        return [ring for part in outline["geometries"] for ring in _rings(part)]
    raise ValueError(f"a footprint that is a {kind}")


def _time(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1_000, UTC)

"""Collections: areas beside other things that RFC 7946 allows, which are left out and told."""

from typing import Any

import jsonschema
import pytest

from s1ratio.request.schema import message_schema
from tests.support.messages import collection, message, polygon, read, refused, square

LINE = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
LINES = {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]]]}
POINT = {"type": "Point", "coordinates": [0.5, 0.5]}
POINTS = {"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]}
AREA, OTHER = polygon(square(0, 0)), polygon(square(3, 3))
DISK = {**POINT, "buffer_m": 1000}


def geometries(*members: Any) -> dict[str, Any]:
    return {"type": "GeometryCollection", "geometries": list(members)}


def feature(geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": geometry}


TAKEN: list[tuple[Any, Any, list[str]]] = [
    # What is sent, the area that it is, and what is told of the rest.
    (geometries(AREA), AREA, []),
    (geometries(AREA, OTHER), collection(AREA, OTHER), []),
    (geometries(AREA, AREA), AREA, []),
    (geometries(DISK), DISK, []),
    (geometries(AREA, None), AREA, ["aoi.geometries[1] has no geometry: left out"]),
    (
        geometries(POINT, AREA, LINE),
        AREA,
        [
            "aoi.geometries[0] is a Point without `buffer_m`: left out",
            "aoi.geometries[2] is a LineString, which has no area: left out",
        ],
    ),
    (
        geometries({"type": "Polygon", "coordinates": []}, AREA),
        AREA,
        ["aoi.geometries[0] is empty"],
    ),
    (feature(geometries(AREA, OTHER)), collection(AREA, OTHER), []),
    (
        feature(geometries(AREA, POINTS)),
        AREA,
        ["aoi.geometry.geometries[1] is a MultiPoint, which has no area: left out"],
    ),
    (collection(AREA, None), AREA, ["aoi.features[1] has no geometry: left out"]),
    (collection(None, AREA, None), AREA, ["aoi.features[0] has no", "aoi.features[2] has no"]),
    (collection(LINES, AREA), AREA, ["aoi.features[0] is a MultiLineString"]),
    (
        collection(geometries(AREA, POINT)),
        AREA,
        ["aoi.features[0].geometry.geometries[1] is a Point"],
    ),
    (collection(geometries(), AREA), AREA, ["aoi.features[0] is empty: left out"]),
    (
        collection(AREA, *[None] * 7),
        AREA,
        [*(f"aoi.features[{i}] has no" for i in range(1, 6)), "2 more of these: left out"],
    ),
    ({**AREA, "geodesic": False, "evenOdd": True}, AREA, []),
]


@pytest.mark.parametrize(("sent", "meant", "told"), TAKEN, ids=lambda v: str(v)[:60])
def test_what_is_an_area_is_taken_and_the_rest_is_told(
    sent: Any, meant: Any, told: list[str]
) -> None:
    area = read(aoi=sent).request.aoi
    assert area.unwrapped.normalize().equals(read(aoi=meant).request.aoi.unwrapped)
    for note, words in zip(area.notes, told, strict=True):
        assert note.startswith(words)


@pytest.mark.parametrize(("sent", "_", "__"), TAKEN, ids=lambda v: str(v)[:60])
def test_the_schema_allows_what_is_taken(sent: Any, _: Any, __: Any) -> None:
    jsonschema.validate(message(aoi=sent), message_schema())


@pytest.mark.parametrize(
    ("sent", "path", "words"),
    [
        (geometries(), "aoi.geometries", "1 to 10000"),
        ({"type": "GeometryCollection"}, "aoi.geometries", "1 to 10000"),
        (geometries(*[None] * 10_001), "aoi.geometries", "1 to 10000"),
        (geometries(POINT), "aoi", "holds no area; aoi.geometries[0] is a Point without"),
        (geometries(LINE, None), "aoi", "aoi.geometries[1] has no geometry"),
        (collection(None), "aoi", "holds no area; aoi.features[0] has no geometry: left out"),
        (collection(LINE), "aoi", "is a LineString, which has no area"),
        (geometries(geometries(AREA)), "aoi.geometries[0]", "put its geometries into one"),
        (geometries(5, AREA), "aoi.geometries[0]", "GeoJSON object"),
        (geometries({"type": "Circle"}, AREA), "aoi.geometries[0].type", "no area"),
        (
            geometries(polygon(square(0, 0)[:-1]), AREA),
            "aoi.geometries[0].coordinates[0]",
            "repeat",
        ),
        (feature(None), "aoi.geometry", "GeoJSON object"),
        (LINE, "aoi.type", "GeometryCollection"),
        ({**AREA, "geodesic": True}, "aoi.geodesic", "straight in longitude and latitude"),
        ({**AREA, "geodesic": "false"}, "aoi.geodesic", "leave it out"),
        ({**AREA, "evenOdd": False}, "aoi.evenOdd", "whichever way it runs"),
        (feature({**AREA, "geodesic": True}), "aoi.geometry.geodesic", "add vertices"),
        (geometries({**AREA, "geodesic": True}), "aoi.geometries[0].geodesic", "add vertices"),
        (collection({**AREA, "geodesic": True}), "aoi.features[0].geometry.geodesic", "add"),
        ({**DISK, "geodesic": True}, "aoi.geodesic", "straight"),
    ],
    ids=lambda v: str(v)[:60],
)
def test_what_is_wrong_is_refused_in_words(sent: Any, path: str, words: str) -> None:
    faults = refused(aoi=sent)
    assert list(faults) == [path]
    assert words in faults[path]

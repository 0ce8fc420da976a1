"""Areas as they are found: GeoJSON as a stream, words, another crs; and what can't be read."""

import io
import json
from typing import Any

import pytest
import shapely
from pyproj import Transformer

from s1ratio import aoi
from s1ratio.errors import InvalidRequest
from s1ratio.sources import SourceFeature
from s1ratio.sources.features import read_features
from s1ratio.sources.text import is_text, read_text

SQUARE = {"type": "Polygon", "coordinates": [[[15, 48], [16, 48], [16, 49], [15, 49], [15, 48]]]}
FEATURE = {"type": "Feature", "properties": {"a": [1, {"b": "}"}]}, "geometry": SQUARE}


def _read(text: str) -> tuple[list[SourceFeature], set[str]]:
    told: set[str] = set()
    return list(read_features(io.StringIO(text), "a.geojson", told)), told


def _collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)})


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (json.dumps(SQUARE), 1),
        (json.dumps(FEATURE), 1),
        ('{"bbox": [15, 48, 16, 49]}', 1),
        (_collection(FEATURE, FEATURE, FEATURE), 3),
        (json.dumps(json.loads(_collection(FEATURE, SQUARE, name="x")), indent=3), 2),
        (f"{json.dumps(FEATURE)}\n{json.dumps(SQUARE)}\n", 2),
        (f"\x1e{json.dumps(FEATURE)}\n\x1e{json.dumps(SQUARE)}\n", 2),
        ('{"features": [' + json.dumps(FEATURE) + '], "type": "FeatureCollection", "n": 12}', 1),
    ],
)
def test_geojson_in_all_its_forms(text: str, count: int) -> None:
    found, told = _read(text)
    assert len(found) == count
    assert not told
    for one in found:
        area, faults = aoi.read(one.aoi)
        assert faults == []
        assert area is not None


@pytest.mark.parametrize("chunk", [1, 7, 100, 65_536])
def test_wherever_the_pieces_end(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s1ratio.sources.json_stream._CHUNK", chunk)
    text = _collection(FEATURE, {"type": "Point", "coordinates": [15.25, 48.5], "buffer_m": 1250})
    found, _ = _read(text)
    assert [one.aoi["type"] for one in found] == ["Polygon", "Point"]
    assert found[1].aoi["coordinates"] == [15.25, 48.5]
    assert found[1].where == "a.geojson, feature 2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it has no features"),
        (_collection(), "it has no features"),
        ("{", "it ends at character 1"),
        ("hello", "'{' was expected at character 0"),
        ('{"type": "FeatureCollection", "features": [', "it ends"),
        (_collection(FEATURE)[:-9], "no GeoJSON"),
        (_collection({"type": "Feature", "geometry": None}), "feature 1: it has no geometry"),
        (_collection(FEATURE, 3), "feature 2: must be a GeoJSON object"),
        ('{"type": "Point", "coordinates": [1, 2]]', "no GeoJSON"),
        ("[" * 100_000, "was expected"),
        ('{"a": ' + "[" * 100_000, "nested too deeply"),
        (_collection(FEATURE, crs={"type": "name", "properties": {}}), "names none"),
        (
            _collection(FEATURE, crs={"type": "name", "properties": {"name": "EPSG:99999"}}),
            "the crs 'EPSG:99999' is not known",
        ),
        (
            '{"features": ['
            + json.dumps(FEATURE)
            + '], "crs": {"properties": {"name": "EPSG:32633"}}}',
            "named after its features",
        ),
    ],
)
def test_what_is_none_is_told_in_one_line(text: str, said: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        _read(text)
    assert said in str(caught.value)
    assert str(caught.value).startswith("a.geojson")
    assert len(caught.value.faults) == 1
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("code", [32633, 3857, 31287, 2056, 5514])
def test_another_crs_is_respected_and_told(code: int) -> None:
    to_map = Transformer.from_crs("OGC:CRS84", f"EPSG:{code}", always_xy=True)
    corners = [(13.0, 47.5), (13.4, 47.5), (13.4, 47.8), (13.0, 47.5)]
    ring = [list(to_map.transform(*corner)) for corner in corners]
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}
    found, told = _read(_collection({"type": "Polygon", "coordinates": [ring]}, crs=crs))
    shape = shapely.geometry.shape(found[0].aoi)
    got = shapely.get_coordinates(shape)
    for corner in corners:
        assert min(abs(got - corner).max(axis=1)) < 1e-6
    assert len(told) == 1
    assert f"EPSG:{code}" in told.pop()


def test_an_edge_of_another_crs_stays_where_it_was() -> None:
    """The middle of a long straight edge of the map is on the edge that comes out."""
    to_map = Transformer.from_crs("OGC:CRS84", "EPSG:3035", always_xy=True)
    back = Transformer.from_crs("EPSG:3035", "OGC:CRS84", always_xy=True)
    west, east = to_map.transform(5, 60), to_map.transform(9, 60)
    middle = back.transform((west[0] + east[0]) / 2, (west[1] + east[1]) / 2)
    ring = [list(west), list(east), list(to_map.transform(7, 58)), list(west)]
    crs = {"type": "name", "properties": {"name": "EPSG:3035"}}
    found, _ = _read(_collection({"type": "Polygon", "coordinates": [ring]}, crs=crs))
    edge = shapely.geometry.shape(found[0].aoi).exterior
    assert edge.distance(shapely.Point(middle)) * 111_000 < 1, "metres"


@pytest.mark.parametrize(
    ("words", "aoi_of"),
    [
        ("15,48,16,49", {"bbox": [15, 48, 16, 49]}),
        (" -70.5 , -33.25,-70,-33 ", {"bbox": [-70.5, -33.25, -70, -33]}),
        ("15.5,48.5,2.5", {"type": "Point", "coordinates": [15.5, 48.5], "buffer_m": 2500}),
        ("-70,-33,1e1", {"type": "Point", "coordinates": [-70, -33], "buffer_m": 10_000}),
        ("POINT (1 2)", {"type": "Point", "coordinates": (1, 2)}),
        ("srid=4326;Point Z (1 2 3)", {"type": "Point", "coordinates": (1, 2)}),
    ],
)
def test_an_area_in_words(words: str, aoi_of: dict[str, Any]) -> None:
    assert is_text(words)
    found, told = read_text(words)
    assert found.aoi == aoi_of
    assert told is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("1", "1 number: give a box"),
        ("1,2", "2 numbers: give a box"),
        ("1,2,3,4,5", "5 numbers"),
        ("POLYGON ((1 2, 3", "no valid WKT"),
        ("SRID=99999;POINT (1 2)", "not known"),
        ("SRID=32633;POINT (1e30 2)", "outside"),
    ],
)
def test_words_that_are_no_area_are_told_in_one_line(words: str, said: str) -> None:
    assert is_text(words)
    with pytest.raises(InvalidRequest, match=r"^AOI: ") as caught:
        read_text(words)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("words", ["areas.geojson", "15", "polygon.shp", "", "a,b,c,d"])
def test_a_name_is_no_area(words: str) -> None:
    assert is_text(words) == (words == "15")

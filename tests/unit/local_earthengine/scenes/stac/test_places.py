"""Where items lie whose rasters or outlines meet 180 degrees or a pole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ee
import numpy as np
import pytest

from local_earthengine.engine import Engine, render
from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.stac.fields import StacError
from local_earthengine.values.export_grid import export_grid
from tests.support import offline_client as ee_offline
from tests.support.stac_items import Tiff, write_item

NAME = "my/c"
SIDE = 40
Places = list[tuple[float, float]]


def compute(folder: Path, value: Any) -> Any:
    return Engine(StacCatalog(folder)).compute(ee_offline.expression(value))


def raster(crs: str, scale: float, west: float, north: float) -> Tiff:
    return Tiff(np.ones((SIDE, SIDE), np.float32), crs, scale, (west, north))


def found_at(folder: Path, lon: float, lat: float) -> int:
    place = ee.Geometry.Point([lon, lat])
    return int(compute(folder, ee.ImageCollection(NAME).filterBounds(place).size()))


FIJI_IN: Places = [(179.95, -17), (-179.95, -17), (180, -17), (-180, -17), (180.05, -17)]
FIJI_OUT: Places = [(20, -17), (0, -17), (179, -17), (-179, -17)]
# Raster, area in km², places inside, places outside.
RASTERS: dict[str, tuple[Tiff, float, Places, Places]] = {
    "UTM 60 south": (raster("EPSG:32760", 1000, 788_500, 8_138_100), 1600, FIJI_IN, FIJI_OUT),
    "UTM 1 south": (raster("EPSG:32701", 1000, 160_000, 8_138_100), 1600, FIJI_IN, FIJI_OUT),
    "degrees past 180": (raster("EPSG:4326", 0.01, 179.8, -16.8), 1884, FIJI_IN, FIJI_OUT),
    "degrees before -180": (raster("EPSG:4326", 0.01, -180.2, -16.8), 1884, FIJI_IN, FIJI_OUT),
    "the north pole": (
        raster("EPSG:3413", 10_000, -200_000, 200_000), 170_140,
        [(0, 90), (0, 89.9), (180, 89), (-77, 88.5)], [(0, 80), (0, -90), (10, 86)]),
    "the south pole": (
        raster("EPSG:3031", 10_000, -200_000, 200_000), 169_900,
        [(0, -90), (0, -89.9), (180, -89), (-77, -88.5)], [(0, -80), (0, 90), (10, -86)]),
    "a corner at the pole": (
        raster("EPSG:3413", 10_000, 0, 400_000), 169_900,
        [(90, 87), (50, 89), (130, 89.9)], [(0, 87), (180, 87), (-90, 87)]),
    "all longitudes from 0 on": (
        raster("EPSG:4326", 9, 0, 180), 510_065_622,
        [(-179, 0), (179, 0), (0, 0), (180, 45), (5, -90)], []),
}  # fmt: skip


@pytest.mark.parametrize("name", RASTERS)
def test_a_raster_without_outline_is_found_where_its_pixels_are(tmp_path: Path, name: str) -> None:
    tiff, area, inside, outside = RASTERS[name]
    write_item(tmp_path, "one", {"b": tiff}, collection=NAME)
    assert [found_at(tmp_path, *place) for place in inside] == [1] * len(inside)
    assert [found_at(tmp_path, *place) for place in outside] == [0] * len(outside)
    image = ee.Image(f"{NAME}/one")
    assert compute(tmp_path, image.geometry().area(1)) / 1e6 == pytest.approx(area, rel=1e-2)


@pytest.mark.parametrize("name", list(RASTERS)[:-1])
def test_its_own_outline_exports_all_its_pixels(tmp_path: Path, name: str) -> None:
    write_item(tmp_path, "one", {"b": RASTERS[name][0]}, collection=NAME)
    image = ee.Image(f"{NAME}/one")
    counted = image.reduceRegion(ee.Reducer.count(), image.geometry())
    assert compute(tmp_path, counted) == {"b": SIDE * SIDE}
    found = Engine(StacCatalog(tmp_path)).image(
        ee_offline.exported(image.clip(image.geometry()), region=image.geometry())
    )
    grid = export_grid(found)
    assert (grid.width, grid.height) < (SIDE + 4, SIDE + 4)
    assert sum(int(bands["b"].valid.sum()) for _, bands in render(found, grid)) == SIDE * SIDE


def test_pixels_past_180_are_read_from_a_raster_of_all_longitudes(tmp_path: Path) -> None:
    values = np.arange(360, dtype=np.float32)[None].repeat(20, 0)
    write_item(tmp_path, "one", {"b": Tiff(values, "EPSG:4326", 1.0, (-180, 10))}, collection=NAME)
    image = ee.Image(f"{NAME}/one")
    for box in ([177, -2, 183, 2], [-183, -2, -177, 2]):
        area = ee.Geometry.Rectangle(box, None, False)
        sums = image.reduceRegion(ee.Reducer.toList(), area)
        assert sorted(set(compute(tmp_path, sums)["b"])) == [0, 1, 2, 357, 358, 359]
        painted = ee.Image(0).byte().paint(area, 1).updateMask(image.mask())
        total = painted.reduceRegion(ee.Reducer.sum(), area, crs="EPSG:4326", scale=111319.4907932)
        assert compute(tmp_path, total)["constant"] == pytest.approx(24)


def polygon(*ring: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(place) for place in (*ring, ring[0])]]}


def square(west: float, east: float) -> list[list[list[float]]]:
    ring = [[west, -18.0], [east, -18.0], [east, -16.0], [west, -16.0], [west, -18.0]]
    return [ring]


CROSSED: Places = [(179.9, -17), (-179.9, -17), (180, -17), (180.5, -17)]
OUTLINES: dict[str, tuple[dict[str, Any], Places, Places]] = {
    "a ring that jumps": (
        {"geometry": polygon((179, -18), (-179, -18), (-179, -16), (179, -16))},
        CROSSED, [(0, -17), (178, -17)]),
    "a ring down to -181": (
        {"geometry": {"type": "Polygon", "coordinates": square(-181, -179)}},
        CROSSED, [(0, -17), (178, -17)]),
    "a ring up to 181": (
        {"geometry": {"type": "Polygon", "coordinates": square(179, 181)}},
        CROSSED, [(0, -17), (178, -17)]),
    "halves": (
        {"geometry": {
            "type": "MultiPolygon", "coordinates": [square(179, 180), square(-180, -179)]}},
        CROSSED, [(0, -17), (178, -17)]),
    "a ring with both names of 180": (
        {"geometry": polygon(
            (179, -18), (180, -18), (-180, -18), (-179, -18), (-179, -16), (-180, -16), (180, -16),
            (179, -16))},
        CROSSED, [(0, -17), (178, -17)]),
    "a box whose west is greater": (
        {"bbox": [179, -18, -179, -16]}, CROSSED, [(0, -17), (178, -17)]),
    "a box down to -181": ({"bbox": [-181, -18, -179, -16]}, CROSSED, [(0, -17), (178, -17)]),
    "a ring round the north pole": (
        {"geometry": polygon((0, 80), (90, 80), (180, 80), (-90, 80))},
        [(0, 90), (10, 85), (180, 81), (-180, 81)], [(0, 79), (0, -80)]),
    "a ring along the south pole": (
        {"geometry": polygon((-180, -90), (180, -90), (180, -80), (-180, -80))},
        [(0, -90), (10, -85), (180, -81), (-180, -81)], [(0, -79), (0, 80)]),
    "a belt": (
        {"geometry": polygon((-180, 81), (180, 81), (180, 82), (-180, 82))},
        [(0, 81.5), (180, 81.5), (-180, 81.5)], [(0, 80), (0, 83), (180, 83)]),
}  # fmt: skip


LYING_THERE = {
    CROSSED[0]: raster("EPSG:32760", 1000, 788_500, 8_138_100),
    (0, 90): raster("EPSG:3413", 10_000, -200_000, 200_000),
    (0, -90): raster("EPSG:3031", 10_000, -200_000, 200_000),
    (0, 81.5): raster("EPSG:3413", 1000, 895_000, 20_000),
}


@pytest.mark.parametrize("name", OUTLINES)
def test_an_outline_is_where_it_is_in_every_notation(tmp_path: Path, name: str) -> None:
    fields, inside, outside = OUTLINES[name]
    write_item(tmp_path, "one", {"b": LYING_THERE[inside[0]]}, collection=NAME, **fields)
    assert [found_at(tmp_path, *place) for place in inside] == [1] * len(inside)
    assert [found_at(tmp_path, *place) for place in outside] == [0] * len(outside)


@pytest.mark.parametrize("bbox", [[3, 0, 1, 1], [15.2, 48, 15.1, 49], [180, 0, -180, 1]])
def test_a_box_that_seems_swapped_is_told(tmp_path: Path, bbox: list[float]) -> None:
    tiff = raster("EPSG:32760", 1000, 788_500, 8_138_100)
    write_item(tmp_path, "one", {"b": tiff}, collection=NAME, bbox=bbox)
    with pytest.raises(StacError, match=r"bbox.*(swap west and east|has no area)"):
        compute(tmp_path, ee.ImageCollection(NAME).size())


def ring(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    return {"geometry": polygon((west, south), (east, south), (east, north), (west, north))}


FIJI, POLE = RASTERS["UTM 60 south"][0], RASTERS["the north pole"][0]
HERE: dict[str, tuple[Tiff, dict[str, Any]]] = {
    "its own outline": (FIJI, ring(179.71, -17.19, -179.91, -16.81)),
    "what has data of it": (FIJI, ring(179.8, -17.1, 179.9, -17.0)),
    "a scene that it is cut out of": (FIJI, ring(178, -19, -178, -16)),
    "a little off": (FIJI, ring(179.75, -17.2, -179.88, -16.85)),
    "a box": (FIJI, {"bbox": [179.7, -17.2, -179.9, -16.8]}),
    "a ring round the pole": (POLE, {"geometry": polygon((0, 88), (120, 88), (-120, 88))}),
    "all of the Earth": (FIJI, {"bbox": [-180, -90, 180, 90]}),
}
ELSEWHERE: dict[str, tuple[Tiff, dict[str, Any], str]] = {
    "another place": (FIJI, ring(10, 50, 11, 51), "geometry"),
    "latitude before longitude": (FIJI, ring(-17.2, 79.7, -16.8, 80.1), "geometry"),
    "the other side of 180": (FIJI, ring(-179.7, -17.2, -179.3, -16.8), "geometry"),
    "the other hemisphere": (FIJI, ring(179.71, 16.81, -179.91, 17.19), "geometry"),
    "a corner alone": (FIJI, ring(179.9, -17.4, -179.7, -17.0), "geometry"),
    "a box": (FIJI, {"bbox": [10, 50, 11, 51]}, "bbox"),
    "the other pole": (POLE, {"geometry": polygon((0, -88), (120, -88), (-120, -88))}, "geometry"),
}


@pytest.mark.parametrize("name", HERE)
def test_a_geometry_may_be_more_or_less_than_its_raster(tmp_path: Path, name: str) -> None:
    tiff, fields = HERE[name]
    write_item(tmp_path, "one", {"b": tiff}, collection=NAME, **fields)
    assert compute(tmp_path, ee.ImageCollection(NAME).size()) == 1


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_geometry_elsewhere_is_a_fault_that_names_file_and_field(
    tmp_path: Path, name: str
) -> None:
    tiff, fields, field = ELSEWHERE[name]
    path = write_item(tmp_path, "one", {"b": tiff}, collection=NAME, **fields)
    with pytest.raises(StacError) as fault:
        StacCatalog(tmp_path)
    (line,) = fault.value.faults
    assert line.startswith(f"{path}: {field}: one-b.tif lies elsewhere")

"""Every field that changes pixels, against brute force, in both presets, on a small world."""

from typing import Any

import pytest
import shapely

from tests.contract.pixels.words import words_of
from tests.support import tiny_world
from tests.support.composites import Area, assert_equal, box, expected, exported, job_of
from tests.support.tiny_scenes import TinyCatalog

_QUICK = {"filter": "focal_median", "radius_m": 30}
_PRODUCTS = (
    "vvvh_db",
    "vvvh_linear",
    "vvdvh_notebook",
    "vv_db",
    "vh_db",
    "vv_linear",
    "vh_linear",
)
_STATISTICS = ["median", "stdDev", "mean", "min", "max", "count"]

# name: (fields of the message, what they mean to the brute force)
_CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "preset": ({}, {}),
    "power": ({"collection": "COPERNICUS/S1_GRD_FLOAT"}, {}),
    "dB": ({"collection": "COPERNICUS/S1_GRD"}, {}),
    "angle none": ({"angle": "none"}, {"angle": (None, None)}),
    "angle hird": ({"angle": "hird"}, {"angle": (30.63993, 45.23993)}),
    "angle notebook": ({"angle": "notebook"}, {"angle": (30.63993, 45.53993)}),
    "angle gt40": ({"angle": "gt40"}, {"angle": (40, None)}),
    "angle max": ({"angle": {"max": 41.5}}, {"angle": (None, 41.5)}),
    "angle both": ({"angle": {"min": 33, "max": 38}}, {"angle": (33, 38)}),
    "no filter": ({"speckle": {"filter": "none"}}, {"speckle": {"filter": "none"}}),
    "boxcar 3": (
        {"speckle": {"filter": "boxcar", "size_px": 3}},
        {"speckle": {"filter": "boxcar", "size_px": 3}},
    ),
    "boxcar 9": (
        {"speckle": {"filter": "boxcar", "size_px": 9}},
        {"speckle": {"filter": "boxcar", "size_px": 9}},
    ),
    "median of 5 pixels": (
        {"speckle": {"filter": "focal_median", "radius_m": 14}},
        {"speckle": {"filter": "focal_median", "radius_m": 14}},
    ),
    **{
        f"product {name}": (
            {"products": [name], "valid_range": None},
            {"products": [name], "valid_range": {}},
        )
        for name in _PRODUCTS
    },
    "all products and statistics": (
        {"products": list(_PRODUCTS), "statistics": _STATISTICS},
        {
            "products": list(_PRODUCTS),
            "statistics": _STATISTICS,
            "valid_range": {"vvvh_db": (-5, 30), "vvdvh_notebook": (-5, 5)},
        },
    ),
    "valid range": (
        {"products": ["vvvh_db", "vv_db"], "valid_range": {"vvvh_db": [5, 9], "vv_db": None}},
        {"products": ["vvvh_db", "vv_db"], "valid_range": {"vvvh_db": (5, 9)}},
    ),
    "clip": ({"clip": True}, {"clip": box(tiny_world.INSIDE)}),
    "no clip": ({"clip": False}, {"clip": None}),
    "utm": ({"grid": {"crs": "utm", "scale": 10}}, {}),
    "utm, coarser than the scenes": ({"grid": {"crs": "EPSG:32633", "scale": 23}}, {}),
    "utm, finer than the scenes": (
        {"grid": {"crs": "EPSG:32633", "scale": 6, "oversample": True}},
        {},
    ),
    "degrees": ({"grid": {"crs": "EPSG:4326", "scale": 10}}, {}),
    "another crs": ({"grid": {"crs": "EPSG:32632", "scale": 12}}, {}),
}


@pytest.fixture(scope="module")
def catalog() -> TinyCatalog:
    return TinyCatalog([*tiny_world.taken(), *tiny_world.left()])


def _message(preset: str, area: Area, **fields: Any) -> dict[str, Any]:
    return {
        "aoi": {"bbox": list(area)},
        "start": tiny_world.START,
        "end": tiny_world.END,
        "preset": preset,
        **fields,
    }


@pytest.mark.parametrize("preset", ["default", "notebook"])
@pytest.mark.parametrize("case", _CASES)
def test_pixels_equal_brute_force(preset, case, catalog):
    fields, words = _CASES[case]
    if case != "preset":  # a small window where the window is not what is looked at
        fields, words = {"speckle": _QUICK} | fields, {"speckle": _QUICK} | words
    job = job_of(_message(preset, tiny_world.INSIDE, **fields), orbit=58)
    meant = words_of(preset, tiny_world.INSIDE, **words)
    assert_equal(exported(job, catalog), expected(job, tiny_world.slices(), meant))


@pytest.mark.parametrize("preset", ["default", "notebook"])
def test_area_beyond_the_scenes(preset, catalog):
    job = job_of(_message(preset, tiny_world.PARTLY), orbit=58)
    theirs = expected(job, tiny_world.slices(), words_of(preset, tiny_world.PARTLY))
    assert_equal(exported(job, catalog), theirs)


@pytest.mark.parametrize("platforms", [["A"], ["C", "B"], ["A", "B", "C", "D"]])
def test_only_the_platforms_asked_for(platforms, catalog):
    message = _message("default", tiny_world.INSIDE, platforms=platforms, speckle=_QUICK)
    job = job_of(message, orbit=58)
    words = words_of("default", tiny_world.INSIDE, speckle=_QUICK)
    theirs = expected(job, tiny_world.slices("".join(platforms)), words)
    assert_equal(exported(job, catalog), theirs)


def test_clip_follows_the_areas_outline_and_its_hole(catalog):
    west, south, east, north = tiny_world.INSIDE
    shell = [[west, south], [east, south], [east, north], [west, south]]
    hole = [[15.003, 9.9995], [15.0035, 10.0], [15.003, 10.0], [15.003, 9.9995]]
    message = _message("default", tiny_world.INSIDE, speckle=_QUICK)
    message["aoi"] = {"type": "Polygon", "coordinates": [shell, hole]}
    job = job_of(message, orbit=58)
    clip = shapely.Polygon(shell, [hole])
    words = words_of("default", tiny_world.INSIDE, speckle=_QUICK, clip=clip)
    assert_equal(exported(job, catalog), expected(job, tiny_world.slices(), words))

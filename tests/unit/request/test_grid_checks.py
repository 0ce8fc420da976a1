"""What a publisher may ask of a grid: its axes, the filter on it, the box that is exported."""

from typing import Any

import pytest

from s1ratio.request import Limits
from tests.support.messages import NAMIBIA, read, refused

ARCTIC = {"bbox": [0, 84.5, 1, 85]}
ANTARCTIC = {"bbox": [0, -85, 1, -84.5]}
# Two specks, far from each other: small themselves, their box is a continent.
SPECKS = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[x, y], [x + 0.001, y], [x, y + 0.001], [x, y]]] for x, y in ((-10, 36), (40, 70))
    ],
}


@pytest.mark.parametrize(
    ("code", "axes"),
    [
        (2053, "west and south"),
        (2065, "south and west"),
        (5513, "south and west"),
        (2218, "north and west"),
        (3052, "west and north"),
    ],
)
def test_axes_to_the_west_or_south_are_refused(code: int, axes: str) -> None:
    words = refused(grid={"crs": f"EPSG:{code}"})["grid.crs"]
    assert f"the axes of EPSG:{code} point {axes}" in words
    assert "east and north" in words


@pytest.mark.parametrize(
    "code", [3408, 3411, 3413, 3571, 3573, 3575, 3576, 3995, 3996, 5041, 5936, 6931, 32661]
)
def test_crs_around_the_north_pole_are_taken(code: int) -> None:
    assert read(aoi=ARCTIC, grid={"crs": f"EPSG:{code}"}).request.grid.crs == f"EPSG:{code}"


@pytest.mark.parametrize("code", [3031, 3032, 3409, 3412, 3976, 5042, 6932, 32761])
def test_crs_around_the_south_pole_are_taken(code: int) -> None:
    assert read(aoi=ANTARCTIC, grid={"crs": f"EPSG:{code}"}).request.grid.crs == f"EPSG:{code}"


def test_a_crs_that_nothing_can_be_projected_to_is_refused() -> None:
    words = refused(aoi=ANTARCTIC, grid={"crs": "EPSG:2985"})["grid.crs"]
    assert "the area can't be projected to EPSG:2985" in words


@pytest.mark.parametrize("code", [2180, 3035, 3857, 5514, 31467, 32633])
def test_crs_with_axes_to_the_east_and_north_are_taken_in_either_order(code: int) -> None:
    here = {"bbox": [15, 50, 15.1, 50.1]}
    assert read(aoi=here, grid={"crs": f"EPSG:{code}"}).request.grid.crs == f"EPSG:{code}"


@pytest.mark.parametrize(
    ("radius", "scale", "words"),
    [
        (9.9, 10, "9.9 m filters nothing on pixels of 10 m"),
        (1000, 1, "1000 m is 1000 pixels of 1 m, at most 100"),
        (1000, 9.9, "1000 m is 101 pixels of 9.9 m, at most 100"),
    ],
)
def test_a_disk_that_is_no_filter_or_too_large_a_one_is_refused(
    radius: float, scale: float, words: str
) -> None:
    speckle = {"filter": "focal_median", "radius_m": radius}
    faults = refused(speckle=speckle, grid={"scale": scale, "oversample": True})
    assert list(faults) == ["speckle.radius_m"]
    assert words in faults["speckle.radius_m"]


@pytest.mark.parametrize("fields", [{}, {"preset": "notebook"}])
def test_the_radius_of_the_preset_is_judged_like_any_other(fields: dict[str, Any]) -> None:
    grid = {"crs": "EPSG:4326", "scale": 101}
    words = refused(grid=grid, **fields)["speckle.radius_m"]
    assert 'a larger radius, a smaller scale, or {"filter": "none"}' in words
    assert read(grid=grid, speckle={"filter": "none"}, **fields)


@pytest.mark.parametrize(("radius", "scale"), [(10, 10), (1000, 10), (100, 100), (100, 1)])
def test_a_disk_of_one_pixel_to_a_hundred_is_taken(radius: float, scale: float) -> None:
    speckle = {"filter": "focal_median", "radius_m": radius}
    grid = {"scale": scale, "oversample": True}
    assert read(speckle=speckle, grid=grid).request.grid.scale == scale


def test_the_filter_is_judged_beside_every_other_fault() -> None:
    faults = refused(aoi={"bbox": []}, grid={"scale": 1000}, priority=-1)
    assert set(faults) == {"aoi.bbox", "speckle.radius_m", "priority"}


def test_the_box_that_is_exported_without_clipping_has_the_areas_limit() -> None:
    grid = {"crs": "EPSG:4326", "scale": 10}
    assert read(aoi=SPECKS, grid=grid).request.aoi.area_km2 < 1
    faults = refused(aoi=SPECKS, grid=grid, clip=False)
    assert list(faults) == ["clip"]
    assert "bounding box" in faults["clip"]
    assert "at most 250,000 km²" in faults["clip"]
    assert "set `clip` to true" in faults["clip"]


def test_the_notebooks_box_is_judged_though_nobody_wrote_clip() -> None:
    assert list(refused(aoi=SPECKS, preset="notebook")) == ["clip"]
    assert read(aoi=SPECKS, preset="notebook", clip=True)


@pytest.mark.parametrize("grid", [{"crs": "EPSG:4326"}, {"crs": "EPSG:3857"}])
def test_a_box_that_is_as_large_as_its_area_passes_with_it(grid: dict[str, Any]) -> None:
    limit = Limits(max_area_km2=read(aoi=NAMIBIA).request.aoi.area_km2)
    assert read(limit, aoi=NAMIBIA, grid=grid, clip=False)


def test_an_area_over_the_limit_is_one_fault() -> None:
    assert set(refused(Limits(max_area_km2=10), clip=False)) == {"aoi"}

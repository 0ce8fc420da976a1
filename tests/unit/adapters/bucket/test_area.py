"""How much of an area a file has: compared with every pixel of it, looked at one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Polygon
from shapely.geometry import box

from s1ratio.adapters.bucket.raster import GcsRasterReader
from s1ratio.ports import AreaSample
from tests.support.geotiffs import NO_DATA, write_cog
from tests.support.object_stores import FolderStore

LEFT, TOP, SIZE = 500_000.0, 5_550_000.0, 10.0
BANDS = ("vvvh_db_median", "vvvh_db_count")
LARGE = 1_100  # px a side: 81 blocks
_RNG = np.random.default_rng(7)


def utm(*points: tuple[float, float]) -> Polygon:
    """A polygon given in columns and rows."""
    return Polygon([(LEFT + x * SIZE, TOP - y * SIZE) for x, y in points])


def measure(
    folder: Path, valid: Any, area: shapely.Geometry, bands: tuple[str, ...] = BANDS, **options: Any
) -> AreaSample | None:
    """What the reader says of a file: a count of 3 above its diagonal, of 1 below."""
    count = np.where(np.triu(valid), 3.0, 1.0) * valid
    made = {"median": np.where(valid, 7.0, NO_DATA), "count": count}
    data = np.stack([made[name.rsplit("_", 1)[1]] for name in bands]).astype(np.float32)
    write_cog(folder / "a.tif", data, bands, blocksize=128, **options)
    store = FolderStore(folder)
    return GcsRasterReader(store).read(store.item("a.tif"), area=area).sample.area


def true_shares(valid: Any, area: shapely.Geometry) -> tuple[float, float, float]:
    """Pixels whose centre lies in the area; of these with data, and of two passes."""
    rows, columns = (np.arange(side) + 0.5 for side in valid.shape)
    x, y = np.meshgrid(LEFT + columns * SIZE, TOP - rows * SIZE)
    inside = shapely.contains_xy(area, x, y)
    return inside.sum(), (inside & valid).sum(), (inside & np.triu(valid)).sum()


def everywhere(rows: Any, columns: Any) -> Any:
    return (rows >= 0) & (columns >= 0)


def half(rows: Any, columns: Any) -> Any:
    return (columns + 0.2 * rows) < 0.55 * columns.max()


def scattered(rows: Any, columns: Any) -> Any:
    return _RNG.random((rows + columns).shape) < 0.7


def scattered_half(rows: Any, columns: Any) -> Any:
    return half(rows, columns) & scattered(rows, columns)


def nowhere(rows: Any, columns: Any) -> Any:
    return (rows < 0) & (columns < 0)


def corner(rows: Any, columns: Any) -> Any:
    return (rows < 0.3 * rows.max()) & (columns < 0.3 * columns.max())


def mask(side: int, where: Callable[[Any, Any], Any]) -> Any:
    rows, columns = np.mgrid[0:side, 0:side]
    return where(rows, columns)


def whole(side: int) -> Polygon:
    return utm((0, 0), (side, 0), (side, side), (0, side))


def triangle(side: int) -> Polygon:
    return utm((0, 0), (side, 0), (0.3 * side, side))


def strip(side: int) -> Polygon:
    return utm((0, 0.203 * side), (side, 0.8 * side), (side, 0.83 * side), (0, 0.231 * side))


def ring(side: int) -> Polygon:
    return whole(side).difference(utm(*((side * x, side * y) for x, y in HOLE)))


HOLE = [(0.05, 0.05), (0.95, 0.05), (0.95, 0.95), (0.05, 0.95)]
MASKS = [everywhere, half, scattered, scattered_half, nowhere, corner]
AREAS = [whole, triangle, strip, ring]


@pytest.mark.parametrize("where", MASKS)
@pytest.mark.parametrize("area", AREAS)
def test_the_pixels_of_a_small_file_are_counted(tmp_path, where, area) -> None:
    valid = mask(300, where)
    found = measure(tmp_path, valid, area(300))
    pixels, data, twice = true_shares(valid, area(300))
    assert found == AreaSample(pixels, data, twice, counted=pixels)


@pytest.mark.parametrize("resampling", ["NEAREST", "AVERAGE"])
@pytest.mark.parametrize("where", MASKS)
@pytest.mark.parametrize("area", AREAS)
def test_those_of_a_large_one_are_estimated(tmp_path, where, area, resampling) -> None:
    valid = mask(LARGE, where)
    found = measure(tmp_path, valid, area(LARGE), OVERVIEW_RESAMPLING=resampling)
    pixels, data, twice = true_shares(valid, area(LARGE))
    assert found is not None
    assert found.pixels == pytest.approx(pixels, rel=0.01)
    assert 0 < found.counted < 0.4 * pixels
    assert found.valid / found.pixels == pytest.approx(data / pixels, abs=0.05)
    assert found.twice is not None

    assert found.twice / pixels == pytest.approx(twice / pixels, abs=0.05)


def test_what_is_looked_at_costs_no_byte_more(tmp_path) -> None:
    measure(tmp_path, mask(LARGE, scattered_half), whole(LARGE))
    drawn = []
    for area in (None, whole(LARGE)):
        store = FolderStore(tmp_path)
        GcsRasterReader(store).read(store.item("a.tif"), area=area)
        drawn.append(store.reads)
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(
    ("bands", "twice"),
    [(BANDS[:1], False), (BANDS, True), (BANDS[::-1], True), (BANDS[1:], True)],
)
def test_two_passes_are_told_only_where_they_are_counted(tmp_path, bands, twice) -> None:
    valid = mask(200, half)
    found = measure(tmp_path, valid, whole(200), bands)
    pixels, data, expected = true_shares(valid, whole(200))
    assert found == AreaSample(pixels, data, expected if twice else None, counted=pixels)


@pytest.mark.parametrize(
    "area",
    [
        box(LEFT + 1, TOP - 3, LEFT + 4, TOP - 1),  # of a pixel, without its centre
        box(LEFT - 900, TOP + 100, LEFT - 800, TOP + 200),  # beside the file
        Polygon(),
    ],
)
def test_an_area_without_a_pixels_centre_has_none(tmp_path, area) -> None:
    assert measure(tmp_path, mask(200, everywhere), area) == AreaSample(0, 0, 0, 0)


def test_nothing_is_told_where_nobody_asks_or_nothing_is_measured(tmp_path) -> None:
    write_cog(tmp_path / "a.tif", np.ones((1, 90, 90), np.int16), ("VV",))
    store = FolderStore(tmp_path)
    assert GcsRasterReader(store).read(store.item("a.tif"), area=whole(90)).sample.area is None
    assert measure(tmp_path, mask(90, half), whole(90)) is not None
    assert GcsRasterReader(store).read(store.item("a.tif")).sample.area is None

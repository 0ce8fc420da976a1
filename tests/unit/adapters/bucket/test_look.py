"""A look from afar is a file's overview, as rasterio itself reads it, and costs no more."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from s1ratio.adapters.bucket.look import LOOK_BYTES, look_at
from s1ratio.errors import BudgetSpent, ObjectMissing, UnreadableRaster
from s1ratio.pictures.drawing import draw_picture
from s1ratio.pictures.scales import SCALES
from s1ratio.pictures.subject import Subject
from s1ratio.pictures.thumbnail import draw_thumbnail
from tests.support.geotiffs import NO_DATA, write_cog, write_geotiff
from tests.support.object_stores import FolderStore

BANDS = ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")


class Gone(FolderStore):
    """A bucket whose objects are deleted once they were listed."""

    def read(self, name: str, start: int, length: int) -> bytes:
        raise ObjectMissing(f"{name} is not there: {start} {length}")


def pixels(side: int, bands: int = 3) -> np.ndarray:
    values = np.random.default_rng(5).normal(7, 2, (bands, side, side)).astype("float32")
    values[:, : side // 4] = NO_DATA
    return values


def test_of_a_small_file_it_is_the_pixels(tmp_path: Path) -> None:
    values = pixels(300)
    write_cog(tmp_path / "a.tif", values, BANDS)
    store = FolderStore(tmp_path)
    look = look_at(store, store.item("a.tif"))
    assert look.shrink == 1
    kept = values[:, 75:]
    for band, of in zip(look.statistics, kept, strict=True):
        assert band.mean == pytest.approx(of.mean(), rel=1e-6)
        assert (band.minimum, band.maximum) == pytest.approx((of.min(), of.max()))
        assert band.stddev == pytest.approx(of.std(), rel=1e-5)
        assert band.valid_percent == 75
    assert np.isnan(look.overview.values[:75]).all()
    assert (look.overview.values[75:] == kept[0]).all()
    assert (look.overview.crs, look.overview.shape) == ("EPSG:32633", (300, 300))


@pytest.mark.parametrize(("budget", "factor"), [(LOOK_BYTES, 2), (3_000_000, 4)])
def test_of_a_large_file_it_is_the_finest_overview_that_is_cheap(
    tmp_path: Path, budget: int, factor: int
) -> None:
    write_cog(tmp_path / "a.tif", pixels(1_600), BANDS)
    store = FolderStore(tmp_path)
    look = look_at(store, store.item("a.tif"), budget)
    with rasterio.open(tmp_path / "a.tif", overview_level=factor // 2 - 1) as level:
        theirs = level.read(1, masked=True).filled(np.nan)
    np.testing.assert_array_equal(look.overview.values, theirs)
    assert look.shrink == factor
    assert look.overview.shrink == pytest.approx(factor)
    assert store.drawn <= 2 * budget


def test_a_large_file_without_overviews_is_not_even_begun(tmp_path: Path) -> None:
    write_geotiff(tmp_path / "a.tif", pixels(1_500, 1), BANDS[:1], tiled=True)
    store = FolderStore(tmp_path)
    with pytest.raises(BudgetSpent):
        look_at(store, store.item("a.tif"))
    assert store.drawn < 500_000


def test_a_file_of_which_all_is_masked_has_no_numbers(tmp_path: Path) -> None:
    write_cog(tmp_path / "a.tif", np.full((1, 64, 64), NO_DATA, "float32"), BANDS[:1])
    store = FolderStore(tmp_path)
    (band,) = look_at(store, store.item("a.tif")).statistics
    assert (band.minimum, band.maximum, band.mean, band.stddev) == (None,) * 4
    assert band.valid_percent == 0


def test_a_broken_file_is_unreadable_and_one_that_is_gone_is_missing(tmp_path: Path) -> None:
    write_cog(tmp_path / "a.tif", pixels(600), BANDS)
    whole = (tmp_path / "a.tif").read_bytes()
    store = FolderStore(tmp_path)
    for broken in (whole[: len(whole) // 3], whole[:2000] + b"\0" * (len(whole) - 2000), b"no"):
        (tmp_path / "a.tif").write_bytes(broken)
        with pytest.raises(UnreadableRaster):
            look_at(store, store.item("a.tif"))
    with pytest.raises(ObjectMissing):
        look_at(Gone(tmp_path), store.item("a.tif"))


def test_pictures_are_drawn_of_it(tmp_path: Path) -> None:
    write_cog(tmp_path / "a.tif", pixels(900), BANDS)
    store = FolderStore(tmp_path)
    overview = look_at(store, store.item("a.tif")).overview
    scale = SCALES[BANDS[0]]
    small = draw_thumbnail(overview, scale)
    large = draw_picture(overview, scale, Subject("n", 1, "ascending", "p", "s"))
    assert small[:4] == large[:4] == b"\x89PNG"
    assert len(small) < len(large) / 4

"""Reading GeoTIFFs by ranges: what they say, whether they are whole, whether they hold data."""

import contextlib
import struct
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s1ratio.adapters.bucket import search as searching
from s1ratio.adapters.bucket.raster import MAX_BYTES, GcsRasterReader
from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable, UnreadableRaster
from s1ratio.ports import RasterFile, RasterSample
from tests.support.geotiffs import NO_DATA, UTM_33, end_of_pixels, write_cog, write_geotiff
from tests.support.object_stores import FolderStore, at_most

UNPLACED = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
EXAMPLES = 80
BANDS = ("vvvh_db_median", "vvvh_db_count")


def pixels(bands: int, height: int, width: int, value: float = NO_DATA):
    return np.full((bands, height, width), value, np.float32)


def noise(bands: int = 2, height: int = 600, width: int = 700):
    return np.random.default_rng(7).normal(6, 3, (bands, height, width)).astype(np.float32)


def read(path: Path, search: bool = True) -> RasterFile:
    store = FolderStore(path.parent)
    return GcsRasterReader(store).read(store.item(path.name), search=search)


def test_a_file_says_where_it_lies_and_what_its_bands_are(tmp_path):
    path = write_cog(tmp_path / "a.tif", noise(), BANDS)
    assert replace(read(path), sample=RasterSample()) == RasterFile(
        "a.tif",
        "EPSG:32633",
        (10.0, 0.0, 500_000.0, 0.0, -10.0, 5_550_000.0),
        (600, 700),
        BANDS,
        "float32",
        NO_DATA,
        True,
    )


def test_degrees_keep_every_digit(tmp_path):
    size = 10 / 111319.49079327357
    transform = rasterio.Affine(size, 0, 155_847 * size, 0, -size, -189_246 * size)
    path = write_cog(tmp_path / "a.tif", noise(), BANDS, transform=transform, crs="EPSG:4326")
    file = read(path)
    assert file.crs == "EPSG:4326"
    assert file.transform == tuple(transform)[:6]


@pytest.mark.parametrize(
    "options",
    [
        {"ENDIANNESS": "BIG"},
        {"BIGTIFF": "YES"},
        {"BIGTIFF": "YES", "ENDIANNESS": "BIG", "tiled": True},
        {"compress": "LZW", "predictor": 3, "tiled": True, "blockxsize": 256, "blockysize": 256},
        {"interleave": "band"},
        {"compress": "ZSTD"},
    ],
    ids=str,
)
def test_every_form_of_tiff_is_read(tmp_path, options):
    data = pixels(2, 300, 400, np.nan)  # GDAL 3.10 writes blocks of noData in the wrong order
    empty = write_geotiff(tmp_path / "empty.tif", data, BANDS, **options)
    data[0, 299, 399] = 1.5
    full = write_geotiff(tmp_path / "full.tif", data, BANDS, **options)
    assert (read(empty).has_data, read(full).has_data) == (False, True)
    assert read(full).shape == (300, 400)


def test_an_all_masked_file_has_no_data(tmp_path):
    for value in (NO_DATA, np.nan):
        path = write_cog(tmp_path / f"{value}.tif", pixels(2, 600, 700, value), BANDS)
        assert read(path).has_data is False


def test_blocks_that_were_never_written_hold_no_data(tmp_path):
    path = write_cog(tmp_path / "a.tif", pixels(2, 600, 700), BANDS, SPARSE_OK="TRUE")
    assert read(path).has_data is False


def test_counts_alone_are_no_data(tmp_path):
    data = pixels(2, 600, 700)
    data[1] = 12
    assert read(write_cog(tmp_path / "a.tif", data, BANDS)).has_data is False
    assert read(write_cog(tmp_path / "b.tif", data, BANDS[::-1])).has_data is True


def test_where_counts_were_all_that_was_asked_one_above_zero_is_data(tmp_path):
    names = ("vvvh_db_count", "vv_db_count")
    zero = write_cog(tmp_path / "zero.tif", pixels(2, 300, 300, 0), names)
    some = pixels(2, 300, 300, 0)
    some[1, 17, 23] = 3
    assert read(zero).has_data is False
    assert read(write_cog(tmp_path / "some.tif", some, names)).has_data is True


def test_one_pixel_that_every_overview_passes_over_is_found(tmp_path):
    data = pixels(2, 4000, 4000)
    data[0, 1237, 2511] = 0.0
    path = write_cog(tmp_path / "a.tif", data, BANDS, OVERVIEW_RESAMPLING="NEAREST")
    with rasterio.open(path) as file:
        levels = range(len(file.overviews(1)))
    for level in levels:
        with rasterio.open(path, overview_level=level) as overview:
            assert (overview.read(1) == NO_DATA).all()
    assert read(path).has_data is True


def test_the_bytes_for_samples_are_divided_among_the_files_of_a_task(tmp_path):
    path = write_cog(tmp_path / "a.tif", noise(2, 1400, 1400), BANDS)
    store = FolderStore(tmp_path)
    assert path.stat().st_size > 12e6
    for among in (1, 4, 16, 64, 1000):
        store.reads.clear()
        file = GcsRasterReader(store).read(store.item("a.tif"), among=among)
        head = 128 * 1024
        assert store.drawn <= max(64 * 2**20 / among, 2**20) + head
        assert (file.sample.left_out > 0) is (among > 4)
        assert file.has_data is True
        assert file.sample.blocks
        assert len(store.reads) < 40


def test_a_far_corner_with_data_is_seen_on_the_coarsest_overview(tmp_path):
    data = pixels(1, 2000, 2000)
    data[0, 1900:, 1900:] = 4.0
    write_cog(tmp_path / "a.tif", data, BANDS[:1], compress="NONE")
    store = FolderStore(tmp_path)
    file = GcsRasterReader(store).read(store.item("a.tif"))
    assert file.has_data is True
    assert {block.level for block in file.sample.survey} == {2}


def test_without_a_search_a_sample_alone_is_read(tmp_path):
    write_cog(tmp_path / "a.tif", pixels(2, 2000, 2000), BANDS)
    store = FolderStore(tmp_path)
    assert GcsRasterReader(store).read(store.item("a.tif"), search=False).has_data is None
    assert len(store.reads) == 1  # what is masked everywhere lies in the first bytes


def test_a_search_ends_undecided_when_its_16_megabytes_are_spent(tmp_path):
    write_geotiff(tmp_path / "a.tif", pixels(1, 3000, 3000), BANDS[:1], tiled=True)
    store = FolderStore(tmp_path)
    file = GcsRasterReader(store).read(store.item("a.tif"))
    assert file.has_data is None
    assert file.bands == BANDS[:1]
    assert MAX_BYTES / 2 < store.drawn <= 16 * 2**20 == MAX_BYTES


def write_unwritten(path: Path, side: int) -> Path:
    """Write a file of which no block was ever written."""
    sides = {"width": side, "height": side, "blockxsize": 256, "blockysize": 256}
    kind = {"driver": "GTiff", "count": 1, "dtype": "float32", "nodata": NO_DATA, "tiled": True}
    place = {"crs": "EPSG:32633", "transform": UTM_33}
    with rasterio.open(path, "w", **kind, **sides, **place, SPARSE_OK="TRUE"):
        return path


def test_the_largest_export_is_known_to_be_empty_if_no_block_was_written(tmp_path):
    path = write_unwritten(tmp_path / "a.tif", 60_000)
    with at_most(5):  # for 55,000 blocks
        assert read(path).has_data is False


def test_a_search_ends_undecided_when_its_time_is_over(tmp_path, monkeypatch):
    path = write_unwritten(tmp_path / "a.tif", 5_000)
    times = iter(range(10_000))
    monkeypatch.setattr(searching, "time", SimpleNamespace(monotonic=lambda: next(times) + 1e9))
    store = FolderStore(tmp_path)
    assert GcsRasterReader(store, seconds=1e9).read(store.item(path.name)).has_data is False
    assert GcsRasterReader(store, seconds=100).read(store.item(path.name)).has_data is None


def test_directories_that_take_too_long_are_the_buckets_trouble(tmp_path):
    write_cog(tmp_path / "a.tif", noise(1, 300, 300), BANDS[:1])
    store = FolderStore(tmp_path)
    with pytest.raises(ObjectStoreUnavailable, match="took over"):
        GcsRasterReader(store, seconds=-1).read(store.item("a.tif"))


@pytest.mark.parametrize("compress", ["DEFLATE", "LZW", "ZSTD"])
def test_of_blocks_with_the_same_bytes_one_is_decoded_and_a_lone_pixel_still_found(
    tmp_path, compress
):
    data = pixels(1, 2_600, 2_600)
    options = {"compress": compress, "OVERVIEW_RESAMPLING": "NEAREST"}
    assert read(write_cog(tmp_path / "none.tif", data, BANDS[:1], **options)).has_data is False
    for row, column in [(2_599, 2_599), (1_279, 257), (17, 2_597)]:
        data[0, row, column] = NO_DATA + 1
        path = write_cog(tmp_path / f"{row}.tif", data, BANDS[:1], **options)
        assert read(path).has_data is True
        data[0, row, column] = NO_DATA


def write_strip(path: Path, side: int, rows: int) -> Path:
    """Write a file of few bytes whose strips of so many rows are huge when they are decoded."""
    kind = {"driver": "GTiff", "count": 1, "dtype": "float32", "nodata": NO_DATA}
    place = {"crs": "EPSG:32633", "transform": UTM_33, "width": side, "height": side}
    with rasterio.open(path, "w", **kind, **place, compress="DEFLATE", blockysize=rows) as file:
        file.descriptions = BANDS[:1]
        for top in range(0, side, rows):
            part = np.full((1, min(rows, side - top), side), 3, np.float32)
            file.write(part, window=((top, top + part.shape[1]), (0, side)))
    return path


def test_a_strip_too_large_to_decode_is_not_decoded(tmp_path):
    path = write_strip(tmp_path / "a.tif", 4000, 4000)
    store = FolderStore(tmp_path)
    tracemalloc.start()
    file = GcsRasterReader(store).read(store.item("a.tif"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    (words,) = file.sample.broken
    assert "4000 × 4000 px, 64 MB each" in words
    assert file.has_data is None
    assert store.drawn <= path.stat().st_size
    assert peak < 4e6
    small = read(write_strip(tmp_path / "b.tif", 4000, 100))
    assert (small.sample.broken, small.has_data) == ((), True)


def test_no_byte_is_drawn_twice(tmp_path):
    write_geotiff(tmp_path / "a.tif", pixels(2, 900, 900), BANDS, tiled=True)
    store = FolderStore(tmp_path)
    assert GcsRasterReader(store).read(store.item("a.tif")).has_data is False
    assert store.drawn <= store.item("a.tif").size


@pytest.mark.parametrize("kind", ["cog", "strips", "bigtiff"])
def test_a_file_cut_short_is_unreadable_wherever_it_was_cut(tmp_path, kind):
    if kind == "cog":
        path = write_cog(tmp_path / "whole.tif", noise(), BANDS)
    else:
        options = {"BIGTIFF": "YES"} if kind == "bigtiff" else {}
        path = write_geotiff(tmp_path / "whole.tif", noise(), BANDS, **options)
    end, whole = end_of_pixels(path), path.read_bytes()
    cuts = {*range(12), 100, 200, *range(0, end, end // 40), end - 1}
    for length in sorted(cuts):
        cut = tmp_path / "cut.tif"
        cut.write_bytes(whole[:length])
        with pytest.raises(UnreadableRaster):
            read(cut)
    if kind == "cog":  # behind its last block stands nothing that anybody misses
        (tmp_path / "cut.tif").write_bytes(whole[:end])
        assert read(tmp_path / "cut.tif").has_data is True


def test_pixels_that_cannot_be_decoded_are_unreadable(tmp_path):
    path = write_cog(tmp_path / "a.tif", noise(1, 200, 200), BANDS[:1])
    with rasterio.open(path) as file:
        block = int(file.get_tag_item("BLOCK_OFFSET_0_0", "TIFF", bidx=1))
    raw = bytearray(path.read_bytes())
    raw[block : block + 100] = bytes(100)
    path.write_bytes(raw)
    file = read(path)
    assert file.has_data is None
    (words,) = file.sample.broken
    assert words.startswith("block (row 0, column 0) of its pixels can't be decoded")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "ends before"),
        (b"<html>no such thing</html>", "no TIFF"),
        (b"II\x2b\x00" + bytes(20), "directories|pixels|georeference"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "no TIFF"),
        (b"II\x2a\x00\x08\x00\x00\x00" + struct.pack("<HI", 0, 8), "directories"),
        (b"II\x2a\x00\xff\xff\xff\xff" + bytes(100), "ends before"),
    ],
)
def test_what_is_no_tiff_is_unreadable(tmp_path, content, words):
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    with pytest.raises(UnreadableRaster, match=words):
        read(path)


@UNPLACED
def test_a_tiff_that_lies_nowhere_is_unreadable(tmp_path):
    path = tmp_path / "a.tif"
    with rasterio.open(path, "w", driver="GTiff", width=9, height=9, count=1, dtype="uint8"):
        pass
    with pytest.raises(UnreadableRaster, match="georeference"):
        read(path)


@pytest.mark.parametrize("at", [822, 823, 834, 835])
def test_an_overview_that_is_no_coarser_is_told(tmp_path, at):
    """Its width or its height is garbled: each byte of it, to more than there is above it."""
    whole = write_cog(tmp_path / "whole.tif", noise(2, 150, 150), BANDS, blocksize=128)
    raw = bytearray(whole.read_bytes())
    raw[at] = 1 if at % 2 else 200
    path = tmp_path / "a.tif"
    path.write_bytes(raw)
    (words,) = read(path).sample.broken
    assert "overview 1" in words
    assert "no fewer than the 150 × 150 px above it" in words


@UNPLACED
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # GDAL's messages
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(flips=st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_damaged_head_never_does_worse_than_being_unreadable(tmp_path, flips):
    whole = tmp_path / "whole.tif"
    if not whole.exists():
        write_cog(whole, noise(2, 150, 150), BANDS, blocksize=128)
    raw = bytearray(whole.read_bytes())
    for at, value in flips:
        raw[at] = value
    path = tmp_path / "a.tif"
    path.write_bytes(raw)
    with contextlib.suppress(UnreadableRaster):
        assert read(path).name == "a.tif"


class Failing(FolderStore):
    """A store whose reads fail after the first few."""

    def __init__(self, folder: Path, good: int, error: Exception) -> None:
        super().__init__(folder)
        self.good, self.error = good, error

    def read(self, name: str, start: int, length: int) -> bytes:
        if len(self.reads) >= self.good:
            raise self.error
        return super().read(name, start, length)


@pytest.mark.parametrize("error", [ObjectStoreUnavailable("timeout"), ObjectMissing("gone")])
@pytest.mark.parametrize("good", [0, 1, 2])
def test_trouble_with_the_bucket_is_not_taken_for_a_bad_file(tmp_path, good, error):
    write_geotiff(tmp_path / "a.tif", pixels(1, 900, 900), BANDS[:1], tiled=True)
    store = Failing(tmp_path, good, error)
    with pytest.raises(type(error)):
        GcsRasterReader(store).read(store.item("a.tif"))


def test_nothing_but_the_object_itself_is_asked_for(tmp_path):
    class Alone(FolderStore):
        def read(self, name: str, start: int, length: int) -> bytes:
            assert name == "deep/er/a b.tif"
            return super().read(name, start, length)

    write_cog(tmp_path / "deep/er/a b.tif", pixels(1, 300, 300), BANDS[:1])
    (tmp_path / "deep/er/a b.tif.aux.xml").write_text("<PAMDataset/>")
    store = Alone(tmp_path)
    item = store.item("deep/er/a b.tif")
    assert GcsRasterReader(store).read(item).has_data is False


def test_many_threads_read_the_same_and_other_files(tmp_path):
    expected = {}
    for i in range(6):
        data = pixels(1, 400 + i, 500)
        data[0, 300, 400] = 1.0 if i % 2 else NO_DATA
        write_cog(tmp_path / f"{i}.tif", data, BANDS[:1])
        expected[f"{i}.tif"] = ((400 + i, 500), bool(i % 2))
    store = FolderStore(tmp_path)
    reader = GcsRasterReader(store)
    names = sorted(expected) * 8
    with ThreadPoolExecutor(6) as pool:
        files = list(pool.map(lambda name: reader.read(store.item(name)), names))
    assert [(f.name, (f.shape, f.has_data)) for f in files] == [(n, expected[n]) for n in names]
    assert threading.active_count() < 20

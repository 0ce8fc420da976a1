"""Overviews: few pixels of whatever there is, in little memory."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from s1ratio.pictures.overview import read_overview

HUGE = (15_000, 15_000)  # 900 MB as float32
ALLOWED_MB = 300
MEASURED = """
import sys
from s1ratio.pictures.drawing import draw_picture
from s1ratio.pictures.overview import Overview, read_overview
from s1ratio.pictures.scales import SCALES
from s1ratio.pictures.subject import Subject
import numpy as np
def peak():  # of this program: ru_maxrss begins with that of the one that started it
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
before = peak()
seen = read_overview(sys.argv[1])
assert max(seen.values.shape) <= 1200, seen.values.shape
draw_picture(seen, SCALES["vvvh_db_median"], Subject("x", 1, "ascending", "t", "none"))
print(before, peak() - before)
"""


def write(path: Path, bands: np.ndarray, **profile: object) -> Path:
    count, height, width = bands.shape
    fixed = {"driver": "GTiff", "width": width, "height": height, "count": count}
    where = {"crs": "EPSG:32633", "transform": Affine(10, 0, 500_000, 0, -10, 5_340_000)}
    with rasterio.open(path, "w", **fixed, **where, dtype="float32", nodata=-9999, **profile) as to:
        to.write(bands.astype("float32"))
    return path


@pytest.mark.parametrize("band", [1, 2, 3])
def test_a_band_is_read_with_its_mask(tmp_path: Path, band: int) -> None:
    bands = np.arange(3 * 40 * 30, dtype="float32").reshape(3, 40, 30)
    bands[:, 3, 4], bands[:, 5, 6], bands[:, 7, 8] = -9999, np.nan, np.inf
    path = write(tmp_path / "x.tif", bands)
    seen = read_overview(path, band)
    expected = np.where(np.isfinite(bands[band - 1]), bands[band - 1], np.nan)
    expected[3, 4] = np.nan
    np.testing.assert_array_equal(seen.values, expected)
    assert seen.crs == "EPSG:32633"
    assert seen.shape == bands.shape[1:]
    assert seen.shrink == 1.0
    assert list(seen.transform) == [10, 0, 500_000, 0, -10, 5_340_000]
    of_bytes = read_overview(io.BytesIO(path.read_bytes()), band)
    np.testing.assert_array_equal(of_bytes.values, seen.values)


@pytest.mark.parametrize("shape", [(3000, 10), (1, 5000), (1201, 1201), (2500, 1300)])
def test_no_side_is_longer_than_asked_for(tmp_path: Path, shape: tuple[int, int]) -> None:
    seen = read_overview(write(tmp_path / "x.tif", np.ones((1, *shape))))
    assert max(seen.values.shape) <= 1200
    assert min(seen.values.shape) >= 1
    assert seen.shrink >= max(shape) / 1200 - 1e-9
    assert seen.shape == shape


@pytest.mark.parametrize("layout", [{"tiled": True, "blockxsize": 512, "blockysize": 512}, {}])
def test_a_huge_raster_without_overviews_is_drawn_in_little_memory(
    tmp_path: Path, layout: dict[str, object]
) -> None:
    path = tmp_path / "huge.tif"
    height, width = HUGE
    profile = {"driver": "GTiff", "width": width, "height": height, "count": 1, "nodata": -9999}
    where = {"crs": "EPSG:32633", "transform": Affine(10, 0, 500_000, 0, -10, 5_340_000)}
    with rasterio.open(path, "w", **profile, **where, dtype="float32", SPARSE_OK=True, **layout):
        pass
    assert path.stat().st_size < 5_000_000
    command = [sys.executable, "-c", MEASURED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    before, more = map(float, done.stdout.split())
    assert before < 300
    assert more < ALLOWED_MB, f"{more:.0f} MB more than the {before:.0f} MB of the imports"

"""What the notebook's own code exports over a little world equals the brute force."""

from pathlib import Path

import numpy as np
import pytest

from tests.contract.pixels.words import words_of
from tests.support import tiny_world
from tests.support.composites import assert_equal, expected, job_of
from tests.support.notebook import all_settled, raster, running
from tests.support.tiny_scenes import TinyCatalog

# The notebook is of 2023: shapely's `type` and getTaskStatus still work, but warn.
pytestmark = pytest.mark.filterwarnings(
    "ignore::shapely.errors.ShapelyDeprecationWarning", "ignore::DeprecationWarning"
)


def test_its_median_and_deviation_equal_the_brute_force(tmp_path: Path) -> None:
    bounds = tiny_world.INSIDE
    catalog = TinyCatalog([*tiny_world.taken(), *tiny_world.left()])
    with running(catalog, tmp_path, bounds) as (names, out):
        for image, name in ((names["av"], "median"), (names["av_std"], "deviation")):
            names["run_export"](image, "EPSG:4326", name, 10, names["aoi_gee"], folder="f")
        assert {task["state"] for task in all_settled().values()} == {"COMPLETED"}
        ours = {**raster(out / "drive/f/median.tif"), **raster(out / "drive/f/deviation.tif")}
    period = {"start": "2018-10-01", "end": "2022-03-26"}
    job = job_of({"aoi": {"bbox": list(bounds)}, **period, "preset": "notebook"}, orbit=58)
    # Its period is longer than the little world's: it also sees what that leaves out by date.
    slices = [
        each.slice
        for each in (*tiny_world.taken(), *tiny_world.left())
        if (each.orbit, each.direction, each.mode) == (58, "ASCENDING", "IW")
        and each.polarisations == ("VV", "VH")
    ]
    slices.sort(key=lambda each: each.time)
    assert_equal(ours, expected(job, slices, words_of("notebook", bounds)))
    assert np.isfinite(ours["VVdVH_median"]).any()

"""Both presets on real Sentinel-1 scenes equal the brute force, pixel for pixel."""

from itertools import product

import numpy as np
import pytest

from local_earthengine.scenes.stac.catalog import StacCatalog
from tests.contract.pixels.words import words_of
from tests.support.composites import assert_equal, box, expected, exported, job_of
from tests.support.real_scenes import real_scenes
from tests.support.sample import some_of
from tests.support.stac_slices import read_slices

pytestmark = pytest.mark.real_scenes

# Two bursts of one orbit: in the first, the angle masks cut; around the second, they do not.
_AREAS = {
    "inside the first burst": (-120.618, 34.080, -120.606, 34.090),
    "beyond the first burst": (-120.598, 34.092, -120.585, 34.105),
    "inside the second burst": (-120.881, 35.241, -120.871, 35.251),
    "beyond the second burst": (-120.866, 35.255, -120.852, 35.267),
}
_GRIDS = {
    "the scenes' own lattice": {"crs": "EPSG:32611", "scale": 30},
    "degrees": {"crs": "EPSG:4326", "scale": 30},
    "the zone of the area": {"crs": "utm", "scale": 25},
}
_START, _END = "2021-11-25", "2023-10-16"  # both ends on days with scenes; B ends in between


@pytest.mark.parametrize(
    ("place", "grid", "preset"), some_of(product(_AREAS, _GRIDS, ["default", "notebook"]), 5)
)
def test_preset_equals_brute_force(place, grid, preset):
    folder, area = real_scenes(), _AREAS[place]
    message = {
        "aoi": {"bbox": list(area)},
        "start": _START,
        "end": _END,
        "preset": preset,
        "grid": _GRIDS[grid],
    }
    job = job_of(message, orbit=137)
    slices = read_slices(folder, box(area), _START, _END)
    assert len(slices) == 12
    theirs = expected(job, slices, words_of(preset, area))
    ours = exported(job, StacCatalog(folder))
    assert_equal(ours, theirs)
    share = np.isfinite(ours[job.task.bands[0]]).mean()
    assert 0.1 < share < 1 or place == "inside the second burst"  # there are both to compare


@pytest.mark.parametrize("preset", ["default", "notebook"])
def test_presets_own_grids_of_10_metres(preset):
    folder, area = real_scenes(), (-120.612, 34.082, -120.608, 34.086)
    message = {"aoi": {"bbox": list(area)}, "start": _START, "end": _END, "preset": preset}
    job = job_of(message, orbit=137)
    slices = read_slices(folder, box(area), _START, _END)
    theirs = expected(job, slices, words_of(preset, area))
    assert_equal(exported(job, StacCatalog(folder)), theirs)

"""Slices of one pass are one image: overlaps count once, windows run across the seam."""

from dataclasses import replace

import numpy as np
import pytest

from tests.contract.pixels.words import words_of
from tests.support import tiny_world
from tests.support.bruteforce import Lattice, Raster
from tests.support.composites import assert_equal, expected, exported, job_of
from tests.support.tiny_scenes import TinyCatalog, scene

_NORTH = Lattice("EPSG:32633", (10, 0, 500_000, 0, -10, 1_105_700), 40, 30)
_SOUTH = Lattice("EPSG:32633", (10, 0, 500_000, 0, -10, 1_105_500), 40, 30)
_FIELDS = {
    "grid": {"crs": "EPSG:32633", "scale": 10},
    "angle": "none",
    "speckle": {"filter": "none"},
    "statistics": ["median", "count"],
}
_WORDS = {"angle": (None, None), "speckle": {"filter": "none"}, "statistics": ["median", "count"]}


def _job(preset="default", **fields):
    message = {
        "aoi": {"bbox": list(tiny_world.INSIDE)},
        "start": "2020-01-01",
        "end": "2020-02-01",
        "preset": preset,
    }
    return job_of(message | _FIELDS | fields, orbit=58)


def _counts(scenes, preset="default"):
    bands = exported(_job(preset), TinyCatalog(scenes))
    (count,) = (np.nan_to_num(band) for name, band in bands.items() if name.endswith("count"))
    return count


def _two_slices(platforms=("A", "A"), orbits=(7, 7)):
    return [
        scene(1, "2020-01-05", _NORTH, platform=platforms[0], absolute=orbits[0]),
        scene(2, "2020-01-05", _SOUTH, platform=platforms[1], absolute=orbits[1], seconds=25),
    ]


def test_overlap_of_slices_counts_once():
    assert _counts(_two_slices()).max() == 1


@pytest.mark.parametrize(
    "apart", [{"platforms": ("A", "B")}, {"orbits": (7, 182)}], ids=["platform", "orbit"]
)
def test_overlap_of_two_passes_counts_twice(apart):
    assert _counts(_two_slices(**apart)).max() == 2


def test_notebook_counts_slices_apart():
    assert _counts(_two_slices(), preset="notebook").max() == 2


@pytest.mark.parametrize("order", [(0, 25), (25, 0)])
def test_the_later_slice_lies_on_top(order):
    first, second = order
    scenes = [
        scene(1, "2020-01-05", _NORTH, absolute=7, seconds=first),
        scene(2, "2020-01-05", _SOUTH, absolute=7, seconds=second),
    ]
    job = _job()
    theirs = expected(
        job, [each.slice for each in scenes], words_of("default", tiny_world.INSIDE, **_WORDS)
    )
    assert_equal(exported(job, TinyCatalog(scenes)), theirs)


def test_filter_sees_across_the_seam_of_slices():
    """Cutting a pass into slices without overlap changes no pixel of its composite."""
    whole = Lattice("EPSG:32633", (10, 0, 500_000, 0, -10, 1_105_700), 40, 50)
    uncut = scene(3, "2020-01-05", whole, absolute=7)
    job = _job(speckle={"filter": "focal_median", "radius_m": 50})
    halves = [_cut(uncut, 0, 23, 0), _cut(uncut, 23, 50, 25)]
    assert_equal(exported(job, TinyCatalog(halves)), exported(job, TinyCatalog([uncut])))


def _cut(tiny, first, last, seconds):
    def rows(raster):
        size, _, left, _, step, top = raster.lattice.transform
        moved = (size, 0.0, left, 0.0, step, top + first * step)
        lattice = Lattice(raster.lattice.crs, moved, raster.lattice.width, last - first)
        return Raster(lattice, raster.values[first:last])

    one = tiny.slice
    cut = replace(one, vv=rows(one.vv), vh=rows(one.vh), time=one.time + seconds)
    return replace(tiny, slice=cut)

"""Angles and valid ranges are strict: a value on the bound is out."""

from dataclasses import replace

import numpy as np
import pytest

from tests.support import tiny_world
from tests.support.bruteforce import Lattice, Raster
from tests.support.composites import exported, job_of
from tests.support.tiny_scenes import TinyCatalog, scene

_PLACE = Lattice("EPSG:32633", (10, 0, 499_900, 0, -10, 1_105_900), 70, 70)


def _flat(vv, vh, angle):
    """One scene, the same everywhere: all values are exact in binary."""
    made = scene(1, "2020-01-05", _PLACE)
    one = made.slice

    def of(raster, value):
        return Raster(raster.lattice, np.full_like(raster.values, value))

    same = replace(one, vv=of(one.vv, vv), vh=of(one.vh, vh), angle=of(one.angle, angle))
    return TinyCatalog([replace(made, slice=same)])


def _valid(catalog, **fields):
    message = {
        "aoi": {"bbox": list(tiny_world.INSIDE)},
        "start": tiny_world.START,
        "end": tiny_world.END,
        "products": ["vvvh_linear"],
        "statistics": ["mean"],
        "speckle": {"filter": "none"},
        "clip": False,
    }
    (band,) = exported(job_of(message | fields, 58), catalog).values()
    assert np.isnan(band).all() or np.isfinite(band).all()
    return bool(np.isfinite(band).all())


@pytest.mark.parametrize(
    ("angle", "limits", "valid"),
    [
        (40.0, "gt40", False),
        (40.25, "gt40", True),
        (33.0, {"min": 33}, False),
        (33.25, {"min": 33, "max": 38}, True),
        (38.0, {"max": 38}, False),
        (37.75, {"max": 38}, True),
    ],
)
def test_angle(angle, limits, valid):
    assert _valid(_flat(0.5, 0.125, angle), angle=limits) is valid


@pytest.mark.parametrize(
    ("limits", "valid"),
    [([4, 9], False), ([3.75, 9], True), ([1, 4], False), ([1, 4.25], True), (None, True)],
)
def test_valid_range(limits, valid):
    fields = {"valid_range": {"vvvh_linear": limits}, "angle": "none"}
    assert _valid(_flat(0.5, 0.125, 35), **fields) is valid


@pytest.mark.parametrize(("vv", "vh"), [(0.0, 0.125), (0.5, 0.0), (-0.5, 0.125), (0.5, -0.125)])
@pytest.mark.parametrize("product", ["vvvh_linear", "vv_linear", "vh_linear"])
def test_power_that_is_not_positive_masks_both_polarisations(vv, vh, product):
    catalog = _flat(vv, vh, 35)
    assert _valid(catalog, products=[product]) is False
    assert _valid(_flat(0.5, 0.125, 35), products=[product]) is True

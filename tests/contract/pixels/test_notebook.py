"""The `notebook` preset is the notebook's result: its steps, said in its own order, and our graph.

Its area is the box that it meant (planar, even-odd), exported by region and scale as it did.
"""

from typing import Any

import ee
import numpy as np
import pytest

from local_earthengine.scenes.stac.catalog import StacCatalog
from tests.support import tiny_world
from tests.support.composites import assert_equal, exported, job_of, pixels
from tests.support.real_scenes import real_scenes
from tests.support.tiny_scenes import TinyCatalog


def _scenes(area, start, end, orbit):
    taken = ee.ImageCollection("COPERNICUS/S1_GRD")
    for polarisation in ("VV", "VH"):
        taken = taken.filter(
            ee.Filter.listContains("transmitterReceiverPolarisation", polarisation)
        )
    taken = taken.filter(ee.Filter.eq("instrumentMode", "IW")).filterBounds(area)
    taken = taken.filterDate(start, end).filter(ee.Filter.eq("relativeOrbitNumber_start", orbit))
    taken = taken.filter(ee.Filter.eq("orbitProperties_pass", "ASCENDING"))
    near = taken.map(lambda image: image.updateMask(image.select(["angle"]).gt(30.63993)))
    return near.map(lambda image: image.updateMask(image.select(["angle"]).lt(45.53993)))


def _smoothed(image):
    for band in ("VV", "VH"):
        median = image.select(band).focal_median(100, "circle", "meters")
        image = image.addBands(median.rename(f"{band}_filt"))
    return image


def _ratio(image):
    quotient = image.select("VV_filt").divide(image.select("VH_filt")).rename("VVdVH")
    return quotient.set("system:time_start", image.get("system:time_start"))


def _within(image):
    return image.updateMask(image.lt(5)).updateMask(image.gt(-5))


def _as_the_notebook(bounds, start, end, orbit, reducer):
    """The image that one of the notebook's two exports sends."""
    area = ee.Geometry.Rectangle(list(bounds), None, False, True)
    pairs = _scenes(area, start, end, orbit).select(["VV", "VH"]).sort("system:time_start")
    image = pairs.map(_smoothed).map(_ratio).map(_within).reduce(reducer)
    sent, _ = image.prepare_for_export({"region": area, "scale": 10, "crs": "EPSG:4326"})
    return sent


def _assert_same(catalog, bounds, start, end, orbit):
    message = {"aoi": {"bbox": list(bounds)}, "start": start, "end": end, "preset": "notebook"}
    job = job_of(message, orbit)
    theirs: dict[str, Any] = {}
    for reducer in (ee.Reducer.median(), ee.Reducer.stdDev()):
        sent = _as_the_notebook(bounds, start, end, orbit, reducer)
        theirs |= pixels(sent, catalog, job.lattice, tile=64)
    ours = exported(job, catalog)
    assert list(ours) == ["VVdVH_median", "VVdVH_stdDev"]
    assert np.isfinite(ours["VVdVH_median"]).any()
    assert_equal(ours, theirs)


@pytest.mark.parametrize("orbit", [58, 131])
@pytest.mark.parametrize("bounds", [tiny_world.INSIDE, tiny_world.PARTLY])
def test_preset_is_the_notebooks_result(bounds, orbit):
    catalog = TinyCatalog([*tiny_world.taken(), *tiny_world.left()])
    _assert_same(catalog, bounds, tiny_world.START, tiny_world.END, orbit)


@pytest.mark.real_scenes
def test_preset_is_the_notebooks_result_on_real_scenes():
    bounds = (-120.613, 34.082, -120.608, 34.087)
    _assert_same(StacCatalog(real_scenes()), bounds, "2021-11-01", "2022-01-01", 137)

"""No scenes, and tiles: a composite is right where there is nothing, and where it is cut."""

from datetime import UTC, datetime

import ee
import numpy as np
import pytest

from local_earthengine.engine import Engine
from s1ratio.imagery import composite
from s1ratio.plan import OrbitPass, PlanLimits, make_plan
from tests.support import tiny_world
from tests.support.composites import Job, exported, job_of
from tests.support.tiny_scenes import TinyCatalog

_MESSAGE = {
    "aoi": {"bbox": list(tiny_world.INSIDE)},
    "start": tiny_world.START,
    "end": tiny_world.END,
    "speckle": {"filter": "focal_median", "radius_m": 40},
    "statistics": ["median", "stdDev", "count"],
}


@pytest.fixture(scope="module")
def catalog():
    return TinyCatalog([*tiny_world.taken(), *tiny_world.left()])


@pytest.mark.parametrize("preset", ["default", "notebook"])
@pytest.mark.parametrize("products", [["vvvh_db"], ["vv_db", "vvdvh_notebook", "vh_linear"]])
@pytest.mark.parametrize(("orbit", "period"), [(44, "2020-01-26"), (58, "2019-01-01")])
def test_without_scenes_every_band_is_there_and_masked(preset, products, orbit, period, catalog):
    end = "2020-02-01" if period.startswith("2020") else "2019-06-01"
    message = _MESSAGE | {"preset": preset, "products": products, "start": period, "end": end}
    bands = exported(job_of(message, orbit), catalog)
    assert list(bands) == [
        f"{'VVdVH' if product == 'vvdvh_notebook' else product}_{statistic}"
        for product in products
        for statistic in ("median", "stdDev", "count")
    ]
    for name, band in bands.items():
        assert np.all(np.isnan(band) | (name.endswith("count") & (band == 0))), name


def test_an_empty_catalogue_is_no_error_either():
    bands = exported(job_of(_MESSAGE, 58), TinyCatalog([]))
    assert np.all(np.isnan(bands["vvvh_db_median"]))


@pytest.mark.parametrize("preset", ["default", "notebook"])
def test_tiles_of_a_plan_join_without_a_seam(preset, catalog):
    whole = job_of(_MESSAGE | {"preset": preset}, 58)
    flown = (OrbitPass(58, whole.task.direction),)
    limits = PlanLimits(max_task_pixels=whole.task.grid.pixels // 3)
    plan = make_plan("req-1", whole.request, flown, limits, datetime(2026, 1, 1, tzinfo=UTC))
    assert len(plan.tasks) > 2
    once = exported(whole, catalog)
    joined = {name: np.full(band.shape, np.nan) for name, band in once.items()}
    for task in plan.tasks:
        row, col = whole.task.grid.top - task.grid.top, task.grid.left - whole.task.grid.left
        for name, band in exported(Job(whole.request, task), catalog).items():
            joined[name][row : row + band.shape[0], col : col + band.shape[1]] = band
    for name, band in once.items():
        np.testing.assert_array_equal(joined[name], band)


@pytest.mark.parametrize("preset", ["default", "notebook"])
@pytest.mark.parametrize("area", [tiny_world.INSIDE, tiny_world.PARTLY])
def test_quarters_of_quarters_join_without_a_seam(preset, area, catalog):
    """What a task is split into when it is too much: the filter reaches over every cut."""
    whole = job_of(_MESSAGE | {"preset": preset, "aoi": {"bbox": list(area)}}, 58)
    parts = [part for quarter in whole.task.quarters() for part in quarter.quarters()]
    assert len(parts) == 16
    once = exported(whole, catalog)
    joined = {name: np.full(band.shape, -1.0) for name, band in once.items()}
    for part in parts:
        row, col = whole.task.grid.top - part.grid.top, part.grid.left - whole.task.grid.left
        for name, band in exported(Job(whole.request, part), catalog).items():
            joined[name][row : row + band.shape[0], col : col + band.shape[1]] = band
    for name, band in once.items():
        assert np.isfinite(band).any(), name
        np.testing.assert_array_equal(joined[name], band)


@pytest.mark.parametrize("preset", ["default", "notebook"])
@pytest.mark.parametrize("collection", ["COPERNICUS/S1_GRD", "COPERNICUS/S1_GRD_FLOAT"])
def test_every_band_is_float32_whatever_the_collection(preset, collection, catalog):
    job = job_of(_MESSAGE | {"preset": preset, "collection": collection}, 58)
    graph = composite.build(job.request, job.task)
    described = Engine(catalog).compute(ee.serializer.encode(graph, for_cloud_api=True))
    assert [band["id"] for band in described["bands"]] == list(job.task.bands)
    assert {band["data_type"]["precision"] for band in described["bands"]} == {"float"}

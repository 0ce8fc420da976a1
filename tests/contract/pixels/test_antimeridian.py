"""An area across the antimeridian: scenes of both sides, both sides kept by the clip."""

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from tests.contract.pixels.words import words_of
from tests.support.bruteforce import Lattice
from tests.support.composites import assert_equal, expected, exported, job_of
from tests.support.tiny_scenes import TinyCatalog, scene

_QUICK = {"filter": "focal_median", "radius_m": 30}


def _lattice(crs, lon, lat):
    """40 × 40 pixels of 10 m whose north-western corner lies there, to the pixel."""
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    return Lattice(crs, (10, 0, round(x, -1), 0, -10, round(y, -1)), 40, 40)


@pytest.mark.parametrize("grid", [{"crs": "utm", "scale": 10}, {"crs": "EPSG:3832", "scale": 12}])
def test_both_sides_are_in_the_composite(grid):
    west = scene(1, "2020-01-05", _lattice("EPSG:32760", 179.9960, -17.0), absolute=7)
    east = scene(2, "2020-01-05", _lattice("EPSG:32701", -179.9998, -17.0), absolute=7, seconds=25)
    bounds = [179.9970, -17.0030, -179.9975, -17.0005]
    message = {
        "aoi": {"bbox": bounds},
        "start": "2020-01-01",
        "end": "2020-02-01",
        "speckle": _QUICK,
        "angle": "none",
        "grid": grid,
    }
    job = job_of(message, 58)
    sides = shapely.union(
        shapely.box(bounds[0], bounds[1], 180, bounds[3]),
        shapely.box(-180, bounds[1], bounds[2], bounds[3]),
    )
    words = words_of("default", (0, 0, 1, 1), clip=sides, angle=(None, None), speckle=_QUICK)
    theirs = expected(job, [west.slice, east.slice], words)
    ours = exported(job, TinyCatalog([west, east]))
    assert_equal(ours, theirs)
    columns = np.flatnonzero(np.isfinite(ours["vvvh_db_median"]).any(axis=0))
    assert columns[0] < job.task.grid.width * 0.1
    assert columns[-1] > job.task.grid.width * 0.9

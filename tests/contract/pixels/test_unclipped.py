"""Without clipping every pixel of the box is as good as one within the area."""

import numpy as np

from tests.support import tiny_world
from tests.support.bruteforce import Lattice
from tests.support.composites import assert_equal, exported, job_of
from tests.support.tiny_scenes import TinyCatalog, scene

# In the box's south-eastern corner, away from the triangle.
_CORNER = Lattice("EPSG:32633", (10, 0, 500_340, 0, -10, 1_105_360), 16, 16)
_WEST, _SOUTH, _EAST, _NORTH = tiny_world.INSIDE
_TRIANGLE = [[_WEST, _SOUTH], [_EAST, _NORTH], [_WEST, _NORTH], [_WEST, _SOUTH]]


def _composite(aoi, **fields):
    message = {
        "aoi": aoi,
        "start": tiny_world.START,
        "end": tiny_world.END,
        "grid": {"crs": "EPSG:4326", "scale": 10},
        "speckle": {"filter": "none"},
        "statistics": ["median", "count"],
        "angle": "none",
        "clip": False,
    }
    corner = scene(70, "2020-01-09", _CORNER, platform="A", absolute=600)
    return exported(job_of(message | fields, 58), TinyCatalog([*tiny_world.taken(), corner]))


def test_pixels_outside_the_area_have_the_scenes_that_meet_the_box_alone():
    whole = _composite({"bbox": list(tiny_world.INSIDE)})
    triangle = {"type": "Polygon", "coordinates": [_TRIANGLE]}
    assert_equal(_composite(triangle), whole)
    # The notebook took the scenes of its area: the corner's counts none outside it.
    notebook = _composite(triangle, preset="notebook", products=["vvvh_db"])["vvvh_db_count"]
    theirs = _composite({"bbox": list(tiny_world.INSIDE)}, preset="notebook", products=["vvvh_db"])
    assert np.nansum(notebook) < np.nansum(theirs["vvvh_db_count"])

"""What an orbit sees of an area, asked of the local Earth Engine, against the scenes themselves."""

from dataclasses import replace
from typing import Any

import ee
import numpy as np
import pytest
from pyproj import Transformer

from local_earthengine.engine import Engine
from s1ratio.imagery.view import view_expression, view_of
from s1ratio.plan import View
from tests.contract.pixels.test_ascending_node import AREA, climbing
from tests.support.bruteforce import Lattice
from tests.support.composites import Job, job_of
from tests.support.tiny_scenes import TinyCatalog, TinyScene, scene

# Around 15° E, 50° N, forty pixels of 10 m a side.
_HERE = Lattice("EPSG:32633", (10, 0, 500_000, 0, -10, 5_540_000), 40, 40)
_EAST = Lattice("EPSG:32633", (10, 0, 500_200, 0, -10, 5_540_000), 40, 40)
_PERIOD = {"start": "2020-01-01", "end": "2020-02-01"}


def _area(lattice: Lattice, left: int = 5, right: int = 35) -> list[float]:
    """Return the lon/lat box of some of a lattice's columns."""
    size, _, west, _, step, top = lattice.transform
    turn = Transformer.from_crs(lattice.crs, "EPSG:4326", always_xy=True).transform
    (a, b), (c, d) = turn(west + left * size, top + 35 * step), turn(west + right * size, top - 50)
    return [a, b, c, d]


def _seen(scenes: list[TinyScene], job: Job) -> View:
    question = ee.serializer.encode(view_expression(job.request, job.task), for_cloud_api=True)
    return view_of(Engine(TinyCatalog(scenes)).compute(question))


def _job(area: list[float], orbit: int = 58, **fields: Any) -> Job:
    return job_of({"aoi": {"bbox": area}, **_PERIOD, **fields}, orbit)


@pytest.mark.parametrize(
    "angles", [(29.0, 47.0), (31.0, 31.5), (45.5, 46.0), (20.0, 29.0), (30.0, 60.0)]
)
def test_angles_are_those_of_the_scenes_over_the_area(angles: tuple[float, float]) -> None:
    one = scene(1, "2020-01-05", _HERE, angles=angles)
    area = _area(_HERE)
    view = _seen([one], _job(area))
    assert view.scenes == 1
    assert view.share == pytest.approx(1.0, abs=1e-3)
    grid = one.slice.angle.lattice
    lon, lat = grid.centres("EPSG:4326")
    half = 25 / 111_000
    inside = (lon > area[0] - 1.6 * half) & (lon < area[2] + 1.6 * half)
    inside &= (lat > area[1] - half) & (lat < area[3] + half)
    over = one.slice.angle.values[inside]
    step = float(np.diff(one.slice.angle.values[0]).max())
    assert view.angles is not None
    least, most = view.angles
    assert over.min() - 1e-4 <= least <= over.min() + 1.5 * step
    assert over.max() - 1.5 * step <= most <= over.max() + 1e-4


@pytest.mark.parametrize("days", [1, 2, 3, 7])
def test_scenes_are_counted_and_their_footprints_joined(days: int) -> None:
    scenes = [scene(n, f"2020-01-{n + 5:02d}", _HERE) for n in range(days)]
    view = _seen([*scenes, scene(50, "2020-01-20", _EAST)], _job(_area(_EAST)))
    assert view.scenes == days + 1
    assert view.share == pytest.approx(1.0, abs=2e-3)
    alone = _seen(scenes, _job(_area(_EAST)))
    # 15 of the area's 30 columns lie within the western scenes.
    assert alone.scenes == days
    assert alone.share == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    "fields",
    [
        {"platforms": ["C"]},
        {"start": "2020-01-06"},
        {"end": "2020-01-05"},
        {"orbit": 59},
        {"aoi": {"bbox": [16.0, 50.0, 16.01, 50.01]}},
    ],
    ids=str,
)
def test_without_a_scene_nothing_is_seen(fields: dict[str, Any]) -> None:
    one = scene(1, "2020-01-05", _HERE)
    told = {"aoi": {"bbox": _area(_HERE)}, **_PERIOD, **fields}
    job = job_of({name: told[name] for name in told if name != "orbit"}, told.get("orbit", 58))
    assert _seen([one], job) == View(0, 0.0, None)


@pytest.mark.parametrize(
    ("joined", "orbit", "scenes"),
    [(True, 57, 3), (None, 57, 3), (False, 57, 2), (False, 58, 1), (True, 58, 0)],
)
def test_near_the_equator_it_is_what_the_task_is_made_of(
    joined: bool | None, orbit: int, scenes: int
) -> None:
    each = climbing(1, "2020-01-05", 1000)
    job = _job(list(AREA), orbit)
    job = replace(job, task=replace(job.task, joined=joined))
    assert _seen(each, job).scenes == scenes


ANSWERS = [
    ({"scenes": 0}, View(0, 0.0, None)),
    ({"scenes": 0, "share": 0.4, "angles": {"angle_min": 30, "angle_max": 40}}, View(0, 0.0)),
    ({"scenes": 2, "share": 1.0000001, "angles": None}, View(2, 1.0, None)),
    ({"scenes": 2, "share": 0.5}, View(2, 0.5, None)),
    ({"scenes": 3, "share": 0.5, "angles": {"angle_min": None, "angle_max": 40}}, View(3, 0.5)),
    ({"scenes": 3, "share": 0, "angles": {"angle_min": 30, "angle_max": 40.5}}, None),
]


@pytest.mark.parametrize(("answer", "view"), ANSWERS, ids=str)
def test_an_answer_is_read(answer: dict[str, Any], view: View | None) -> None:
    assert view_of(answer) == (view or View(3, 0.0, (30.0, 40.5)))


@pytest.mark.parametrize(
    "answer", [{}, {"scenes": 2}, {"scenes": "many", "share": 1}, {"scenes": 2, "share": None}]
)
def test_an_answer_that_makes_no_sense_raises(answer: dict[str, Any]) -> None:
    """The client makes a passing fault of it."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        view_of(answer)

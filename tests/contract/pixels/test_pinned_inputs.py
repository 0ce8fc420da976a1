"""Pinned scenes: a rerun is the same image whatever came later, and what came later can be told."""

from dataclasses import replace

import ee
import numpy as np
import pytest

from local_earthengine.engine import Engine
from s1ratio.imagery.inputs import inputs_expression, inputs_of
from s1ratio.inputs import Inputs, pinned_part
from s1ratio.pixels import digests
from tests.contract.pixels.words import words_of
from tests.support import tiny_world
from tests.support.composites import Job, assert_equal, expected, exported, job_of
from tests.support.tiny_scenes import TinyCatalog, TinyScene, scene

_FIELDS = {"speckle": {"filter": "none"}, "statistics": ["median", "count"]}
# Later than all others, so that theirs keep their names.
_LATE = scene(90, "2020-01-25", tiny_world._NORTH, platform="B", absolute=451, seconds=60)


def _job(preset: str = "default", **fields: object) -> Job:
    message = {
        "aoi": {"bbox": list(tiny_world.INSIDE)},
        "start": tiny_world.START,
        "end": tiny_world.END,
        "preset": preset,
        "grid": {"crs": "EPSG:32633", "scale": 10},
        "angle": "none",
        **_FIELDS,
    }
    return job_of({**message, **fields}, orbit=58)


def _listed(job: Job, scenes: list[TinyScene]) -> Inputs:
    expression = inputs_expression(job.request, [job.task])
    answer = Engine(TinyCatalog(scenes)).compute(
        ee.serializer.encode(expression, for_cloud_api=True)
    )
    (found,) = inputs_of(answer, 1)
    return found


def _pinned(job: Job, found: Inputs) -> Job:
    return replace(job, task=replace(job.task, scenes=found.ids))


def _world(*more: TinyScene) -> list[TinyScene]:
    return [*tiny_world.taken(), *tiny_world.left(), *more]


def _expected(job: Job, scenes: list[TinyScene], preset: str) -> dict[str, np.ndarray]:
    slices = sorted((each.slice for each in scenes), key=lambda each: each.time)
    words = words_of(preset, tiny_world.INSIDE, angle=(None, None), **_FIELDS)
    return expected(job, slices, words)


def test_the_list_is_of_the_scenes_that_the_brute_force_takes() -> None:
    found = _listed(_job(), _world())
    theirs = [(each.platform, each.orbit, each.time) for each in tiny_world.slices()]
    ours = [(s.platform, s.absolute_orbit, s.start.timestamp()) for s in found.scenes]
    assert ours == theirs
    assert found.whole
    assert {each.relative_orbit for each in found.scenes} == {58}
    assert len(set(found.ids)) == len(theirs)


@pytest.mark.parametrize("preset", ["default", "notebook"])
def test_a_rerun_of_pinned_scenes_is_the_same_image_and_one_without_is_another(preset: str) -> None:
    job = _job(preset)
    first = _listed(job, _world())
    pinned = _pinned(job, first)
    before = _expected(job, tiny_world.taken(), preset)
    after = _expected(job, [*tiny_world.taken(), _LATE], preset)

    assert_equal(exported(pinned, TinyCatalog(_world())), before)
    assert_equal(exported(pinned, TinyCatalog(_world(_LATE))), before)
    assert_equal(exported(job, TinyCatalog(_world(_LATE))), after)
    count = next(name for name in before if name.endswith("count"))
    assert np.nan_to_num(after[count]).sum() > np.nan_to_num(before[count]).sum()


def test_what_came_later_is_told() -> None:
    job = _job()
    pinned = _pinned(job, _listed(job, _world()))
    listed = _listed(pinned, _world(_LATE))
    mine, late = pinned_part(listed, pinned.task.scenes or ())
    assert mine.ids == pinned.task.scenes
    assert [(s.platform, s.absolute_orbit) for s in late.scenes] == [("B", 451)]


def test_some_pins_are_fewer_scenes_and_none_are_an_empty_composite() -> None:
    job = _job()
    found = _listed(job, _world())
    one = replace(job, task=replace(job.task, scenes=found.ids[:2]))
    only = sorted(tiny_world.taken(), key=lambda each: each.slice.time)[:2]
    assert_equal(exported(one, TinyCatalog(_world())), _expected(job, only, "default"))
    nothing = exported(replace(job, task=replace(job.task, scenes=())), TinyCatalog(_world()))
    assert all(np.isnan(band).all() or not np.nan_to_num(band).any() for band in nothing.values())


def test_other_pins_are_other_pixels() -> None:
    job = _job()
    told = {
        digests(job.request, [replace(job.task, scenes=pins)])
        for pins in (None, (), ("a",), ("a", "b"))
    }
    assert len(told) == 4

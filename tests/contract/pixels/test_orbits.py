"""Which passes are found over an area, and how much of it each covers."""

from datetime import UTC, datetime

import ee
import pytest
from shapely import union_all

from local_earthengine.engine import Engine
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from s1ratio.imagery import orbits
from tests.support import tiny_world
from tests.support.bruteforce import Lattice
from tests.support.composites import box, job_of
from tests.support.tiny_scenes import TinyCatalog, scene

S1 = "COPERNICUS/S1_GRD_FLOAT"


def _found(scenes, area=tiny_world.INSIDE, **fields):
    message = {"aoi": {"bbox": list(area)}, "start": tiny_world.START, "end": tiny_world.END}
    request = job_of(message | fields, 58).request
    question = ee.serializer.encode(orbits.passes_expression(request), for_cloud_api=True)
    return orbits.passes_of(Engine(TinyCatalog(scenes)).compute(question))


def test_passes_that_meet_the_area_are_found_with_their_scenes():
    found = _found([*tiny_world.taken(), *tiny_world.left()])
    assert [(each.name, each.scenes) for each in found] == [
        ("o058a", 9),
        ("o058d", 1),
        ("o131a", 1),
    ]


def test_direction_asked_for_is_the_only_one_found():
    found = _found(tiny_world.left(), direction="DESCENDING")
    assert [each.name for each in found] == ["o058d"]


def test_share_is_the_covered_part_of_the_area():
    area = tiny_world.PARTLY
    shape = box(area)
    union = union_all([each.footprint for each in tiny_world.taken()])
    (found,) = _found(tiny_world.taken(), area)
    assert 0 < found.share < 1
    assert found.share == pytest.approx(union.intersection(shape).area / shape.area, abs=0.01)


def test_share_of_a_covered_area_is_one():
    large = Lattice("EPSG:32633", (100, 0, 495_000, 0, -100, 1_110_000), 100, 100)
    (found,) = _found([scene(1, "2020-01-05", large)])
    assert found.share == pytest.approx(1.0, abs=1e-6)
    assert found.share <= 1.0


def test_nothing_is_found_where_nothing_was_taken():
    assert _found([]) == ()


@pytest.mark.parametrize(
    ("start", "taken"),
    [
        ("{day}", True),
        ("{day}T00:00:00Z", True),
        ("{day}T10:00:00Z", False),
        ("{day}T10:00:00+08:00", True),
        ("{day}T12:00:00+02:00", False),
    ],
)
def test_a_pass_of_the_morning_is_not_after_a_flood_at_ten(start, taken):
    bounds = (15.0, 48.0, 15.1, 48.1)
    august = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 31, tzinfo=UTC)
    scenes = SyntheticCatalog().collection(S1, bounds=bounds, start=august[0], end=august[1])
    times = [s.properties["system:time_start"] for s in scenes if s.bands[0].name == "VV"]
    at = next(at for ms in times if (at := datetime.fromtimestamp(ms / 1000, UTC)).hour < 8)
    message = {"aoi": {"bbox": list(bounds)}, "start": start.format(day=at.date())}
    request = job_of(message | {"end": f"{at.date()}T20:00:00Z"}, 58).request
    question = ee.serializer.encode(orbits.passes_expression(request), for_cloud_api=True)
    found = orbits.passes_of(Engine(SyntheticCatalog()).compute(question))
    assert ("DESCENDING" in {each.direction for each in found}) == taken

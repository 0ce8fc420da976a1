"""From a request to its export tasks: names, tiles, limits, the day it may begin."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely

from s1ratio.crs import projected
from s1ratio.errors import InvalidRequest
from s1ratio.plan import OrbitPass, Plan, PlanLimits, make_plan, named_passes, not_before
from s1ratio.request import Direction, Limits
from s1ratio.request.fields import Product, Statistic
from s1ratio.task import description, planned, task_of
from tests.support.messages import NAMIBIA, collection, polygon, read, square
from tests.support.task_fields import with_fields

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
BOTH = (OrbitPass(58, Direction.ASCENDING), OrbitPass(131, Direction.DESCENDING))


def plan_of(limits: PlanLimits | None = None, passes: Any = BOTH, **fields: Any) -> Plan:
    kept = read(Limits(max_area_km2=1e9, allow_drive=True), **fields)
    return make_plan(kept.request_id, kept.request, passes, limits or PlanLimits(), NOW)


def test_a_task_for_each_orbit_and_direction() -> None:
    plan = plan_of(request_id="etosha", grid={"crs": "utm", "scale": 10})
    assert [task.id for task in plan.tasks] == ["etosha-o058a", "etosha-o131d"]
    assert [task.folder for task in plan.tasks] == ["composites/etosha"] * 2
    assert plan.tasks[0].object_name(1) == "composites/etosha/etosha-o058a"
    assert plan.tasks[0].object_name(3) == "composites/etosha/etosha-o058a-a3"
    assert plan.tasks[0].bands == ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")
    assert {task.grid.crs for task in plan.tasks} == {"EPSG:32733"}


def test_a_closing_slash_of_the_prefix_is_dropped() -> None:
    plan = plan_of(request_id="r", destination={"kind": "gcs", "prefix": "a/b/"})
    assert plan.tasks[0].object_name(1) == "a/b/r/r-o058a"


def test_orbits_named_by_the_message_are_its_passes() -> None:
    request = read(orbits=[131, 58], direction="BOTH").request
    assert [p.name for p in named_passes(request) or ()] == ["o131a", "o058a"]
    asked = read(orbits=[131, 58], direction="DESCENDING").request
    assert [p.name for p in named_passes(asked) or ()] == ["o131d", "o058d"]
    assert named_passes(read().request) is None


def test_the_same_message_makes_the_same_plan() -> None:
    limits = PlanLimits(max_task_pixels=5_000_000)
    assert plan_of(limits) == plan_of(limits)


def test_names_fit_earth_engine() -> None:
    limits = PlanLimits(max_tasks=100_000, max_task_pixels=70_000)
    plan = plan_of(limits, request_id="a" + "-b" * 19 + "c", aoi={"bbox": [14, -20, 15, -19.5]})
    ids = [task.id for task in plan.tasks]
    assert len(set(ids)) == len(ids) > 1000
    for task in (plan.tasks[0], plan.tasks[-1]):
        longest = replace(task, id=f"{task.id}-q3-q3")
        assert re.fullmatch(r"[a-z0-9-]{1,59}", longest.id)
        claimed = with_fields(planned(longest, NOW, 100, NOW), identity="k3f7q2zb", attempt=999_999)
        text = description("a1b2c3d4e5f6", claimed)
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,93}", text)
        assert task_of("a1b2c3d4e5f6", text) == (longest.id, 999_999)


def test_tiles_only_above_the_limit() -> None:
    whole = plan_of().tasks[0].grid
    assert len(plan_of(PlanLimits(max_task_pixels=whole.pixels)).tasks) == 2
    cut = plan_of(PlanLimits(max_task_pixels=whole.pixels - 1)).tasks
    assert [task.id[-6:] for task in cut] == ["-t0000", "-t0001"] * 2
    assert sum(task.grid.pixels for task in cut[:2]) == whole.pixels


def test_tiles_without_any_of_the_area_are_left_out_unless_nothing_is_clipped() -> None:
    corners = collection(polygon(square(14, -20, 0.1)), polygon(square(14.9, -19.1, 0.1)))
    limits = PlanLimits(max_task_pixels=8_000_000)
    clipped = plan_of(limits, request_id="r", aoi=corners, passes=BOTH[:1]).tasks
    every = plan_of(limits, request_id="r", aoi=corners, passes=BOTH[:1], clip=False).tasks
    assert 2 <= len(clipped) <= 8 < len(every)
    kept = {task.id for task in clipped}
    assert kept < {task.id for task in every}, "a tile is called the same, whichever are made"
    lost = shapely.union_all([shapely.box(*t.grid.bounds) for t in every if t.id not in kept])
    held = shapely.union_all([shapely.box(*task.grid.bounds) for task in clipped])
    assert lost.intersection(held).area == 0


def test_an_area_across_the_antimeridian_in_degrees_is_a_task_for_each_side() -> None:
    tasks = plan_of(
        aoi={"bbox": [179, 10, -179, 11]}, grid={"crs": "EPSG:4326"}, passes=BOTH[:1]
    ).tasks
    assert [task.id[-6:] for task in tasks] == ["-t0000", "-t0001"]
    assert [round(abs(task.grid.bounds[0])) for task in tasks] == [179, 180]


def test_too_many_tasks_are_refused_in_words() -> None:
    with pytest.raises(InvalidRequest, match="2 export tasks, at most 1 "):
        plan_of(PlanLimits(max_tasks=1))
    assert len(plan_of(PlanLimits(max_tasks=2)).tasks) == 2


ALL_PRODUCTS = [product.value for product in Product]
ALL_STATISTICS = [statistic.value for statistic in Statistic]
LARGEST = {"bbox": [14, -20, 18.7, -15.3]}  # 259,000 km²: what a deployment takes, and a little


def test_what_comes_out_is_counted() -> None:
    one, other = plan_of(products=["vv_db"], statistics=["median", "count"]).tasks
    assert one.values == one.grid.pixels * 2
    assert one.output_bytes == one.values * 16 // 3, "float32, and a third more for overviews"
    plan = plan_of(products=["vv_db"], statistics=["median", "count"])
    assert plan.values == one.values + other.values
    assert plan.output_bytes == one.output_bytes + other.output_bytes


@pytest.mark.parametrize(
    "fields",
    [
        {"aoi": LARGEST},
        {"aoi": LARGEST, "grid": {"crs": "EPSG:4326", "scale": 10}},
        {"aoi": LARGEST, "clip": False},
        {"products": ALL_PRODUCTS, "statistics": ALL_STATISTICS},
        {"preset": "notebook", "aoi": NAMIBIA},
    ],
)
def test_what_is_asked_for_today_comes_out(fields: dict[str, Any]) -> None:
    everywhere = tuple(OrbitPass(orbit, Direction.ASCENDING) for orbit in range(1, 16))
    assert plan_of(passes=everywhere, **fields).values <= PlanLimits().max_values


@pytest.mark.parametrize(
    "fields",
    [
        {"aoi": LARGEST, "products": ALL_PRODUCTS},
        {"aoi": LARGEST, "statistics": ALL_STATISTICS, "products": ["vv_db", "vh_db"]},
        {"aoi": {"bbox": [14, -30, 34, -10]}},
        {"grid": {"crs": "utm", "scale": 1, "oversample": True}},
        {"grid": {"crs": "EPSG:3857", "scale": 1, "oversample": True}, "clip": False},
        {
            "products": ALL_PRODUCTS,
            "statistics": ALL_STATISTICS,
            "grid": {"scale": 3, "oversample": True},
        },
    ],
    ids=str,
)
def test_more_than_that_is_refused_with_the_number_the_limit_and_what_to_change(
    fields: dict[str, Any],
) -> None:
    everywhere = tuple(OrbitPass(orbit, Direction.ASCENDING) for orbit in range(1, 13))
    with pytest.raises(InvalidRequest) as caught:
        plan_of(passes=everywhere, **fields)
    values, size = caught.value.faults
    assert (values.code, size.code) == ("too_many_values", "too_many_bytes")
    assert re.match(r"[\d,]{15,} values .* of \d+ export tasks, at most 200,0", values.message)
    assert re.match(r"[\d,]{17,} bytes come out .* at most 1,500,000,0", size.message)
    for fault in (values, size):
        assert (
            "choose a coarser `grid.scale`, fewer products, statistics or orbits" in fault.message
        )


def test_each_limit_of_what_comes_out_is_its_own() -> None:
    plan = plan_of()
    assert plan_of(PlanLimits(max_values=plan.values, max_bytes=plan.output_bytes)) == plan
    for limits in (
        PlanLimits(max_values=plan.values - 1),
        PlanLimits(max_bytes=plan.output_bytes - 1),
    ):
        with pytest.raises(InvalidRequest) as caught:
            plan_of(limits)
        assert len(caught.value.faults) == 1


def test_two_far_places_do_not_make_a_plan_without_end() -> None:
    """Their bounding box at 1 m has 10¹⁵ pixels: its tiles can't even be listed."""
    far = collection(polygon(square(-70, -50, 0.1)), polygon(square(100, 70, 0.1)))
    with pytest.raises(InvalidRequest, match="bounding box"):
        plan_of(
            PlanLimits(max_task_pixels=100_000),
            aoi=far,
            grid={"crs": "EPSG:4326", "scale": 1, "oversample": True},
        )


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("2026-01-10", NOW),
        ("2026-01-11", datetime(2026, 1, 13, tzinfo=UTC)),
        ("2030-01-01", datetime(2030, 1, 3, tzinfo=UTC)),
        ("2020-01-02", NOW),
    ],
)
def test_a_period_that_is_not_over_waits_for_its_scenes(end: str, expected: datetime) -> None:
    kept = read(start="2020-01-01", end=end)
    assert not_before(kept.request, NOW) == expected
    assert plan_of(start="2020-01-01", end=end).not_before == expected


def test_the_notebooks_message_is_one_task_an_orbit() -> None:
    kept = read(preset="notebook", aoi=NAMIBIA, start="2018-10-01", end="2022-03-26")
    passes = named_passes(kept.request)
    assert passes is not None
    plan = make_plan(kept.request_id, kept.request, passes, PlanLimits(), NOW)
    assert [task.id.rpartition("-")[2] for task in plan.tasks] == ["o058a", "o131a"]
    assert {(t.grid.crs, t.grid.width, t.grid.height) for t in plan.tasks} == {
        ("EPSG:4326", 33_397, 33_396)
    }


def islands(*places: tuple[float, float], side: float = 0.2) -> dict[str, Any]:
    return collection(*(polygon(square(lon, lat, side)) for lon, lat in places))


LAEA = {"crs": "EPSG:3035", "scale": 10}
DEGREES = {"crs": "EPSG:4326", "scale": 10}
UTM: dict[str, Any] = {"crs": "utm", "scale": 10}
# What is sent, the pixel grid, how many tiles come of it for an orbit.
FAR: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "2,000 km apart": (islands((0, 50), (28, 50)), LAEA, 2),
    "2,000 km apart in degrees": (islands((0, 50), (28, 50)), DEGREES, 2),
    "one north of the other": (islands((10, 45), (10, 63)), LAEA, 2),
    "a corner to a corner": (islands((14, -20), (17, -17)), UTM, 2),
    "two pairs": (islands((0, 50), (0.3, 50), (28, 50), (28.3, 50)), LAEA, 2),
    "three": (islands((0, 40), (20, 50), (28, 62)), LAEA, 3),
    "more than there may be": (islands(*((i, 40 + i) for i in range(12))), DEGREES, 8),
    "neighbours": (islands((14, -20), (14.3, -20)), UTM, 1),
    "a hundred km apart": (islands((14, -20), (15, -20)), UTM, 1),
    "one land": (polygon(square(14, -20, 2.5)), UTM, 1),
    "on both sides of 180": (islands((179.5, -17), (-179.7, -17)), DEGREES, 2),
    "far east and far west of 180": (islands((170, -17), (-172, -17)), DEGREES, 2),
    "coarse": (islands((0, 50), (28, 50)), LAEA | {"scale": 200}, 1),
}  # fmt: skip


@pytest.mark.parametrize("name", FAR)
def test_far_parts_of_an_area_are_tasks_of_their_own(name: str) -> None:
    aoi, grid, count = FAR[name]
    tasks = plan_of(aoi=aoi, grid=grid, passes=BOTH[:1], speckle={"filter": "none"}).tasks
    assert len(tasks) == count
    request = read(aoi=aoi, grid=grid, speckle={"filter": "none"}).request
    boxes = [shapely.box(*task.grid.bounds) for task in tasks]
    for side in request.aoi.sides:
        seen = projected(side, tasks[0].grid.crs)
        assert shapely.difference(seen, shapely.union_all(boxes)).area < 1e-6 * seen.area
    assert sum(box.area for box in boxes) == pytest.approx(shapely.union_all(boxes).area)
    assert [task.id[-6:] for task in tasks if count > 1] == [
        f"-t{i:04d}" for i in range(count) if count > 1
    ]


def test_the_sea_between_far_islands_is_not_exported() -> None:
    one = plan_of(aoi=islands((0, 50)), grid=LAEA, passes=BOTH[:1])
    both = plan_of(aoi=islands((0, 50), (28, 50)), grid=LAEA, passes=BOTH[:1])
    assert both.values < 3 * one.values


def test_far_parts_share_one_grid_unless_clipped_and_where_tasks_are_few() -> None:
    aoi = islands((0, 50), (28, 50))
    assert len(plan_of(aoi=aoi, grid=LAEA, clip=False, passes=BOTH[:1]).tasks) == 1
    assert len(plan_of(PlanLimits(max_tasks=3), aoi=aoi, grid=LAEA).tasks) == 2
    assert len(plan_of(PlanLimits(max_tasks=4), aoi=aoi, grid=LAEA).tasks) == 4

"""Synthetic Sentinel-1: plausible orbits, and pixels that are the same in every window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from pyproj import Geod, Transformer
from shapely import MultiPolygon, Point, box

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.catalog import Endless
from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from tests.support.relative_effort import effort

FLOAT, DB = "COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"
VIENNA = (15.0, 48.0, 15.3, 48.2)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def scenes(
    bounds: tuple[float, float, float, float] = VIENNA,
    start: str = "2020-01-01",
    end: str = "2021-01-01",
    collection: str = FLOAT,
    seed: int = 0,
) -> list[Scene]:
    found = SyntheticCatalog(seed).collection(
        collection, bounds=bounds, start=day(start), end=day(end)
    )
    return list(found)


def direction(scene: Scene) -> str:
    return str(scene.properties["orbitProperties_pass"])


def dual(found: list[Scene]) -> list[Scene]:
    wanted = ["VV", "VH"]
    return [s for s in found if s.properties["transmitterReceiverPolarisation"] == wanted]


def window_at(scene: Scene, lon: float, lat: float, size: int) -> PixelGrid:
    grid = scene.bands[0].grid
    x, y = Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True).transform(lon, lat)
    col, row = grid.index(x, y)
    return grid.window(int(col), int(row), size, size)


def test_the_tracks_lie_where_the_real_ones_do() -> None:
    # Real scenes of relative orbit 137 lie here; the box of the notebook's orbits 58 and 131 there.
    def ascending(bounds: tuple[float, float, float, float]) -> set[int]:
        found = scenes(bounds, "2020-01-01", "2020-02-01")
        rising = [s for s in found if direction(s) == "ASCENDING"]
        return {s.properties["relativeOrbitNumber_start"] for s in rising}

    assert ascending((-120.62, 34.07, -120.59, 34.10)) == {137}
    assert {58, 131} <= ascending((14.0, -20.0, 17.0, -17.0))


@pytest.mark.parametrize(
    "bounds", [VIENNA, (-70.2, -33.6, -70.0, -33.4), (179.9, -17.2, 180.2, -17)]
)
def test_passes_repeat_every_twelve_days_at_dawn_and_dusk(
    bounds: tuple[float, float, float, float],
) -> None:
    found = scenes(bounds, "2020-01-01", "2020-03-01")
    assert found
    west, south, east, north = bounds
    area = MultiPolygon([box(west + turn, south, east + turn, north) for turn in (-360, 0, 360)])
    times: dict[tuple[str, int, int], list[int]] = {}
    for scene in found:
        assert scene.footprint.intersects(area)
        properties = scene.properties
        key = (
            properties["platform_number"],
            properties["relativeOrbitNumber_start"],
            properties["sliceNumber"],
        )
        times.setdefault(key, []).append(properties["system:time_start"])
        utc = datetime.fromtimestamp(properties["system:time_start"] / 1000, UTC)
        local = (utc.hour + utc.minute / 60 + west / 15) % 24
        wanted = 18 if direction(scene) == "ASCENDING" else 6
        assert abs(local - wanted) < 1.5
        offset = {"A": 73, "B": 27}[properties["platform_number"]]
        relative = (properties["orbitNumber_start"] - offset) % 175 + 1
        assert relative == properties["relativeOrbitNumber_start"]
    for one in times.values():
        assert all(abs(b - a - 12 * 86_400_000) < 10 for a, b in pairwise(one))


def test_platforms_fly_in_their_time_alone() -> None:
    def flying(start: str, end: str) -> set[str]:
        return {s.properties["platform_number"] for s in scenes(VIENNA, start, end)}

    assert flying("2014-01-01", "2014-10-03") == set()
    assert flying("2015-01-01", "2016-09-26") == {"A"}
    assert flying("2020-01-01", "2021-01-01") == {"A", "B"}
    assert flying("2021-12-23", "2025-03-26") == {"A"}
    assert flying("2025-04-01", "2025-05-01") == {"A", "C"}
    assert flying("2026-02-01", "2026-04-14") == {"A", "C"}
    assert flying("2026-04-14", "2026-05-14") == {"A", "C", "D"}
    assert flying("2026-06-08", "2026-06-24") == {"A", "D"}
    assert flying("2026-06-24", "2026-06-29") <= {"A", "C", "D"}
    assert flying("2026-06-29", "2026-08-01") == {"C", "D"}


def test_the_period_is_exact_and_the_order_is_times() -> None:
    everything = scenes(VIENNA, "2020-01-01", "2020-07-01")
    starts = [s.properties["system:time_start"] for s in everything]
    assert starts == sorted(starts)
    third, ninth = (datetime.fromtimestamp(starts[i] / 1000, UTC) for i in (3, 9))
    second = timedelta(seconds=1)
    part = SyntheticCatalog().collection(
        FLOAT, bounds=VIENNA, start=third - second, end=ninth - second
    )
    assert [s.index for s in part] == [s.index for s in everything[3:9]]


def test_a_smaller_box_gives_what_filtering_gives() -> None:
    wide = scenes((14.0, 47.0, 17.0, 49.0), "2020-03-01", "2020-04-01")
    small = (15.0, 48.0, 15.01, 48.01)
    wanted = {s.index for s in wide if s.footprint.intersects(box(*small))}
    assert {s.index for s in scenes(small, "2020-03-01", "2020-04-01")} == wanted


def test_slices_of_a_pass_overlap_a_little_and_agree_where_they_do() -> None:
    found = dual(scenes((15.0, 46.0, 15.2, 49.5), "2020-06-01", "2020-06-13"))
    by_pass: dict[tuple[str, int], list[Scene]] = {}
    for scene in found:
        key = scene.properties["platform_number"], scene.properties["orbitNumber_start"]
        by_pass.setdefault(key, []).append(scene)
    first, second = next(some for some in by_pass.values() if len(some) > 1)[:2]
    step = second.properties["system:time_start"] - first.properties["system:time_start"]
    assert step == pytest.approx(25_000, abs=10)
    common = first.footprint.intersection(second.footprint)
    share = common.area / first.footprint.area
    assert 0.01 < share < 0.06
    if first.bands[0].grid.crs == second.bands[0].grid.crs:
        point = common.centroid
        one, two = (window_at(s, point.x, point.y, 20) for s in (first, second))
        assert one == two
        a, b = first.bands[0].read(one), second.bands[0].read(two)
        assert (a[1] & b[1]).any()
        np.testing.assert_allclose(a[0], b[0], rtol=1e-2)


def test_footprints_are_strips_of_250_km() -> None:
    scene = dual(scenes())[0]
    area, _ = Geod(ellps="sphere").geometry_area_perimeter(scene.footprint)
    assert abs(area) / 1e6 == pytest.approx(250 * 172, rel=0.03)


def test_the_angle_rises_away_from_the_satellite() -> None:
    for scene in dual(scenes())[:6]:
        band = next(one for one in scene.bands if one.name == "angle")
        assert band.grid.transform[0] == 1000.0
        values, valid = band.read(band.grid)
        assert 28.5 < values[valid].min() < 30
        assert 45 < values[valid].max() < 46.5
        middle = values[values.shape[0] // 2][valid[values.shape[0] // 2]]
        eastwards = np.diff(middle)
        # Sentinel-1 looks to the right: eastwards when it ascends, westwards when it descends.
        ascending = direction(scene) == "ASCENDING"
        assert (eastwards > 0).all() if ascending else (eastwards < 0).all()


def test_any_window_gives_the_same_pixels() -> None:
    scene = dual(scenes())[0]
    for band in scene.bands[:2]:
        whole = window_at(scene, 15.1, 48.1, 300)
        values, valid = band.read(whole)
        for col, row, width, height in ((0, 0, 1, 1), (37, 101, 130, 77), (299, 0, 1, 300)):
            part, part_valid = band.read(whole.window(col, row, width, height))
            place = np.s_[row : row + height, col : col + width]
            np.testing.assert_array_equal(part, values[place])
            np.testing.assert_array_equal(part_valid, valid[place])


def test_runs_repeat_and_seeds_differ() -> None:
    one, again, other = dual(scenes())[0], dual(scenes())[0], dual(scenes(seed=1))[0]
    window = window_at(one, 15.1, 48.1, 40)
    assert one.index == again.index
    np.testing.assert_array_equal(one.bands[0].read(window)[0], again.bands[0].read(window)[0])
    assert not np.array_equal(one.bands[0].read(window)[0], other.bands[0].read(window)[0])


def test_decibels_are_the_logarithm_of_the_same_pixels() -> None:
    linear, db = dual(scenes())[0], dual(scenes(collection=DB))[0]
    assert linear.index == db.index
    window = window_at(linear, 15.1, 48.1, 400)
    power, inside = linear.bands[1].read(window)
    level, valid = db.bands[1].read(window)
    assert (power.dtype.name, level.dtype.name) == ("float32", "float64")
    np.testing.assert_array_equal(valid, inside & (power > 0))
    np.testing.assert_allclose(level[valid], 10 * np.log10(power[valid].astype(float)), atol=1e-6)


def test_a_few_vh_pixels_are_not_above_zero_and_no_vv_pixel() -> None:
    scene = dual(scenes())[0]
    window = window_at(scene, 15.1, 48.1, 700)
    (vv, _), (vh, _) = (band.read(window) for band in scene.bands[:2])
    assert (vv > 0).all()
    assert 0 < (vh <= 0).mean() < 1e-4


def test_speckle_is_gamma_of_4_4_looks_and_independent_in_vv_and_vh() -> None:
    def of_one_track(scene: Scene) -> bool:
        wanted = {"platform_number": "A", "relativeOrbitNumber_start": 73}
        return wanted.items() <= dict(scene.properties).items()

    found = dual(scenes(VIENNA, "2020-06-01", "2020-09-01"))
    first, later = [s for s in found if of_one_track(s)][:2]
    window = window_at(first, 15.1, 48.1, 400)
    # From one cycle to the next the land hardly changes: a quotient of two dates is speckle,
    # and its logarithm varies by twice trigamma(4.4) = 0.2549.
    changes = []
    for polarisation in (0, 1):
        (before, _), (after, _) = (s.bands[polarisation].read(window) for s in (first, later))
        changes.append(np.log(np.maximum(after, 1e-9) / np.maximum(before, 1e-9)))
    for change in changes:
        tiles = change.reshape(10, 40, 10, 40).swapaxes(1, 2).reshape(100, -1)
        assert np.median(tiles.var(axis=1)) == pytest.approx(2 * 0.2549, rel=0.05)
    assert abs(np.corrcoef(changes[0].ravel(), changes[1].ravel())[0, 1]) < 0.05


def test_two_orbits_see_the_same_land() -> None:
    def mean_level(way: str) -> np.ndarray:
        some = [s for s in dual(scenes(VIENNA, "2020-06-01", "2020-09-01")) if direction(s) == way][
            :12
        ]
        stack = [s.bands[0].read(window_at(s, 15.1, 48.1, 200))[0] for s in some]
        return np.asarray(np.log(np.mean(stack, axis=0)))

    up, down = mean_level("ASCENDING"), mean_level("DESCENDING")
    assert np.corrcoef(up.ravel(), down.ravel())[0, 1] > 0.8


def test_the_land_has_water_and_towns() -> None:
    scene = next(s for s in dual(scenes()) if direction(s) == "ASCENDING")
    window = window_at(scene, 15.0, 48.0, 1500)
    values, valid = scene.bands[0].read(window)
    level = 10 * np.log10(values[valid].reshape(-1))
    assert (level < -16).mean() > 0.005, "water"
    assert (level > -3).mean() > 0.001, "towns"
    assert -14 < np.median(level) < -7


def test_the_strips_edge_has_no_data() -> None:
    scene = dual(scenes())[0]
    grid = scene.bands[0].grid
    _, valid = scene.bands[0].read(grid.window(0, grid.height // 2, 3000, 1))
    assert not valid[0, 0]
    corner = scene.footprint.representative_point()
    assert isinstance(corner, Point)
    _, inside = scene.bands[0].read(window_at(scene, corner.x, corner.y, 2))
    assert inside.all()


def test_some_passes_have_other_polarisations_and_modes() -> None:
    found = scenes(VIENNA, "2018-01-01", "2021-01-01")
    kinds = {
        (s.properties["instrumentMode"], *s.properties["transmitterReceiverPolarisation"])
        for s in found
    }
    assert kinds == {("IW", "VV", "VH"), ("IW", "VV"), ("IW", "HH", "HV"), ("EW", "HH", "HV")}
    assert len(dual(found)) / len(found) > 0.8
    for scene in found[:200]:
        names = [band.name for band in scene.bands]
        assert names == [*scene.properties["transmitterReceiverPolarisation"], "angle"]
        assert scene.bands[0].grid.transform[0] == scene.properties["resolution_meters"]


def test_scenes_over_the_antimeridian_have_two_parts() -> None:
    found = scenes((179.9, -17.2, 180.2, -17.0), "2020-01-01", "2020-02-01")
    crossing = [s for s in found if isinstance(s.footprint, MultiPolygon)]
    assert crossing
    for scene in crossing:
        assert scene.footprint.bounds[0] >= -180
        assert scene.footprint.bounds[2] <= 180
        assert scene.bands[0].grid.width < 40_000


def test_without_bounds_or_period_the_catalogue_says_what_it_needs() -> None:
    for hints in ({}, {"bounds": VIENNA}, {"start": day("2020-01-01"), "end": day("2020-02-01")}):
        with pytest.raises(EarthEngineError, match=r"filterBounds, filterDate"):
            SyntheticCatalog().collection(FLOAT, **hints)
    with pytest.raises(Endless) as refusal:
        SyntheticCatalog(clock=lambda: day("2016-05-04")).collection(FLOAT, bounds=VIENNA)
    assert refusal.value.archive == (day("2014-10-03"), day("2016-05-04"))
    with pytest.raises(EarthEngineError, match="'LANDSAT' not found"):
        SyntheticCatalog().collection("LANDSAT")


def test_three_years_are_listed_and_a_window_is_read_fast() -> None:
    found: list[Scene] = []
    assert effort(lambda: found.extend(scenes(VIENNA, "2018-01-01", "2021-01-01"))) < 150
    assert len(found) > 300
    scene = dual(found)[0]
    scene.bands[0].read(window_at(scene, 15.0, 48.0, 10))
    window = window_at(scene, 15.1, 48.1, 500)
    assert effort(lambda: scene.bands[0].read(window)) < 50


def test_names_are_those_of_products() -> None:
    scene = dual(scenes())[0]
    parts = scene.index.split("_")
    assert parts[1:4] == ["IW", "GRDH", "1SDV"]
    assert parts[0] == f"S1{scene.properties['platform_number']}"
    assert int(parts[6]) == scene.properties["orbitNumber_start"]
    start = datetime.strptime(parts[4], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    stated = datetime.fromtimestamp(scene.properties["system:time_start"] / 1000, UTC)
    assert timedelta(0) <= stated - start < timedelta(seconds=1)


@pytest.mark.parametrize("bounds", [(-180, -90, 180, 90), (0, -10, 1e30, 10), (14, -20, 400, -17)])
def test_the_whole_earth_for_years_is_refused_at_once(
    bounds: tuple[float, float, float, float],
) -> None:

    def refuse() -> None:
        with pytest.raises(EarthEngineError, match="narrow the bounds or the period"):
            scenes(bounds, "2018-01-01", "2022-01-01")

    assert effort(refuse) < 100


def test_a_box_may_be_given_beyond_the_antimeridian() -> None:
    month = "2020-06-01", "2020-07-01"
    here, around = (
        scenes((-170.0, 65.0, -169.5, 65.2), *month),
        scenes((190.0, 65.0, 190.5, 65.2), *month),
    )
    assert here
    assert [s.index for s in here] == [s.index for s in around]


@pytest.mark.parametrize("collection", ["COPERNICUS/S1_GRD", "COPERNICUS/S1_GRD_FLOAT"])
@pytest.mark.parametrize("year", [2016, 2020, 2025])
def test_every_scene_is_found_again_by_its_id(collection: str, year: int) -> None:
    catalog = SyntheticCatalog(3)
    start, end = datetime(year, 4, 1, tzinfo=UTC), datetime(year, 4, 5, tzinfo=UTC)
    scenes = catalog.collection(collection, bounds=(179, 40, 181, 70), start=start, end=end)
    assert scenes
    assert year != 2020 or len({scene.index[:16] for scene in scenes}) > 2, "platforms and modes"
    for scene in scenes:
        assert catalog.image(scene.asset_id) == scene


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("S1A", "S1B"),  # it flies another orbit then
        ("_1SDV_", "_1SSV_"),  # another mode
        ("20200", "99999"),  # no day
        ("COPERNICUS/S1_GRD/", ""),
        ("S1_GRD", "S2"),
        ("_1SDV_2020", "_1SDV_2009"),  # before there was a Sentinel-1
    ],
)
def test_an_id_of_nothing_that_was_taken_is_not_found(old: str, new: str) -> None:
    start, end = datetime(2020, 4, 1, tzinfo=UTC), datetime(2020, 4, 14, tzinfo=UTC)
    catalog = SyntheticCatalog()
    scenes = catalog.collection("COPERNICUS/S1_GRD", bounds=(15, 48, 16, 49), start=start, end=end)
    known = next(one.asset_id for one in scenes if "S1A_IW_GRDH_1SDV" in one.index)
    assert catalog.image(known).asset_id == known
    changed = known.replace(old, new)
    with pytest.raises(EarthEngineError, match=r"^Image\.load: Image asset '.*' not found"):
        catalog.image(changed)


def test_a_collection_is_no_image() -> None:
    with pytest.raises(EarthEngineError, match="to be an Image, found 'ImageCollection'"):
        SyntheticCatalog().image("COPERNICUS/S1_GRD")


EQUATOR = (36.0, -6.0, 37.5, 8.0)  # Kenya


def by_pass(found: list[Scene]) -> list[list[Scene]]:
    """Slices of one platform that follow each other within half a minute, in order of time."""
    passes: list[list[Scene]] = []
    for letter in "ABCD":
        some = [s for s in found if s.properties["platform_number"] == letter]
        last = -1e18
        for scene in some:
            time = scene.properties["system:time_start"]
            if time - last > 30_000:
                passes.append([])
            passes[-1].append(scene)
            last = time
    return passes


def numbers(scene: Scene) -> tuple[int, int, int, int]:
    first, last = (int(scene.properties[f"orbitNumber_{end}"]) for end in ("start", "stop"))
    one, other = (int(scene.properties[f"relativeOrbitNumber_{end}"]) for end in ("start", "stop"))
    return first, last, one, other


@pytest.mark.parametrize("period", [("2020-01-01", "2020-01-13"), ("2026-08-01", "2026-08-13")])
def test_orbit_numbers_change_in_the_slice_over_the_ascending_node(period: tuple[str, str]) -> None:
    climbing = [
        some for some in by_pass(scenes(EQUATOR, *period)) if direction(some[0]) == "ASCENDING"
    ]
    over = [some for some in climbing if len({numbers(s)[0] for s in some}) == 2]
    assert over
    for some in over:
        first, _, relative, _ = numbers(some[0])
        after = relative % 175 + 1
        before = (first, first, relative, relative)
        across = (first, first + 1, relative, after)
        beyond = (first + 1, first + 1, after, after)
        (place,) = (i for i, scene in enumerate(some) if numbers(scene) == across)
        assert [numbers(s) for s in some[:place]] == [before] * place
        assert [numbers(s) for s in some[place + 1 :]] == [beyond] * (len(some) - place - 1)
        # It looks to the right: what lies abeam at the node is 0.65 to 1.11 degrees north.
        node = some[place].properties["orbitProperties_ascendingNodeTime"] + 12 * 86_400_000 / 175
        assert some[place].properties["system:time_start"] < node
        assert node < some[place].properties["system:time_end"]
        _, south, _, north = some[place].footprint.bounds
        assert south < 0.65
        assert north > 1.11
        assert all(scene.footprint.bounds[3] < 1.11 for scene in some[:place])
        assert all(scene.footprint.bounds[1] > 0.6 for scene in some[place + 1 :])


def test_away_from_the_node_start_and_stop_have_one_number() -> None:
    for bounds in (VIENNA, (14.0, -20.0, 17.0, -17.0)):
        for scene in scenes(bounds, "2020-01-01", "2020-02-01"):
            first, last, relative, after = numbers(scene)
            assert (first, relative) == (last, after)
    for scene in scenes(EQUATOR, "2020-01-01", "2020-02-01"):
        first, last, relative, after = numbers(scene)
        assert direction(scene) == "ASCENDING" or (first, relative) == (last, after)


def test_a_data_take_goes_on_across_the_node() -> None:
    """Of one mode, under one number, and with the same speckle where its slices overlap."""
    found = by_pass(scenes(EQUATOR, "2018-01-01", "2019-01-01"))
    compared = 0
    for some in found:
        takes = {s.properties["missionDataTakeID"] for s in some}
        kinds = {tuple(s.properties["transmitterReceiverPolarisation"]) for s in some}
        assert len(takes) == len(kinds) == 1
        over = next((s for s in some if numbers(s)[0] != numbers(s)[1]), None)
        if over is None or over is some[-1] or compared or over not in dual(some):
            continue
        after = some[some.index(over) + 1]
        assert over.bands[0].grid.crs == after.bands[0].grid.crs
        point = over.footprint.intersection(after.footprint).centroid
        one, two = (window_at(s, point.x, point.y, 20) for s in (over, after))
        assert one == two
        a, b = over.bands[0].read(one), after.bands[0].read(two)
        assert (a[1] & b[1]).any()
        np.testing.assert_allclose(a[0], b[0], rtol=1e-2)
        compared += 1
    assert compared

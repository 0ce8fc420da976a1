"""A pass across the equator, whose orbit numbers change on the way: one composite, one image."""

import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import ee
import numpy as np
import pytest
import shapely

from local_earthengine.engine import Engine
from local_earthengine.scenes.catalog import Catalog
from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from s1ratio.imagery import orbits
from s1ratio.plan import OrbitPass
from tests.contract.pixels.words import words_of
from tests.support.bruteforce import Lattice, Slice
from tests.support.composites import assert_equal, expected, exported, job_of
from tests.support.tiny_scenes import POWER, TinyCatalog, TinyScene, scene

# Around 39° E, 0° N, forty pixels wide; neighbours share ten rows or more.
_SOUTH = Lattice("EPSG:32637", (10, 0, 500_000, 0, -10, -100), 40, 40)
_MIDDLE = Lattice("EPSG:32637", (10, 0, 500_000, 0, -10, 200), 40, 40)
_NORTH = Lattice("EPSG:32637", (10, 0, 500_000, 0, -10, 500), 40, 40)
# Thirty pixels by eighty, inside them.
AREA = (39.0005, -0.0036, 39.0031, 0.0036)
_FIELDS = {
    "start": "2020-01-01",
    "end": "2020-02-01",
    "grid": {"crs": "EPSG:32637", "scale": 10},
    "speckle": {"filter": "focal_median", "radius_m": 30},
    "angle": "none",
    "statistics": ["median", "count"],
}
_WORDS = {"angle": (None, None), "speckle": _FIELDS["speckle"], "statistics": ["median", "count"]}


def climbing(
    seed: int, day: str, absolute: int, orbit: int = 57, platform: str = "A"
) -> list[TinyScene]:
    """One ascending pass: slices that lie before, on and after the node of orbit `absolute` + 1."""
    after = orbit % 175 + 1
    told: dict[str, Any] = {"platform": platform}
    return [
        scene(seed, day, _SOUTH, absolute=absolute, orbit=orbit, **told),
        scene(
            seed + 1, day, _MIDDLE, absolute=absolute, orbit=orbit, crossings=1, seconds=25, **told
        ),
        scene(seed + 2, day, _NORTH, absolute=absolute + 1, orbit=after, seconds=50, **told),
    ]


def _others() -> list[TinyScene]:
    """Slices of other passes: of the tracks before and behind, and of one that descends."""
    down: dict[str, Any] = {"direction": "DESCENDING", "seconds": 7}
    return [
        scene(60, "2020-01-09", _SOUTH, absolute=1100, orbit=58),
        scene(61, "2020-01-09", _NORTH, absolute=1101, orbit=59),
        scene(62, "2020-01-10", _SOUTH, absolute=1115, orbit=56),
        scene(63, "2020-01-10", _NORTH, absolute=1116, orbit=57),
        scene(64, "2020-01-11", _NORTH, absolute=1130, orbit=57, **down),
        scene(65, "2020-01-11", _SOUTH, absolute=1130, orbit=57, **down),
        scene(66, "2020-01-12", _NORTH, absolute=1145, orbit=58, **down),
    ]


def _job(orbit: int = 57, direction: str = "ASCENDING", **fields):
    message = {"aoi": {"bbox": list(AREA)}, **_FIELDS, **fields}
    return job_of(message, orbit, direction)


def _as_one(scenes: Iterable[TinyScene], absolute: int) -> list[Slice]:
    """Return the slices as those of one pass, as the brute force knows it."""
    return [replace(each.slice, orbit=absolute) for each in scenes]


def _found(catalog: Catalog, **fields) -> tuple[OrbitPass, ...]:
    request = job_of({"aoi": {"bbox": list(AREA)}, **_FIELDS, **fields}, 57).request
    question = ee.serializer.encode(orbits.passes_expression(request), True)
    return orbits.passes_of(Engine(catalog).compute(question))


def _named(catalog: Catalog, **fields) -> dict[str, int | None]:
    return {each.name: each.scenes for each in _found(catalog, **fields)}


@pytest.mark.parametrize("collection", ["COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"])
@pytest.mark.parametrize("orbit", [57, 1, 174, 175])
def test_slices_on_both_sides_of_the_node_are_one_image_before_the_filter(orbit, collection):
    first, second = climbing(10, "2020-01-05", 1000, orbit), climbing(20, "2020-01-17", 1175, orbit)
    mate = climbing(30, "2020-01-11", 1000, orbit, platform="B")
    theirs = [*_as_one(first, 1), *_as_one(second, 2), *_as_one(mate, 3)]
    theirs.sort(key=lambda each: each.time)
    job = _job(orbit, collection=collection)
    ours = exported(job, TinyCatalog([*first, *second, *mate]))
    assert_equal(ours, expected(job, theirs, words_of("default", AREA, **_WORDS)))
    assert np.nanmax(ours["vvvh_db_count"]) == 3
    assert np.isfinite(ours["vvvh_db_median"]).mean() > 0.85, "no seam in the middle"


def test_of_two_orbits_each_composite_has_its_own_passes():
    passes, others = climbing(10, "2020-01-05", 1000), _others()
    every = TinyCatalog([*passes, *others])
    for orbit, direction, mine in (
        (57, "ASCENDING", _as_one(passes, 1)),
        (58, "ASCENDING", _as_one(others[:2], 1)),
        (56, "ASCENDING", _as_one(others[2:4], 1)),
        (57, "DESCENDING", _as_one(others[4:6], 1)),
        (58, "DESCENDING", _as_one(others[6:], 1)),
    ):
        job = _job(orbit, direction)
        theirs = expected(job, mine, words_of("default", AREA, **_WORDS))
        assert_equal(exported(job, every), theirs)


@pytest.mark.parametrize("orbit", [57, 1, 174, 175])
def test_what_was_planned_for_one_side_of_the_node_has_the_slices_of_one_number(orbit):
    """As an earlier version planned it: slices by the number that they start with."""
    passes = climbing(10, "2020-01-05", 1000, orbit)
    catalog = TinyCatalog([*passes, *_others()] if orbit == 1 else passes)
    for number, mine in ((orbit, passes[:2]), (orbit % 175 + 1, passes[2:])):
        job = _job(number)
        job = replace(job, task=replace(job.task, joined=False))
        theirs = [each.slice for each in mine]
        assert_equal(
            exported(job, catalog), expected(job, theirs, words_of("default", AREA, **_WORDS))
        )


def test_the_search_finds_what_the_composites_are_made_of():
    every = TinyCatalog([*climbing(10, "2020-01-05", 1000), *_others()])
    ascending = {"o056a": 2, "o057a": 3, "o058a": 2}
    descending = {"o057d": 2, "o058d": 1}
    assert _named(every) == ascending | descending
    assert _named(every, direction="ASCENDING") == ascending
    assert _named(every, direction="DESCENDING") == descending
    (whole,) = (each for each in _found(every) if each.name == "o057a")
    assert whole.share == pytest.approx(1.0, abs=1e-3), "all three slices cover the area"


def test_the_pass_over_the_node_of_175_is_found_as_175():
    assert _named(TinyCatalog(climbing(10, "2020-01-05", 1000, 175))) == {"o175a": 3}


def test_the_notebook_takes_slices_by_the_number_of_their_start_and_joins_none():
    passes = climbing(10, "2020-01-05", 1000)
    catalog = TinyCatalog(passes)
    assert _named(catalog, preset="notebook") == {"o057a": 2, "o058a": 1}
    fields: dict[str, Any] = {"preset": "notebook", "products": ["vvvh_db"], "valid_range": None}
    words = words_of("notebook", AREA, **_WORDS, products=["vvvh_db"], valid_range={})
    for orbit, mine in ((57, passes[:2]), (58, passes[2:])):
        job = _job(orbit, **fields)
        theirs = expected(job, [each.slice for each in mine], words)
        ours = exported(job, catalog)
        assert_equal(ours, theirs)
        assert np.nanmax(ours["vvvh_db_count"]) == len(mine)


@pytest.mark.parametrize("latitude", [6.2, 45, -6.2, -33])
def test_away_from_the_equator_a_composite_has_the_slices_of_one_number(latitude):
    north = latitude > 0
    crs, base = f"EPSG:32{'6' if north else '7'}37", round(latitude * 110_600, -1)
    here = Lattice(crs, (10, 0, 500_000, 0, -10, base if north else 10_000_000 + base), 60, 60)
    lon, lat = here.centres("EPSG:4326")
    area = [lon.min() + 0.001, lat.min() + 0.001, lon.max() - 0.001, lat.max() - 0.001]
    fields = {**_FIELDS, "grid": {"crs": crs, "scale": 10}, "aoi": {"bbox": area}}
    scenes = [
        scene(1, "2020-01-05", here, absolute=1000, orbit=57),
        scene(2, "2020-01-05", here, absolute=1001, orbit=58, seconds=25),
    ]
    job = job_of(fields, 57)
    theirs = expected(job, [scenes[0].slice], words_of("default", tuple(area), **_WORDS))
    assert_equal(exported(job, TinyCatalog(scenes)), theirs)
    question = ee.serializer.encode(orbits.passes_expression(job.request), True)
    found = orbits.passes_of(Engine(TinyCatalog(scenes)).compute(question))
    assert [each.name for each in found] == ["o057a", "o058a"]


# The sphere and the circle that a Sentinel-1 flies, of the figures that ESA publishes: nothing of
# the product's own geometry.
_PERIOD, _INCLINATION, _EARTH = 12 * 86400 / 175, math.radians(98.18), 6371.0


def _below(seconds: float) -> np.ndarray:
    """Return the unit vector to the point below the satellite, so long after a node at 0° E."""
    turned, spin = 2 * math.pi * seconds / _PERIOD, 2 * math.pi * seconds / 86400
    x, y, z = (
        math.cos(turned),
        math.cos(_INCLINATION) * math.sin(turned),
        math.sin(_INCLINATION) * math.sin(turned),
    )
    return np.array(
        [x * math.cos(spin) + y * math.sin(spin), y * math.cos(spin) - x * math.sin(spin), z]
    )


def _strip(begin: float, end: float, near: float = 345, far: float = 595) -> shapely.Polygon:
    """Return what is seen between two times (s after the node), so many km to the right."""

    def seen(seconds: float, right: float) -> tuple[float, float]:
        side = np.cross(_below(seconds + 1), _below(seconds - 1))
        angle = right / _EARTH
        x, y, z = math.cos(angle) * _below(seconds) + math.sin(angle) * side / np.linalg.norm(side)
        return math.degrees(math.atan2(y, x)), math.degrees(math.asin(z))

    times = np.linspace(begin, end, 9)
    return shapely.Polygon([seen(t, near) for t in times] + [seen(t, far) for t in times[::-1]])


class _Strips:
    """A catalogue of outlines: nobody looks at a pixel of them."""

    def __init__(self, scenes: list[Scene]) -> None:
        self._scenes = scenes

    def collection(self, asset_id: str, **_: object) -> list[Scene]:
        assert asset_id == POWER
        return self._scenes

    def image(self, asset_id: str) -> Scene:
        raise AssertionError(asset_id)


def _outlined(number: int, begin: float, end: float) -> Scene:
    start, stop = int(begin >= 0), int(end > 0)
    told = {
        "instrumentMode": "IW",
        "transmitterReceiverPolarisation": ["VV", "VH"],
        "orbitProperties_pass": "ASCENDING",
        "platform_number": "C",
        "relativeOrbitNumber_start": 57 + start,
        "relativeOrbitNumber_stop": 57 + stop,
        "orbitNumber_start": 9000 + start,
        "orbitNumber_stop": 9000 + stop,
        "system:time_start": 1_577_836_800_000 + int(1000 * (begin + 4000)),
    }
    return Scene(f"s{number}", f"{POWER}/s{number}", (), _strip(begin, end), told)


@pytest.mark.parametrize("length", [25.0, 25.8, 29.0, 33.0])
@pytest.mark.parametrize("offset", [0.0, 0.5, 1.5, 2.5, 6.0, 12.0, 18.0, 23.0, 24.5])
def test_wherever_the_node_lies_in_a_slice_the_pass_keeps_one_number(length, offset):
    """Slices that end within two seconds before the node have their middle north of it, too."""
    begins = [length * (number - 4) - offset for number in range(8)]
    scenes = [_outlined(i, begin, begin + length) for i, begin in enumerate(begins)]
    numbers = [each.properties["relativeOrbitNumber_start"] for each in scenes]
    assert (numbers[0], numbers[-1]) == (57, 58)
    along = shapely.geometry.mapping(_strip(begins[0] + 1, begins[-1] + length - 1, 460, 480))
    assert _named(_Strips(scenes), aoi=along) == {"o057a": 8}


PLACES = {
    "Kenya": (36.70, 0.70, 36.90, 1.00),
    "Gabon": (11.40, -0.30, 11.60, 0.90),
    "Indonesia": (113.2, 0.1, 113.4, 1.2),
    "Brazil": (-60.2, -0.2, -60.0, 1.0),
    "Gilbert Islands": (179.9, 0.3, -179.9, 1.1),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_synthetic_passes_over_a_place_are_found_once_each(place):
    """Slices of one platform that follow each other within a minute are one pass."""
    west, south, east, north = PLACES[place]
    bounds = (west, south, east if east > west else east + 360, north)
    period = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC)
    catalog = SyntheticCatalog()
    scenes = catalog.collection(POWER, bounds=bounds, start=period[0], end=period[1])
    both = ["VV", "VH"]
    known = [s.properties for s in scenes]
    usual = [told for told in known if told["transmitterReceiverPolarisation"] == both]
    wanted: dict[str, int] = {}
    names: dict[tuple[str, int], tuple[float, str]] = {}
    for told in usual:
        time, platform = told["system:time_start"], told["platform_number"]
        way = told["orbitProperties_pass"]
        since, name = names.get(platform, (-math.inf, ""))
        if time - since > 60_000:
            # The first slice bears the number of the south, unless it was flown after the node.
            number = told["relativeOrbitNumber_start"]
            number -= int(way == "ASCENDING" and told["startTimeANX"] < 600_000)
            name = f"o{(number - 1) % 175 + 1:03d}{way[0].lower()}"
        names[platform] = (time, name)
        wanted[name] = wanted.get(name, 0) + 1
    assert any(name.endswith("a") for name in wanted)
    aoi = {"bbox": [west, south, east, north]}
    assert _named(catalog, aoi=aoi, grid={"crs": "utm", "scale": 10}) == wanted


@pytest.mark.parametrize("place", ["Kenya", "Gabon", "Indonesia"])
def test_a_synthetic_pass_counts_once_on_both_sides_of_its_node(place):
    west, _, east, _ = PLACES[place]
    catalog, bounds = SyntheticCatalog(), (west - 1, -1.0, east + 1, 2.0)
    start, end = (datetime(2020, month, 1, tzinfo=UTC) for month in (1, 2))
    told = {"orbitProperties_pass": "ASCENDING", "transmitterReceiverPolarisation": ["VV", "VH"]}
    climbing = [
        each
        for each in catalog.collection(POWER, bounds=bounds, start=start, end=end)
        if told.items() <= dict(each.properties).items()
    ]

    def number(each: Scene, name: str) -> int:
        return int(each.properties[f"{name}_start"])

    over = next(s for s in climbing if s.properties["orbitNumber_stop"] > number(s, "orbitNumber"))
    orbit = number(over, "relativeOrbitNumber")
    after = next(s for s in climbing if number(s, "relativeOrbitNumber") == orbit % 175 + 1)
    seam = over.footprint.intersection(after.footprint).centroid
    area = [seam.x - 0.02, seam.y - 0.02, seam.x + 0.02, seam.y + 0.02]
    fields: dict[str, Any] = {"aoi": {"bbox": area}, "grid": {"crs": "utm", "scale": 100}}
    fields |= {"products": ["vv_db"], "statistics": ["count"], "speckle": {"filter": "none"}}
    job = _job(orbit, **fields)
    counted = exported(job, catalog)["vv_db_count"]
    passes = {
        (s.properties["platform_number"], s.properties["system:time_start"] // 600_000)
        for s in climbing
        if number(s, "relativeOrbitNumber") in {orbit, orbit % 175 + 1}
        and s.footprint.contains(seam)
    }
    assert len(passes) > 1
    inside = counted[np.isfinite(counted) & (counted > 0)]
    assert inside.size > 0.9 * counted.size
    assert inside.max() == len(passes)
    assert (inside == len(passes)).mean() > 0.99, "a few pixels have no power in VH"

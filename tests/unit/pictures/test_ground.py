"""Lengths and north on the ground, against formulas that use no projection library."""

import math

import pytest

from s1ratio.pictures.ground import length_words, locate, round_length

A, E2 = 6_378_137.0, 0.0066943799901413165  # WGS 84
DEGREE = 1e-4
SHAPE = (50, 80)


def metres_of_degrees(lat: float) -> tuple[float, float]:
    """Return metres a degree (eastward, northward) at a latitude: radii of curvature."""
    root = math.sqrt(1 - E2 * math.sin(math.radians(lat)) ** 2)
    radian = math.radians(1)
    return A * math.cos(math.radians(lat)) / root * radian, A * (1 - E2) / root**3 * radian


@pytest.mark.parametrize("lat", [0, 30, 48.2, -60, 84])
@pytest.mark.parametrize("lon", [0, 16.3, 179.996, -180.004])
def test_degrees_are_as_long_as_they_are_there(lat: float, lon: float) -> None:
    ground = locate("EPSG:4326", (DEGREE, 0, lon - 0.004, 0, -DEGREE, lat + 0.0025), SHAPE)
    assert ground is not None
    east, north = metres_of_degrees(lat)
    assert ground.across_m == pytest.approx(east * DEGREE, rel=1e-5)
    assert ground.down_m == pytest.approx(north * DEGREE, rel=1e-5)
    assert ground.north == pytest.approx(0, abs=1e-6)
    assert not ground.varies
    assert ground.pole is None
    assert ground.is_square == (abs(east / north - 1) <= 0.02)


@pytest.mark.parametrize("lat", [0, 40, 60, -75])
def test_web_mercator_is_longer_than_the_ground(lat: float) -> None:
    y = A * math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
    ground = locate("EPSG:3857", (10, 0, 1e6 - 400, 0, -10, y + 250), SHAPE)
    assert ground is not None
    root = math.sqrt(1 - E2 * math.sin(math.radians(lat)) ** 2)
    assert ground.across_m == pytest.approx(10 * math.cos(math.radians(lat)) / root, rel=1e-4)
    assert ground.north == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("crs", "x", "y", "north"),
    [
        # 45° W is downward in EPSG:3413: north is towards the middle.
        ("EPSG:3413", 0, -1_000_000, 0),
        ("EPSG:3413", 0, 1_000_000, 180),
        ("EPSG:3413", 1_000_000, 0, -90),
        ("EPSG:3413", -700_000, -700_000, 45),
        # In the south it is away from it.
        ("EPSG:3031", 0, 1_000_000, 0),
        ("EPSG:3031", 1_000_000, 0, 90),
        ("EPSG:3031", -500_000, 0, -90),
    ],
)
def test_north_on_polar_grids_is_towards_or_away_from_the_pole(
    crs: str, x: float, y: float, north: float
) -> None:
    ground = locate(crs, (100, 0, x - 4000, 0, -100, y + 2500), SHAPE)
    assert ground is not None
    assert (ground.north - north + 180) % 360 - 180 == pytest.approx(0, abs=0.01)
    assert ground.pole is None


@pytest.mark.parametrize(
    ("crs", "name"),
    [("EPSG:3413", "North Pole"), ("EPSG:3031", "South Pole"), ("EPSG:3995", "North Pole")],
)
def test_a_pole_in_the_raster_is_found_where_it_is(crs: str, name: str) -> None:
    ground = locate(crs, (1000, 0, -30_000, 0, -1000, 20_000), SHAPE)
    assert ground is not None
    assert ground.pole is not None
    assert ground.pole[0] == name
    assert ground.pole[1:] == pytest.approx((30, 20), abs=1e-3)
    assert ground.varies


@pytest.mark.parametrize("turn", [-135, -30, 0, 12, 90, 179])
def test_rows_may_run_anywhere(turn: float) -> None:
    """Of a raster whose rows are turned counterclockwise north is as far clockwise."""
    c, s = 10 * math.cos(math.radians(turn)), 10 * math.sin(math.radians(turn))
    ground = locate("EPSG:32633", (c, s, 500_000.0, s, -c, 5_340_000.0), (2, 2))
    assert ground is not None
    assert (ground.north - turn + 180) % 360 - 180 == pytest.approx(0, abs=0.01)
    assert ground.across_m == pytest.approx(10 / 0.9996, rel=1e-5)


def test_meridians_converge_in_a_zone() -> None:
    """17.9° E is 2.9° east of zone 33's middle: north leans to the left by Δλ·sin φ there."""
    ground = locate("EPSG:32633", (10, 0, 661_700, 0, -10, 6_655_000), SHAPE)
    assert ground is not None
    assert ground.north == pytest.approx(-2.9 * math.sin(math.radians(60)), abs=0.1)


@pytest.mark.parametrize("crs", ["EPSG:32601", "EPSG:32660"])
def test_the_antimeridian_is_no_edge(crs: str) -> None:
    x = 166_021 if crs == "EPSG:32601" else 833_979  # at 180° on the equator
    ground = locate(crs, (10, 0, x - 400, 0, -10, 250), SHAPE)
    assert ground is not None
    assert ground.across_m == pytest.approx(10 / 1.00098, rel=1e-4)
    assert not ground.varies


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:4326", (DEGREE, 0, 10, 0, -DEGREE, 95)),
        ("EPSG:32633", (1e6, 0, 1e9, 0, -1e6, 1e9)),
        ("EPSG:4326", (DEGREE, 0, math.inf, 0, -DEGREE, 5)),
    ],
)
def test_what_is_nowhere_on_earth_has_no_ground(crs: str, transform: tuple[float, ...]) -> None:
    assert locate(crs, transform, SHAPE) is None


@pytest.mark.parametrize(
    ("metres", "length", "words"),
    [
        (9.99, 5, "5 m"), (10, 10, "10 m"), (1234, 1000, "1 km"), (49_000, 20_000, "20 km"),
        (0.3, 0.2, "20 cm"), (2.0e6, 2.0e6, "2,000 km"), (999.99, 500, "500 m"),
    ],
)  # fmt: skip
def test_a_bar_has_a_round_length(metres: float, length: float, words: str) -> None:
    assert round_length(metres) == pytest.approx(length)
    assert length_words(round_length(metres)) == words

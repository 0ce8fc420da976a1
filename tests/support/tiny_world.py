"""A small world of scenes with everything in it that a composite must take, leave or unite."""

from tests.support.bruteforce import Lattice, Slice
from tests.support.tiny_scenes import TinyScene, scene

START, END = "2020-01-01", "2020-01-26"
# Within the scenes, cutting across their seam; the second reaches beyond them in the west.
INSIDE = (15.0008, 9.9985, 15.0043, 10.0024)
PARTLY = (14.9990, 9.9985, 15.0030, 10.0024)
_NORTH = Lattice("EPSG:32633", (10, 0, 500_000, 0, -10, 1_105_700), 56, 40)
_SOUTH = Lattice("EPSG:32633", (10, 0, 500_030, 0, -10, 1_105_400), 56, 40)  # ten rows shared
_FAR = Lattice("EPSG:32633", (10, 0, 560_000, 0, -10, 1_105_700), 20, 20)


def _pass(seed: int, day: str, platform: str, absolute: int) -> list[TinyScene]:
    return [
        scene(seed, day, _NORTH, platform=platform, absolute=absolute),
        scene(seed + 1, day, _SOUTH, platform=platform, absolute=absolute, seconds=25),
    ]


def taken() -> list[TinyScene]:
    """The scenes of orbit 58 ascending in the period: five passes, nine scenes."""
    return [
        *_pass(10, "2020-01-01", "A", 100),
        *_pass(20, "2020-01-07", "B", 100),  # the same absolute orbit, another platform
        *_pass(30, "2020-01-13", "A", 275),
        *_pass(40, "2020-01-19", "C", 900),
        scene(50, "2020-01-25", _NORTH, platform="A", absolute=450, angles=(38, 42)),
    ]


def left() -> list[TinyScene]:
    """Scenes that each miss one thing."""
    return [
        scene(60, "2020-01-02", _NORTH, orbit=131),
        scene(61, "2020-01-02", _NORTH, direction="DESCENDING"),
        scene(62, "2020-01-03", _NORTH, mode="EW"),
        scene(63, "2020-01-03", _NORTH, polarisations=("VV",)),
        scene(64, "2020-01-03", _NORTH, polarisations=("HH", "HV")),
        scene(65, "2020-01-26", _NORTH, seconds=-3600),  # the end's first moment
        scene(66, "2019-12-31", _NORTH, seconds=23 * 3600 - 3601),  # a second early
        scene(67, "2020-01-04", _FAR),
    ]


def slices(platforms: str = "ABCD") -> list[Slice]:
    """The slices of what is taken, by time."""
    every = [each.slice for each in taken() if each.slice.platform in platforms]
    return sorted(every, key=lambda each: each.time)

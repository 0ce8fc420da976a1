"""Scenes: what is asked of Earth Engine's list, what it answers, the passes in that. Pure.

Earth Engine is asked with boxes; whether a scene meets the area itself is decided here.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import shapely
from shapely.affinity import translate

from s1ratio.aoi import Aoi
from s1ratio.orbits import ORBITS_IN_CYCLE, is_near_equator
from s1ratio.request import Direction

MAX_QUESTIONS = 50  # of one call
MAX_SCENES = 1_000  # of one question, unless it says otherwise
_WORLD = 360.0
# Degrees: a slice that was flown after the node as a whole begins north of it. See the page.
_SOUTHERNMOST = -0.2


@dataclass(frozen=True)
class SceneQuestion:
    """Which IW scenes with VV and VH lie over the box of an area, from `start` until before `end`.

    Times are UTC and those of first lines. `key` names the question among those of a call; `most`
    is how many scenes are answered, the earliest of them.
    """

    key: str
    area: Aoi
    start: datetime
    end: datetime
    most: int = MAX_SCENES


@dataclass(frozen=True)
class Scene:
    """One scene: a slice of a pass. `start` and `end` are of its first and last line (UTC).

    `absolute_orbit` and `relative_orbit` are those that it starts on; it ends on `last_orbit`.
    The footprint is in lon/lat; one across 180° has longitudes beyond it.
    """

    index: str
    platform: str
    absolute_orbit: int
    last_orbit: int
    relative_orbit: int
    direction: Direction
    start: datetime
    end: datetime
    footprint: shapely.Geometry


@dataclass(frozen=True)
class SceneAnswer:
    """The scenes that a question found, by time; `whole` unless there are more than it allowed."""

    key: str
    scenes: tuple[Scene, ...]
    whole: bool = True


@dataclass(frozen=True)
class ScenePass:
    """The scenes of one pass over an area: of one platform and absolute orbit, by time."""

    platform: str
    absolute_orbit: int
    relative_orbit: int
    direction: Direction
    scenes: tuple[Scene, ...]

    @property
    def name(self) -> str:
        """Platform and absolute orbit, such as `C9016`: the same whatever slices are there yet."""
        return f"{self.platform}{self.absolute_orbit}"

    @property
    def first_line(self) -> datetime:
        """When its first line over the area was taken, as far as its slices are there."""
        return self.scenes[0].start

    @property
    def last_line(self) -> datetime:
        """When its last line was."""
        return max(scene.end for scene in self.scenes)


def meets(scene: Scene, area: Aoi) -> bool:
    """Tell whether a scene sees some of an area; to touch it is nothing."""
    return bool(shapely.area(shared(scene, area)) > 0)


def shared(scene: Scene, area: Aoi) -> shapely.Geometry:
    """Return the part of an area, in the area's own picture of it, that a scene's footprint has."""
    turned = (translate(scene.footprint, xoff=turn) for turn in (0.0, _WORLD, -_WORLD))
    return shapely.union_all([shapely.intersection(each, area.unwrapped) for each in turned])


def passes_over(scenes: Iterable[Scene], area: Aoi) -> tuple[ScenePass, ...]:
    """Return the passes that see some of an area, by time.

    Near the equator a pass that climbs bears the numbers of its south, on both sides of the node.
    """
    joins = is_near_equator(area)
    found: dict[tuple[str, int], list[Scene]] = {}
    for scene in sorted(scenes, key=lambda each: (each.start, each.index)):
        if meets(scene, area):
            numbered = _southern(scene) if joins else scene
            found.setdefault((scene.platform, numbered.absolute_orbit), []).append(numbered)
    every = [
        ScenePass(platform, orbit, slices[0].relative_orbit, slices[0].direction, tuple(slices))
        for (platform, orbit), slices in found.items()
    ]
    return tuple(sorted(every, key=lambda each: (each.first_line, each.name)))


def digest_of(scenes: Sequence[Scene]) -> str:
    """Return a digest of a set of scenes: another one if any came, went or was made anew."""
    text = "\n".join(sorted(scene.index for scene in scenes))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def footprint_of(rings: Sequence[Sequence[tuple[float, float]]]) -> shapely.Geometry:
    """Return a footprint from the rings of its polygons; raise ValueError if there is no area.

    Longitudes of a ring are put beside each other: it may cross 180°.
    """
    whole = shapely.union_all([shapely.make_valid(_polygon(ring)) for ring in rings])
    if not shapely.area(whole):
        raise ValueError("a footprint without an area")
    return whole


def _polygon(ring: Sequence[tuple[float, float]]) -> shapely.Geometry:
    unwrapped: list[tuple[float, float]] = []
    for lon, lat in ring:
        near = unwrapped[-1][0] if unwrapped else lon
        turns = round((near - lon) / _WORLD)
        unwrapped.append((lon + turns * _WORLD, lat))
    return shapely.Polygon(unwrapped)


def _southern(scene: Scene) -> Scene:
    """Return a scene by the numbers that its pass bears south of the ascending node."""
    climbs = scene.direction is Direction.ASCENDING
    if not climbs or scene.absolute_orbit != scene.last_orbit:
        return scene
    south = scene.footprint.bounds[1]
    if scene.footprint.centroid.y <= 0 or south <= _SOUTHERNMOST:
        return scene
    relative = (scene.relative_orbit - 2) % ORBITS_IN_CYCLE + 1
    return replace(scene, absolute_orbit=scene.absolute_orbit - 1, relative_orbit=relative)


def in_calls(questions: Sequence[SceneQuestion]) -> list[list[SceneQuestion]]:
    """Return the questions as they are asked: as many as one call takes, in turn."""
    return [
        list(questions[at : at + MAX_QUESTIONS]) for at in range(0, len(questions), MAX_QUESTIONS)
    ]

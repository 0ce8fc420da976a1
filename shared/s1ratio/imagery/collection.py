"""Which scenes a composite is made of. Filters on metadata only: no pixel is touched."""

from collections.abc import Sequence
from functools import lru_cache

import ee

from s1ratio import grid
from s1ratio.aoi import Aoi
from s1ratio.imagery import ascending_node, geometry
from s1ratio.imagery.ascending_node import ABSOLUTE_ORBIT, DIRECTION, ORBIT
from s1ratio.orbits import joins_at_node, next_orbit
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest, Direction
from s1ratio.request.moments import text_of

POLARISATIONS = ("VV", "VH")
PLATFORM = "platform_number"
TIME = "system:time_start"
INDEX = "system:index"
_ALL_PLATFORMS = frozenset("ABCD")
_KEPT = 16


def of_request(request: CompositeRequest) -> ee.ImageCollection:
    """Return the scenes of a request: IW, VV and VH, its area, period, direction, platforms.

    The area is the AOI, even where more of its surroundings is exported: which orbits there are
    is asked of it alone. Each has the properties of `orbit_keys`.
    """
    both = request.direction is Direction.BOTH
    filters = [] if both else [ee.Filter.eq(DIRECTION, request.direction.value)]
    scenes = _scenes(request, request.aoi, filters)
    joins = joins_at_node(request, request.direction)
    return ascending_node.number_passes(scenes) if joins else scenes


def of_pass(request: CompositeRequest, task: ExportTask) -> ee.ImageCollection:
    """Return the scenes of a request on a task's relative orbit, flown in its direction.

    The area is the whole one even for one tile of it, so that a pixel has the same scenes
    whatever tile it falls in; a scene beyond the tile costs nothing. Without clipping it is the
    box that is exported; but for the notebook, which took the scenes of its area. Where the task
    names its scenes, no others are among them.
    Each has the properties of `pass_keys`.
    """
    orbit = task.orbit
    filters = [ee.Filter.eq(DIRECTION, task.direction.value), *_pins(task)]
    if not _joins(request, task):
        return _scenes(request, _extent(request), [ee.Filter.eq(ORBIT, orbit), *filters])
    either = ee.Filter.inList(ORBIT, [orbit, next_orbit(orbit)])
    scenes = ascending_node.number_passes(_scenes(request, _extent(request), [either, *filters]))
    return scenes.filter(ee.Filter.eq(ascending_node.SOUTHERN_ORBIT, orbit))


def orbit_keys(request: CompositeRequest) -> list[str]:
    """Return the properties that scenes of one composite have in common."""
    joins = joins_at_node(request, request.direction)
    return [ascending_node.SOUTHERN_ORBIT if joins else ORBIT, DIRECTION]


def pass_keys(request: CompositeRequest, task: ExportTask) -> list[str]:
    """Return the properties that slices of one pass have in common: platform, absolute orbit."""
    joins = _joins(request, task)
    return [PLATFORM, ascending_node.SOUTHERN_ABSOLUTE_ORBIT if joins else ABSOLUTE_ORBIT]


def _joins(request: CompositeRequest, task: ExportTask) -> bool:
    """Tell whether a task's slices are those on both sides of the ascending node."""
    return joins_at_node(request, task.direction) if task.joined is None else task.joined


def _pins(task: ExportTask) -> list[ee.Filter]:
    """Return what leaves a task its pinned scenes alone, whatever is listed by then."""
    return [] if task.scenes is None else [ee.Filter.inList(INDEX, list(task.scenes))]


def _extent(request: CompositeRequest) -> Aoi:
    if request.clip or request.follows_notebook:
        return request.aoi
    return grid.extent(request.aoi, request.grid.crs, request.grid.scale)


def _scenes(
    request: CompositeRequest, area: Aoi, filters: Sequence[ee.Filter]
) -> ee.ImageCollection:
    # Place and time stand alone and first, next to the collection, whose index they use.
    scenes = ee.ImageCollection(request.collection.value)
    scenes = scenes.filterBounds(geometry.of_area(area))
    scenes = scenes.filterDate(text_of(request.start), text_of(request.end))
    return scenes.filter(ee.Filter.And(*_sensor(request.platforms), *filters))


@lru_cache(_KEPT)
def _sensor(platforms: tuple[str, ...]) -> tuple[ee.Filter, ...]:
    polarisations = "transmitterReceiverPolarisation"
    filters = [ee.Filter.eq("instrumentMode", "IW")]
    filters += [ee.Filter.listContains(polarisations, name) for name in POLARISATIONS]
    if set(platforms) != _ALL_PLATFORMS:
        filters.append(ee.Filter.inList(PLATFORM, sorted(platforms)))
    return tuple(filters)

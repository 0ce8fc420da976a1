"""Which scenes a composite is made of. Filters on metadata only: no pixel is touched."""

from collections.abc import Sequence

import ee

from s1ratio import grid
from s1ratio.aoi import Aoi
from s1ratio.imagery import geometry
from s1ratio.request import CompositeRequest, Direction
from s1ratio.request.moments import text_of

POLARISATIONS = ("VV", "VH")
ORBIT = "relativeOrbitNumber_start"
DIRECTION = "orbitProperties_pass"
PLATFORM = "platform_number"
ABSOLUTE_ORBIT = "orbitNumber_start"  # with the platform it names one pass
TIME = "system:time_start"
_ALL_PLATFORMS = frozenset("ABCD")


def of_request(request: CompositeRequest) -> ee.ImageCollection:
    """Return the scenes of a request: IW, VV and VH, its area, period, direction, platforms.

    The area is the AOI, even where more of its surroundings is exported: which orbits there are
    is asked of it alone.
    """
    both = request.direction is Direction.BOTH
    filters = [] if both else [ee.Filter.eq(DIRECTION, request.direction.value)]
    return _scenes(request, request.aoi, filters)


def of_pass(request: CompositeRequest, orbit: int, direction: Direction) -> ee.ImageCollection:
    """Return the scenes of a request on one relative orbit, flown in one direction.

    The area is the whole one even for one tile of it, so that a pixel has the same scenes
    whatever tile it falls in; a scene beyond the tile costs nothing. Without clipping it is the
    box that is exported; but for the notebook, which took the scenes of its area.
    """
    filters = [ee.Filter.eq(ORBIT, orbit), ee.Filter.eq(DIRECTION, direction.value)]
    if request.clip or request.follows_notebook:
        return _scenes(request, request.aoi, filters)
    whole = grid.extent(request.aoi, request.grid.crs, request.grid.scale)
    return _scenes(request, whole, filters)


def _scenes(
    request: CompositeRequest, area: Aoi, filters: Sequence[ee.Filter]
) -> ee.ImageCollection:
    # Place and time stand alone and first, next to the collection, whose index they use.
    scenes = ee.ImageCollection(request.collection.value)
    scenes = scenes.filterBounds(geometry.of_area(area))
    scenes = scenes.filterDate(text_of(request.start), text_of(request.end))
    return scenes.filter(ee.Filter.And(*_sensor(request), *filters))


def _sensor(request: CompositeRequest) -> list[ee.Filter]:
    polarisations = "transmitterReceiverPolarisation"
    filters = [ee.Filter.eq("instrumentMode", "IW")]
    filters += [ee.Filter.listContains(polarisations, name) for name in POLARISATIONS]
    if set(request.platforms) != _ALL_PLATFORMS:
        filters.append(ee.Filter.inList(PLATFORM, sorted(request.platforms)))
    return filters

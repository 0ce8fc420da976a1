"""The area of interest as an Earth Engine geometry."""

from functools import lru_cache

import ee

from s1ratio.aoi import Aoi

# An area stands several times in one graph: as one object it is written down once.
_KEPT = 8


@lru_cache(_KEPT)
def of_area(area: Aoi) -> ee.Geometry:
    """Return the area within ±180°, lon/lat, planar edges, holes by the even-odd rule.

    Both are said outright: Earth Engine's own edges are geodesics, and by its left-hand rule a
    clockwise ring would be the whole Earth but the area.
    """
    shape = area.geojson()
    return ee.Geometry.MultiPolygon(shape["coordinates"], None, False, None, True)

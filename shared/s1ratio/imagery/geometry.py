"""The area of interest as an Earth Engine geometry."""

import ee

from s1ratio.aoi import Aoi


def of_area(area: Aoi) -> ee.Geometry:
    """Return the area within ±180°, lon/lat, planar edges, holes by the even-odd rule.

    Both are said outright: Earth Engine's own edges are geodesics, and by its left-hand rule a
    clockwise ring would be the whole Earth but the area.
    """
    shape = area.geojson()
    return ee.Geometry.MultiPolygon(shape["coordinates"], None, False, None, True)

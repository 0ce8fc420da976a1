"""Charts: where geometries lie whole, so that plane geometry is right for them.

Nearly everywhere that is degrees, with the seam of the longitudes where nothing is. Around a pole
there is no such place: there it is a plane about the pole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from local_earthengine.geo.edges import reprojected
from local_earthengine.geo.longitudes import all_round, joined, on_the_cut, wrapped
from local_earthengine.geo.projection import WGS84

# A plane about a pole tears the other pole apart: what reaches so far stays in degrees.
_FAR_SIDE: Final = 60.0
_PLANES: Final = {
    90: "+proj=aeqd +lat_0=90 +lon_0=0 +datum=WGS84 +type=crs",
    -90: "+proj=aeqd +lat_0=-90 +lon_0=0 +datum=WGS84 +type=crs",
}


@dataclass(frozen=True)
class Chart:
    """`shapes` as they lie in the plane of `crs`: degrees, or metres about a pole."""

    shapes: tuple[BaseGeometry, ...]
    crs: str = WGS84.crs

    def back(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape of this plane as a wrapped one in degrees."""
        return wrapped(reprojected(shape, self.crs, WGS84.crs))


def chart_of(*shapes: BaseGeometry) -> Chart:
    """Return wrapped shapes in a plane where each of them is whole."""
    pole = _pole(shapes)
    if pole is None:
        return Chart(tuple(joined(*shapes)))
    plane = _PLANES[pole]
    return Chart(tuple(reprojected(shape, WGS84.crs, plane) for shape in shapes), plane)


def chart_if_cut(*shapes: BaseGeometry) -> Chart:
    """Return wrapped shapes in degrees as they are, unless several of them go on past the cut.

    A shape that does not touch the cut meets only what lies on its own side of it.
    """
    if sum(map(on_the_cut, shapes)) < min(2, len(shapes)):
        return Chart(shapes)
    return chart_of(*shapes)


def related(relation: str, one: BaseGeometry, other: BaseGeometry) -> bool:
    """Tell whether two wrapped shapes stand in a relation of shapely's, such as `contains`."""
    first, second = chart_if_cut(one, other).shapes
    return bool(getattr(first, relation)(second))


def _pole(shapes: tuple[BaseGeometry, ...]) -> int | None:
    """Return the pole (90 or -90) that shapes lie at or around; None: they are whole in degrees."""
    known = [shape for shape in shapes if not shape.is_empty]
    if not known:
        return None
    lows, highs = [s.bounds[1] for s in known], [s.bounds[3] for s in known]
    at = [shape for shape in known if on_the_cut(shape) and _polar(shape)]
    if not at:
        return None
    middle = sum(shape.bounds[1] + shape.bounds[3] for shape in at)
    if middle >= 0 and min(lows) > -_FAR_SIDE:
        return 90
    return -90 if max(highs) < _FAR_SIDE else None


def _polar(shape: BaseGeometry) -> bool:
    at_pole = max(-shape.bounds[1], shape.bounds[3]) >= 90 - 1e-9
    return at_pole or all_round(shape)


def outlines(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the lines around the polygons of a wrapped shape, without the cut between its halves.

    In degrees; edges in a plane about a pole are short ones there.
    """
    chart = chart_of(shape)
    rings = shapely.get_rings(shapely.get_parts(chart.shapes[0]))
    lines = [shapely.LineString(ring) for ring in rings]
    return [reprojected(line, chart.crs, WGS84.crs) for line in lines]

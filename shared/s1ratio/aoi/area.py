"""`Aoi`: one area in lon/lat, whole and cut at the antimeridian."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import shapely
from pyproj import Transformer
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate
from shapely.geometry import box, mapping

# An equal-area cylinder: an area in it is one on the ellipsoid, whatever its size. The sum of a
# geodesic polygon knows no more than half the Earth.
_EQUAL_AREA = "+proj=cea +ellps=WGS84 +over +type=crs"
_WORLD = 360.0


@dataclass(frozen=True)
class Aoi:
    """An area of interest, EPSG:4326, planar edges.

    `unwrapped` is one connected picture of the area: an area across the antimeridian has
    longitudes beyond ±180 there, so that its centroid and its bounds mean what they should.
    `notes` say what was left out of what was sent, in words.
    """

    unwrapped: Polygon | MultiPolygon
    notes: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def sides(self) -> tuple[Polygon | MultiPolygon, ...]:
        """The area within ±180°: one part, or two where it crosses the antimeridian."""
        parts = []
        for turn in (0, -1, 1):
            window = box(-180 + turn * _WORLD, -90, 180 + turn * _WORLD, 90)
            cut = _polygonal(shapely.intersection(self.unwrapped, window))
            if cut is not None:
                parts.append(translate(cut, xoff=-turn * _WORLD))
        return tuple(parts)

    @cached_property
    def area_km2(self) -> float:
        """Geodesic area on the WGS84 ellipsoid in km²."""
        # Straight edges in lon/lat are curves on the cylinder.
        dense = shapely.segmentize(self.unwrapped, 0.5)
        flat = shapely.transform(dense, _equal_area().transform, interleaved=False)
        return float(shapely.area(flat)) / 1e6

    @cached_property
    def centroid(self) -> tuple[float, float]:
        """Longitude (within ±180°) and latitude of the planar centroid in degrees."""
        point = self.unwrapped.centroid
        return (point.x + 180) % _WORLD - 180, point.y

    def geojson(self) -> dict[str, Any]:
        """Return the area as a GeoJSON MultiPolygon within ±180°, exterior rings anticlockwise."""
        merged = MultiPolygon([polygon for side in self.sides for polygon in _polygons(side)])
        return dict(mapping(shapely.orient_polygons(merged)))


def _polygons(shape: Polygon | MultiPolygon) -> list[Polygon]:
    return [shape] if isinstance(shape, Polygon) else list(shape.geoms)


def _polygonal(shape: shapely.Geometry) -> Polygon | MultiPolygon | None:
    """Return the polygons of a cut, or None: an edge that only touches the cut is no area."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and part.area]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


@cache
def _equal_area() -> Transformer:
    return Transformer.from_crs("EPSG:4326", _EQUAL_AREA, always_xy=True)

"""Pixel grids: where the pixels of an area lie, so that every run and every tile agrees.

A lattice is a crs and a pixel size, anchored at the crs's origin (0, 0): pixel edges are whole
multiples of the size. Any two outputs on one lattice therefore align pixel for pixel.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import shapely
from pyproj import Geod
from shapely.geometry import box

from s1ratio.aoi import Aoi
from s1ratio.crs import is_geographic, projected, resolve_crs, unprojected

__all__ = ["METRES_PER_DEGREE", "PixelGrid", "extent", "grids", "projected", "resolve_crs"]

METRES_PER_DEGREE = 111319.49079327357  # Earth Engine's: the WGS84 equator / 360
_SNAP = 1e-6  # of a pixel: a bound this close to an edge lies on it
_WORLD = 360.0
_GEOD = Geod(ellps="WGS84")
_PARTS = 16  # of a grid's area: a geodesic sum knows no more than half the Earth
_STEPS = 32  # of a grid's longer side: straight there, a curve in lon/lat


@dataclass(frozen=True)
class PixelGrid:
    """A rectangle of pixels, north up: `width` × `height` px of `size` crs units.

    `left`, `top` are the upper left corner in whole pixels from the crs's origin, eastward and
    northward.
    """

    crs: str
    size: float
    left: int
    top: int
    width: int
    height: int

    @property
    def transform(self) -> tuple[float, float, float, float, float, float]:
        """The affine transform (xScale, xShear, xOrigin, yShear, yScale, yOrigin) in crs units."""
        return (self.size, 0.0, self.left * self.size, 0.0, -self.size, self.top * self.size)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(xmin, ymin, xmax, ymax) in crs units."""
        right, bottom = self.left + self.width, self.top - self.height
        return (self.left * self.size, bottom * self.size, right * self.size, self.top * self.size)

    @property
    def pixels(self) -> int:
        """How many pixels it has."""
        return self.width * self.height

    @property
    def area_km2(self) -> float:
        """Geodesic area in km², or that in the crs where parts of it are nowhere on Earth."""
        parts = self.tiled(math.ceil(self.pixels / _PARTS))
        total = math.fsum(_ground_m2(part.outline()) for part in parts)
        return (total if math.isfinite(total) else self.pixels * self.size**2) / 1e6

    def outline(self) -> list[tuple[float, float]]:
        """Return the edge as a closed ring of (lon, lat) in degrees, dense enough to bend."""
        longer = max(self.width, self.height) * self.size
        dense = shapely.segmentize(box(*self.bounds), longer / _STEPS)
        ring = shapely.get_coordinates(unprojected(dense, self.crs)).tolist()
        return [(lon, max(-90.0, min(90.0, lat))) for lon, lat in ring]

    def tiling(self, max_pixels: int) -> tuple[int, int]:
        """Return how many tiles across and down keep each at `max_pixels` at most."""
        across = down = 1
        while math.ceil(self.width / across) * math.ceil(self.height / down) > max_pixels:
            if self.width / across >= self.height / down:
                across += 1
            else:
                down += 1
        return across, down

    def tiled(self, max_pixels: int) -> list["PixelGrid"]:
        """Return tiles of at most `max_pixels`, row by row, without overlap or gap."""
        return self._cut(*self.tiling(max_pixels))

    def quarters(self) -> list["PixelGrid"]:
        """Return its four quarters, row by row, as nearly equal as whole pixels allow."""
        return self._cut(min(2, self.width), min(2, self.height))

    def _cut(self, across: int, down: int) -> list["PixelGrid"]:
        return [
            PixelGrid(self.crs, self.size, self.left + col, self.top - row, width, height)
            for row, height in _cuts(self.height, down)
            for col, width in _cuts(self.width, across)
        ]


def _cuts(length: int, parts: int) -> list[tuple[int, int]]:
    """Return (offset, length) of `parts` nearly equal parts."""
    edges = [length * i // parts for i in range(parts + 1)]
    return [(a, b - a) for a, b in pairwise(edges)]


def _ground_m2(ring: list[tuple[float, float]]) -> float:
    lons, lats = zip(*ring, strict=True)
    return abs(float(_GEOD.polygon_area_perimeter(lons, lats)[0]))


def grids(aoi: Aoi, crs: str, scale: float) -> list[PixelGrid]:
    """Return the grids that cover an area, bounds floored and ceiled outward to the lattice.

    One grid; two for an area across the antimeridian in a geographic crs. `scale` is in metres.
    """
    code = resolve_crs(aoi, crs)
    geographic = is_geographic(code)
    size = scale / METRES_PER_DEGREE if geographic else float(scale)
    shapes = aoi.sides if geographic else (aoi.unwrapped,)
    return [covering(projected(shape, code).bounds, code, size) for shape in shapes]


def covering(bounds: tuple[float, float, float, float], crs: str, size: float) -> PixelGrid:
    """Return the pixels of `size` crs units that hold (xmin, ymin, xmax, ymax), one at least."""
    xmin, ymin, xmax, ymax = bounds
    left, bottom = _floor(xmin / size), _floor(ymin / size)
    right, top = _ceil(xmax / size), _ceil(ymax / size)
    return PixelGrid(crs, size, left, top, max(1, right - left), max(1, top - bottom))


def _floor(value: float) -> int:
    nearest = round(value)
    return nearest if abs(value - nearest) < _SNAP else math.floor(value)


def _ceil(value: float) -> int:
    return -_floor(-value)


def extent(aoi: Aoi, crs: str, scale: float) -> Aoi:
    """Return the box in lon/lat around every pixel that covers an area, and around the area."""
    west, south, east, north = aoi.unwrapped.bounds
    for each in grids(aoi, crs, scale):
        lons, lats = zip(*_unwrapped(each.outline(), (west + east) / 2), strict=True)
        if not all(map(math.isfinite, lons + lats)) or abs(lons[-1] - lons[0]) > 1:
            # Beyond the projection, or all the way around a pole.
            return Aoi(box(-180, -90, 180, 90))
        west, south = min(west, *lons), min(south, *lats)
        east, north = max(east, *lons), max(north, *lats)
    if east - west >= _WORLD:
        west, east = -180, 180
    return Aoi(box(west, south, east, north))


def _unwrapped(ring: list[tuple[float, float]], near: float) -> list[tuple[float, float]]:
    """Return a ring with longitudes that never jump, the first as near as can be to `near`."""
    out: list[tuple[float, float]] = []
    for lon, lat in ring:
        step = near - lon
        near = lon + _WORLD * round(step / _WORLD) if math.isfinite(step) else math.inf
        out.append((near, lat))
    return out

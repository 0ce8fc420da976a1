"""Pixel grids: where the pixels of an area lie, so that every run and every tile agrees.

A lattice is a crs and a pixel size, anchored at the crs's origin (0, 0): pixel edges are whole
multiples of the size. Any two outputs on one lattice therefore align pixel for pixel.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely import MultiPolygon, Polygon

from s1ratio.aoi import Aoi
from s1ratio.errors import Fault

METRES_PER_DEGREE = 111319.49079327357  # Earth Engine's: the WGS84 equator / 360
_SNAP = 1e-6  # of a pixel: a bound this close to an edge lies on it
_DENSIFY = 0.02  # degrees: straight edges in lon/lat are curves in a projected crs
_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0


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

    def tiled(self, max_pixels: int) -> list["PixelGrid"]:
        """Return tiles of at most `max_pixels`, row by row, without overlap or gap."""
        across = down = 1
        while math.ceil(self.width / across) * math.ceil(self.height / down) > max_pixels:
            if self.width / across >= self.height / down:
                across += 1
            else:
                down += 1
        return [
            PixelGrid(self.crs, self.size, self.left + col, self.top - row, width, height)
            for row, height in _cuts(self.height, down)
            for col, width in _cuts(self.width, across)
        ]


def _cuts(length: int, parts: int) -> list[tuple[int, int]]:
    """Return (offset, length) of `parts` nearly equal parts."""
    edges = [length * i // parts for i in range(parts + 1)]
    return [(a, b - a) for a, b in pairwise(edges)]


def resolve_crs(aoi: Aoi, crs: str) -> str:
    """Return `EPSG:n`: the crs asked for, or for `utm` the zone of the area's centroid."""
    if crs != "utm":
        return crs
    lon, lat = aoi.centroid
    zone = int((lon + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def grids(aoi: Aoi, crs: str, scale: float) -> list[PixelGrid]:
    """Return the grids that cover an area, bounds floored and ceiled outward to the lattice.

    One grid; two for an area across the antimeridian in a geographic crs. `scale` is in metres.
    """
    code = resolve_crs(aoi, crs)
    geographic = _crs(code).is_geographic
    size = scale / METRES_PER_DEGREE if geographic else float(scale)
    shapes = aoi.sides if geographic else (aoi.unwrapped,)
    return [_covering(projected(shape, code).bounds, code, size) for shape in shapes]


def projected(shape: Polygon | MultiPolygon, crs: str) -> shapely.Geometry:
    """Return a lon/lat shape in `crs`, its edges as they run there."""
    if _crs(crs).is_geographic:
        return shape
    dense = shapely.segmentize(shape, _DENSIFY)
    return shapely.transform(dense, _transformer(crs).transform, interleaved=False)


def faults(aoi: Aoi, crs: str, scale: float) -> list[Fault]:
    """Return why an area can't be put on a grid, or nothing."""
    path = "grid.crs"
    if crs == "utm":
        south, north = aoi.unwrapped.bounds[1], aoi.unwrapped.bounds[3]
        if south < _UTM_SOUTH or north > _UTM_NORTH:
            words = "UTM ends at 80°S and 84°N: name a polar crs such as EPSG:3413 or EPSG:3031"
            return [Fault(path, "crs", words)]
        return []
    problem = _crs_problem(crs)
    if problem:
        return [Fault(path, "crs", problem)]
    if not _can_cover(aoi, crs, scale):
        return [Fault(path, "crs", f"the area can't be projected to {crs}: choose another crs")]
    return []


def _can_cover(aoi: Aoi, crs: str, scale: float) -> bool:
    try:
        return bool(grids(aoi, crs, scale))
    except (OverflowError, ValueError):  # infinite coordinates
        return False


def _crs_problem(code: str) -> str | None:
    try:
        crs = _crs(code)
    except CRSError:
        return f"{code} is unknown"
    if crs.is_geographic and crs.to_epsg() != 4326:
        return f"{code} is geographic: use EPSG:4326 or a projected crs in metres"
    if not (crs.is_geographic or crs.is_projected):
        return f"{code} is neither geographic nor projected"
    if crs.is_projected and any(axis.unit_conversion_factor != 1 for axis in crs.axis_info[:2]):
        return f"{code} is not in metres: choose a crs in metres"
    return None


def _covering(bounds: tuple[float, float, float, float], crs: str, size: float) -> PixelGrid:
    xmin, ymin, xmax, ymax = bounds
    left, bottom = _floor(xmin / size), _floor(ymin / size)
    right, top = _ceil(xmax / size), _ceil(ymax / size)
    return PixelGrid(crs, size, left, top, max(1, right - left), max(1, top - bottom))


def _floor(value: float) -> int:
    nearest = round(value)
    return nearest if abs(value - nearest) < _SNAP else math.floor(value)


def _ceil(value: float) -> int:
    return -_floor(-value)


@lru_cache(maxsize=64)
def _crs(code: str) -> CRS:
    return CRS.from_user_input(code)


@lru_cache(maxsize=64)
def _transformer(code: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", code, always_xy=True)

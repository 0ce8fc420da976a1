"""Pixel grids: where the pixels of an area lie, so that every run and every tile agrees.

A lattice is a crs and a pixel size, anchored at the crs's origin (0, 0): pixel edges are whole
multiples of the size. Any two outputs on one lattice therefore align pixel for pixel.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from s1ratio.aoi import Aoi
from s1ratio.crs import is_geographic, projected, resolve_crs

__all__ = ["METRES_PER_DEGREE", "PixelGrid", "grids", "projected", "resolve_crs"]

METRES_PER_DEGREE = 111319.49079327357  # Earth Engine's: the WGS84 equator / 360
_SNAP = 1e-6  # of a pixel: a bound this close to an edge lies on it


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
        across, down = self.tiling(max_pixels)
        return [
            PixelGrid(self.crs, self.size, self.left + col, self.top - row, width, height)
            for row, height in _cuts(self.height, down)
            for col, width in _cuts(self.width, across)
        ]


def _cuts(length: int, parts: int) -> list[tuple[int, int]]:
    """Return (offset, length) of `parts` nearly equal parts."""
    edges = [length * i // parts for i in range(parts + 1)]
    return [(a, b - a) for a, b in pairwise(edges)]


def grids(aoi: Aoi, crs: str, scale: float) -> list[PixelGrid]:
    """Return the grids that cover an area, bounds floored and ceiled outward to the lattice.

    One grid; two for an area across the antimeridian in a geographic crs. `scale` is in metres.
    """
    code = resolve_crs(aoi, crs)
    geographic = is_geographic(code)
    size = scale / METRES_PER_DEGREE if geographic else float(scale)
    shapes = aoi.sides if geographic else (aoi.unwrapped,)
    return [_covering(projected(shape, code).bounds, code, size) for shape in shapes]


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

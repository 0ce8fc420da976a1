"""Windows of a UTM lattice anchored at the zone's origin, and smooth fields over them.

Smooth fields are computed at nodes every 8 pixels and spread linearly. The nodes belong to the
lattice, not to the window, so a pixel's value is the same, bit for bit, in every window.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from local_earthengine.geo.pixelgrid import PixelGrid

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
NODE: Final = 8  # pixels between nodes


@dataclass(frozen=True)
class Nodes:
    """A window's nodes. `col` and `row` are the window's first pixel, counted from the zone's
    origin (rows southwards); `pixel` is a pixel's side in metres.
    """

    crs: str
    pixel: float
    col: int
    row: int
    width: int
    height: int

    @classmethod
    def under(cls, grid: PixelGrid) -> Nodes:
        """Return the nodes under a north-up grid whose corners are multiples of its pixels."""
        pixel = grid.transform[0]
        col, row = round(grid.transform[2] / pixel), round(-grid.transform[5] / pixel)
        return cls(grid.crs, pixel, col, row, grid.width, grid.height)

    @cached_property
    def _utm(self) -> tuple[Floats, Floats]:
        """Easting and northing of the nodes, which stand at pixels' centres."""
        cols = np.arange(self.col // NODE, (self.col + self.width - 1) // NODE + 2) * NODE
        rows = np.arange(self.row // NODE, (self.row + self.height - 1) // NODE + 2) * NODE
        east, south = np.meshgrid((cols + 0.5) * self.pixel, (rows + 0.5) * self.pixel)
        return east, -south

    @cached_property
    def lonlat(self) -> tuple[Floats, Floats]:
        """Longitude and latitude of the nodes in degrees."""
        return _transform(self.crs, "EPSG:4326", *self._utm)

    @cached_property
    def x(self) -> Floats:
        """Easting of the nodes on the Mercator plane, in metres."""
        return _mercator_x(self.lonlat)

    @cached_property
    def y(self) -> Floats:
        """Northing of the nodes on the (spherical) Mercator plane, in metres."""
        return _mercator_y(self.lonlat)

    @property
    def pixels(self) -> tuple[Counts, Counts]:
        """Columns and rows of the window's pixels, shaped (1, width) and (height, 1)."""
        cols = self.col + np.arange(self.width, dtype=np.int64)
        return cols[None], (self.row + np.arange(self.height, dtype=np.int64))[:, None]

    def spread(self, field: Floats) -> Floats:
        """Return a field given at the nodes, at the window's pixels: shape (height, width)."""
        weight = np.arange(NODE) / NODE
        down = field[:-1, None, :] + (field[1:] - field[:-1])[:, None, :] * weight[None, :, None]
        down = down.reshape(-1, field.shape[1])
        top, left = self.row % NODE, self.col % NODE
        down = down[top : top + self.height]
        step = (down[:, 1:] - down[:, :-1])[:, :, None] * weight
        across = (down[:, :-1, None] + step).reshape(self.height, -1)
        return np.ascontiguousarray(across[:, left : left + self.width])


@dataclass(frozen=True)
class Places:
    """Single pixels of a lattice with the nodes around each: what `Nodes` are for a window.

    `cols` and `rows` are int64 numbers of shape (n,), as bytes, counted from the zone's origin.
    """

    crs: str
    pixel: float
    cols: bytes
    rows: bytes

    @classmethod
    def of(cls, grid: PixelGrid, cols: Counts, rows: Counts) -> Places:
        """Return the pixels of a north-up grid whose corners are multiples of its pixels."""
        origin = Nodes.under(grid)
        places = (origin.col + cols).astype(np.int64), (origin.row + rows).astype(np.int64)
        return cls(grid.crs, origin.pixel, places[0].tobytes(), places[1].tobytes())

    @property
    def pixels(self) -> tuple[Counts, Counts]:
        """Columns and rows of the pixels, each (n,)."""
        return np.frombuffer(self.cols, np.int64), np.frombuffer(self.rows, np.int64)

    @cached_property
    def lonlat(self) -> tuple[Floats, Floats]:
        """Longitude and latitude in degrees of the four nodes around: shape (2, 2, n)."""
        cols, rows = (numbers // NODE * NODE for numbers in self.pixels)
        step = np.array([0, NODE])
        east = np.broadcast_to((cols + step[:, None] + 0.5) * self.pixel, (2, 2, len(cols)))
        south = np.broadcast_to((rows + step[:, None] + 0.5) * self.pixel, (2, 2, len(rows)))
        return _transform(self.crs, "EPSG:4326", east, -np.swapaxes(south, 0, 1))

    @cached_property
    def x(self) -> Floats:
        """Easting of the nodes on the Mercator plane, in metres."""
        return _mercator_x(self.lonlat)

    @cached_property
    def y(self) -> Floats:
        """Northing of the nodes on the (spherical) Mercator plane, in metres."""
        return _mercator_y(self.lonlat)

    def spread(self, field: Floats) -> Floats:
        """Return a field given at the nodes, at the pixels: shape (n,), as `Nodes` spread it."""
        across, down = (numbers % NODE / NODE for numbers in self.pixels)
        left, right = field[0] + (field[1] - field[0]) * down
        return np.asarray(left + (right - left) * across)


def _mercator_x(lonlat: tuple[Floats, Floats]) -> Floats:
    return np.radians(lonlat[0]) * 6_378_137.0


def _mercator_y(lonlat: tuple[Floats, Floats]) -> Floats:
    return np.arctanh(np.sin(np.radians(lonlat[1]))) * 6_378_137.0


def centres_lonlat(grid: PixelGrid) -> tuple[Floats, Floats]:
    """Return longitude and latitude of every pixel's centre, computed pixel by pixel."""
    cols, rows = np.meshgrid(np.arange(grid.width) + 0.5, np.arange(grid.height) + 0.5)
    scale_x, _, x0, _, scale_y, y0 = grid.transform
    return _transform(grid.crs, "EPSG:4326", x0 + scale_x * cols, y0 + scale_y * rows)


def utm_zone(lon: float, lat: float) -> str:
    """Return the EPSG code of the UTM zone of a place."""
    zone = int((lon + 180.0) // 6) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def grid_over(crs: str, lon: Floats, lat: Floats, pixel: float) -> PixelGrid:
    """Return the grid, snapped outward to multiples of `pixel` metres, around points in degrees."""
    east, north = _transform("EPSG:4326", crs, lon, lat)
    west, right = np.floor(east.min() / pixel), np.ceil(east.max() / pixel)
    bottom, top = np.floor(north.min() / pixel), np.ceil(north.max() / pixel)
    transform = (pixel, 0.0, float(west * pixel), 0.0, -pixel, float(top * pixel))
    return PixelGrid(crs, transform, int(right - west), int(top - bottom))


def _transform(source: str, target: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    first, second = _transformer(source, target).transform(x, y)
    return np.asarray(first), np.asarray(second)


# Building a transformer is slow; sharing one between threads is safe since pyproj 3.1.
@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)

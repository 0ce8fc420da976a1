"""Where arrays lie: lattices, rasters and scenes as plain data."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

Array = NDArray[np.float64]
Transform = tuple[float, float, float, float, float, float]  # xScale, 0, left, 0, yScale, top
METRES_PER_DEGREE = 111319.49079327357


@dataclass(frozen=True)
class Lattice:
    """Where pixels lie: a crs, a transform without shear, and a size."""

    crs: str
    transform: Transform
    width: int
    height: int

    @property
    def metres(self) -> float:
        """The side of a pixel in nominal metres."""
        return self.transform[0] * (METRES_PER_DEGREE if self.crs == "EPSG:4326" else 1)

    def padded(self, by: int) -> "Lattice":
        """The lattice with `by` more pixels on each side."""
        size, _, left, _, step, top = self.transform
        moved = (size, 0.0, left - by * size, 0.0, step, top - by * step)
        return Lattice(self.crs, moved, self.width + 2 * by, self.height + 2 * by)

    def centres(self, crs: str) -> tuple[Array, Array]:
        """X and y of the pixels' centres in a crs."""
        size, _, left, _, step, top = self.transform
        x, y = np.meshgrid(
            left + (np.arange(self.width) + 0.5) * size,
            top + (np.arange(self.height) + 0.5) * step,
        )
        if crs == self.crs:
            return x, y
        return Transformer.from_crs(self.crs, crs, always_xy=True).transform(x, y)


@dataclass(frozen=True)
class Raster:
    """An array and where it lies."""

    lattice: Lattice
    values: Array

    def on(self, target: Lattice) -> Array:
        """The nearest pixels at the centres of another lattice; NaN beyond the raster."""
        x, y = target.centres(self.lattice.crs)
        size, _, left, _, step, top = self.lattice.transform
        col, row = np.floor((x - left) / size), np.floor((y - top) / step)
        inside = (col >= 0) & (col < self.lattice.width) & (row >= 0) & (row < self.lattice.height)
        out = np.full(x.shape, np.nan)
        out[inside] = self.values[row[inside].astype(int), col[inside].astype(int)]
        return out


@dataclass(frozen=True)
class Slice:
    """One scene: its pass (platform and absolute orbit), its time, VV and VH in linear power."""

    platform: str
    orbit: int
    time: float
    vv: Raster
    vh: Raster
    angle: Raster

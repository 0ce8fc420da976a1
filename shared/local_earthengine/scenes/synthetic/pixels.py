"""The pixels of a synthetic strip: land, incidence angle and speckle made into backscatter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from shapely import get_coordinates

from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.scene import Valid, Values
from local_earthengine.scenes.synthetic.landscape import Land, land
from local_earthengine.scenes.synthetic.nodes import (
    Counts,
    Floats,
    Nodes,
    Places,
    centres_lonlat,
    grid_over,
    utm_zone,
)
from local_earthengine.scenes.synthetic.passes import (
    FAR_RANGE,
    NEAR_RANGE,
    Slice,
    incidence_angle,
)
from local_earthengine.scenes.synthetic.speckle import speckle

ANGLE_PIXEL: Final = 1_000.0
_EDGE: Final = 500.0  # metres without data inside the strip's long edges
_MARGIN: Final = 1_500.0  # metres that the coarse angles reach beyond the strip
_SLOPE_LAND: Final = -0.12  # dB per degree of incidence
_SLOPE_WATER: Final = -0.35
_MIDDLE: Final = 38.0  # degrees at which the land's backscatter is given
_DB: Final = math.log(10.0) / 10.0


@dataclass(frozen=True)
class Strip:
    """A slice on its native lattices: UTM of its middle, angles on a grid of 1 km."""

    piece: Slice
    grid: PixelGrid
    angle_grid: PixelGrid

    @classmethod
    def of(cls, piece: Slice, pixel: float) -> Strip:
        """Return the strip of a slice with pixels of so many metres."""
        return _strip(piece, pixel)

    def backscatter(
        self, band: str, key: int, day: int, wetness: float, window: PixelGrid
    ) -> tuple[Values, Valid]:
        """Return linear power (float32) of VV or VH in a window, and where the strip has data.

        `key` names the stream of speckle, `day` the day of the year, `wetness` (dB) raises
        the land's backscatter.
        """
        nodes = Nodes.under(window)
        across, inside = self._seen(nodes)
        return _power(band, key, day, wetness, nodes, across), inside

    def backscatter_at(  # noqa: PLR0917 - what is looked at, and where
        self, band: str, key: int, day: int, wetness: float, cols: Counts, rows: Counts
    ) -> tuple[Values, Valid]:
        """Return the same of single pixels of `grid`, by column and row: shape (n,)."""
        across, inside = self._seen(Places.of(self.grid, cols, rows))
        power = np.zeros(inside.shape, np.float32)
        if inside.any():  # nothing is computed for what the strip does not hold
            places = Places.of(self.grid, cols[inside], rows[inside])
            power[inside] = _power(band, key, day, wetness, places, across[inside])
        return power, inside

    def _seen(self, nodes: Nodes | Places) -> tuple[Floats, Valid]:
        """Return metres to the right of the satellite's track, and whether the strip has data."""
        ends, across = self.piece.place(*nodes.lonlat)
        across = nodes.spread(across)
        inside = nodes.spread(ends) >= 0
        return across, inside & (across >= NEAR_RANGE + _EDGE) & (across <= FAR_RANGE - _EDGE)

    def angle(self, window: PixelGrid) -> tuple[Values, Valid]:
        """Return incidence angle in degrees (float32) in a window of the coarse grid."""
        ends, across = self.piece.place(*centres_lonlat(window))
        inside = (ends >= -_MARGIN) & (across >= NEAR_RANGE - _MARGIN)
        return incidence_angle(across).astype(np.float32), inside & (across <= FAR_RANGE + _MARGIN)


def _power(  # noqa: PLR0917 - what is looked at, how, and where
    band: str, key: int, day: int, wetness: float, nodes: Nodes | Places, across: Floats
) -> Values:
    """Return linear power (float32) of pixels, `across` metres to the right of the track."""
    ground = _land(nodes)
    gain, gone = speckle(nodes, key)
    tilt = (incidence_angle(across) - _MIDDLE).astype(np.float32)
    slope = np.where(ground.water, np.float32(_SLOPE_WATER), np.float32(_SLOPE_LAND))
    wet = np.where(ground.water, np.float32(0.0), np.float32(wetness))
    level = ground.sigma0(band, day) + slope * tilt + wet
    power: Values = np.exp(level * np.float32(_DB)) * gain
    if band == "VH":
        power[gone] *= np.float32(-0.1)
    return power


@lru_cache(maxsize=4096)
def _strip(piece: Slice, pixel: float) -> Strip:
    lon, lat = get_coordinates(piece.footprint).T
    crs = utm_zone(*piece.centre)
    return Strip(piece, grid_over(crs, lon, lat, pixel), grid_over(crs, lon, lat, ANGLE_PIXEL))


@lru_cache(maxsize=8)
def _land(nodes: Nodes | Places) -> Land:
    """Return the land of a window, kept: scenes of one place are read one after the other."""
    return land(nodes)

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
from local_earthengine.scenes.synthetic.nodes import Nodes, centres_lonlat, grid_over, utm_zone
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
        ends, across = self.piece.place(*nodes.lonlat)
        across = nodes.spread(across)
        inside = nodes.spread(ends) >= 0
        inside &= (across >= NEAR_RANGE + _EDGE) & (across <= FAR_RANGE - _EDGE)
        ground = _land(nodes)
        gain, gone = speckle(nodes, key)
        tilt = (incidence_angle(across) - _MIDDLE).astype(np.float32)
        slope = np.where(ground.water, np.float32(_SLOPE_WATER), np.float32(_SLOPE_LAND))
        wet = np.where(ground.water, np.float32(0.0), np.float32(wetness))
        level = ground.sigma0(band, day) + slope * tilt + wet
        power = np.exp(level * np.float32(_DB)) * gain
        if band == "VH":
            power[gone] *= np.float32(-0.1)
        return power, inside

    def angle(self, window: PixelGrid) -> tuple[Values, Valid]:
        """Return incidence angle in degrees (float32) in a window of the coarse grid."""
        ends, across = self.piece.place(*centres_lonlat(window))
        inside = (ends >= -_MARGIN) & (across >= NEAR_RANGE - _MARGIN)
        return incidence_angle(across).astype(np.float32), inside & (across <= FAR_RANGE + _MARGIN)


@lru_cache(maxsize=4096)
def _strip(piece: Slice, pixel: float) -> Strip:
    lon, lat = get_coordinates(piece.footprint).T
    crs = utm_zone(*piece.centre)
    return Strip(piece, grid_over(crs, lon, lat, pixel), grid_over(crs, lon, lat, ANGLE_PIXEL))


@lru_cache(maxsize=8)
def _land(nodes: Nodes) -> Land:
    """Return the land of a window, kept: scenes of one place are read one after the other."""
    return land(nodes)

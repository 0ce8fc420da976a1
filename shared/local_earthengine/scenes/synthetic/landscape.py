"""An invented land, the same from every orbit: water, woods, towns and fields with seasons.

It is laid out on the Mercator plane, so every place on Earth has one; distances below are
metres at the equator. Backscatter (sigma0 in dB, at 38 degrees of incidence) follows what C-band
radars see: water dark, woods even, towns bright, crops brightening in VH as they grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.scenes.synthetic.nodes import Nodes, Places
from local_earthengine.scenes.synthetic.noise import (
    Floats,
    fractal_noise,
    hashes,
    key_of,
    unit,
    value_noise,
)

Reals = NDArray[np.float32]

_KEY: Final = key_of("landscape")
_BLOCK: Final = 1_500.0  # fields lie in blocks of this size
_TOWN_CELL: Final = 9_000.0  # about one town in each
_HOUSE: Final = 40.0
_YEAR: Final = 365.25


@dataclass(frozen=True)
class Land:
    """The land of a window: float32 arrays of shape (height, width); of places: (n,).

    `vv` and `vh` are sigma0 in dB out of season; `growth` is how far crops raise it at their
    best (dB in VH; 0 elsewhere); `peak` is when (share of the year); `water` is 1 on water.
    """

    vv: Reals
    vh: Reals
    growth: Reals
    peak: Reals
    water: NDArray[np.bool_]

    def sigma0(self, band: str, day_of_year: float) -> Reals:
        """Return sigma0 in dB on a day: crops follow the season, a third as much in VV."""
        season = np.cos((self.peak - np.float32(day_of_year / _YEAR)) * np.float32(2 * np.pi))
        grown = np.maximum(season, np.float32(0.0)) * self.growth
        level = self.vh + grown if band == "VH" else self.vv + grown * np.float32(0.35)
        return np.asarray(level, np.float32)


def land(nodes: Nodes | Places) -> Land:
    """Return the land below a window."""
    x, y = nodes.x, nodes.y
    wood = fractal_noise(x, y, 5_000.0, 5, _KEY + 100)
    relief = fractal_noise(x, y, 20_000.0, 5, _KEY + 200)
    forest = nodes.spread(wood + 0.5 * (relief - 0.5)) > 0.56
    water = nodes.spread(_water(x, y)) < 0.0
    town = nodes.spread(_outside_town(x, y)) < 0.0
    texture = nodes.spread(value_noise(x, y, 700.0, _KEY + 300) - 0.5).astype(np.float32)

    crop, grass, peak = _fields(nodes)
    vv = np.where(forest, -8.0, -11.0 + 2.5 * grass)
    vh = np.where(forest, -13.2, -18.5 + 2.0 * grass)
    houses = _houses(nodes)
    vv, vh = np.where(town, -6.5 + houses, vv), np.where(town, -13.0 + 0.8 * houses, vh)
    vv, vh = np.where(water, -20.0, vv), np.where(water, -28.0, vh)
    bare = forest | town | water
    swell = np.where(water, np.float32(0.4), np.float32(1.5)) * texture
    return Land(
        (vv + swell).astype(np.float32),
        (vh + swell).astype(np.float32),
        np.where(bare, 0.0, 1.5 + 5.0 * crop).astype(np.float32),
        peak.astype(np.float32),
        water,
    )


def _water(x: Floats, y: Floats) -> Floats:
    """Return what is below zero in rivers (a noise's contours) and lakes (its heights)."""
    river = np.abs(fractal_noise(x, y, 16_000.0, 4, _KEY + 400) - 0.5) - 0.006
    lake = 0.74 - fractal_noise(x, y, 9_000.0, 4, _KEY + 500)
    return np.minimum(river, lake)


def _outside_town(x: Floats, y: Floats) -> Floats:
    """Return metres to the nearest town's ragged edge, below zero inside."""
    col, row = np.floor(x / _TOWN_CELL).astype(np.int64), np.floor(y / _TOWN_CELL).astype(np.int64)
    nearest = np.full(x.shape, np.inf)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            place = hashes(col + dx, row + dy, _KEY + 600)
            east = (col + dx + unit(place)) * _TOWN_CELL
            north = (row + dy + unit(hashes(col + dx, row + dy, place))) * _TOWN_CELL
            radius = 300.0 + 1_700.0 * unit(place * np.uint64(3)) ** 2
            nearest = np.minimum(nearest, np.hypot(x - east, y - north) - radius)
    return nearest + 900.0 * (fractal_noise(x, y, 900.0, 3, _KEY + 700) - 0.5)


def _fields(nodes: Nodes | Places) -> tuple[Floats, Floats, Floats]:
    """Return shares in [0, 1) of each pixel's field: its crop's vigour, its base level, its season.

    Blocks of land, warped so that nothing is a chessboard, are cut into strips: each a field.
    """
    x, y = nodes.x, nodes.y
    warp_x = 900.0 * (fractal_noise(x, y, 4_000.0, 2, _KEY + 800) - 0.5)
    warp_y = 900.0 * (fractal_noise(x, y, 4_000.0, 2, _KEY + 900) - 0.5)
    u, v = nodes.spread(x + warp_x) / _BLOCK, nodes.spread(y + warp_y) / _BLOCK
    col, row = np.floor(u), np.floor(v)
    block = hashes(col.astype(np.int64), row.astype(np.int64), _KEY + 1_000)
    strip_x = np.floor((u - col) * (2 + block % np.uint64(5))).astype(np.int64)
    strip_y = np.floor((v - row) * (1 + (block >> np.uint64(8)) % np.uint64(3))).astype(np.int64)
    field = hashes(strip_x, strip_y, block)
    season = unit(field * np.uint64(5)) * 0.3 + 0.4  # best between late May and mid September
    south = nodes.spread(y) < 0
    return unit(field), unit(field * np.uint64(7)), np.where(south, season + 0.5, season)


def _houses(nodes: Nodes | Places) -> Floats:
    """Return what single houses and yards add in a town, in dB: -3 to 6."""
    col, row = np.floor(nodes.spread(nodes.x) / _HOUSE), np.floor(nodes.spread(nodes.y) / _HOUSE)
    return 9.0 * unit(hashes(col.astype(np.int64), row.astype(np.int64), _KEY + 1_100)) ** 2 - 3.0

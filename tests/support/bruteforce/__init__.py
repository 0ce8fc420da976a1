"""The composites computed a second time, from scenes as plain arrays: numpy, pyproj, shapely.

It knows the message's words and the mathematics, and imports nothing of the product nor of Earth
Engine. Arrays are float64, (height, width), NaN where masked.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tests.support.bruteforce.arrays import STATISTICS, margin_of, smooth
from tests.support.bruteforce.lattice import Array, Lattice, Raster, Slice

__all__ = ["Lattice", "Raster", "Slice", "composite"]


def composite(slices: Sequence[Slice], lattice: Lattice, message: Mapping[str, Any]) -> list[Array]:
    """Return a band for each product and statistic of a message, in its order.

    `message` names everything: `preset`, `angle` (low, high, either None), `speckle`, `products`,
    `valid_range` (one for each product), `statistics`, `clip` (a shapely polygon or None).
    """
    margin = margin_of(message["speckle"], lattice.metres)
    wide = lattice.padded(margin)
    steps = _notebook if message["preset"] == "notebook" else _default
    pairs = steps(slices, wide, message)
    inner = slice(margin, -margin or None)
    bands = []
    for product in message["products"]:
        made = [_PRODUCTS[product](vv, vh)[inner, inner] for vv, vh in pairs]
        kept = [_within(values, message["valid_range"].get(product)) for values in made]
        stack = np.array(kept or [np.full((lattice.height, lattice.width), np.nan)])
        bands += [STATISTICS[name](stack) for name in message["statistics"]]
    return [_clipped(band, lattice, message["clip"]) for band in bands]


def _default(
    slices: Sequence[Slice], lattice: Lattice, message: Mapping[str, Any]
) -> list[tuple[Array, Array]]:
    """(VV, VH) in dB of each pass: masked, mosaicked, filtered in power, masked again."""

    def key(each: Slice) -> tuple[str, int]:
        return each.platform, each.orbit

    pairs = []
    for _, members in groupby(sorted(slices, key=lambda each: (key(each), each.time)), key):
        top = np.full((2, lattice.height, lattice.width), np.nan)
        for each in members:  # the later lies on top
            both = np.array([each.vv.on(lattice), each.vh.on(lattice)])
            usable = (both > 0).all(axis=0) & _angles(each, lattice, message["angle"])
            top[:, usable] = both[:, usable]
        filtered = [smooth(band, message["speckle"], lattice.metres) for band in top]
        vv, vh = (np.where(np.isnan(raw), np.nan, f) for raw, f in zip(top, filtered, strict=True))
        pairs.append((_db(vv), _db(vh)))
    return pairs


def _notebook(
    slices: Sequence[Slice], lattice: Lattice, message: Mapping[str, Any]
) -> list[tuple[Array, Array]]:
    """(VV, VH) in dB of each scene: masked by angle, filtered in dB, holes filled."""
    pairs = []
    for each in slices:
        seen = _angles(each, lattice, message["angle"])
        bands = [np.where(seen, _db(band.on(lattice)), np.nan) for band in (each.vv, each.vh)]
        vv, vh = (smooth(band, message["speckle"], lattice.metres) for band in bands)
        pairs.append((vv, vh))
    return pairs


def _angles(
    each: Slice, lattice: Lattice, limits: tuple[float | None, float | None]
) -> NDArray[np.bool_]:
    angle = each.angle.on(lattice)
    low, high = limits
    if limits == (None, None):
        return np.ones(angle.shape, bool)
    return (angle > (-math.inf if low is None else low)) & (
        angle < (math.inf if high is None else high)
    )


def _db(power: Array) -> Array:
    return 10 * np.log10(np.where(power > 0, power, np.nan))


def _power(db: Array) -> Array:
    return 10 ** (db / 10)


def _quotient(above: Array, below: Array) -> Array:
    """Above / below, and 0 where below is 0."""
    nothing = np.where(np.isnan(above), np.nan, 0.0)
    return np.divide(above, below, out=nothing, where=below != 0)


_PRODUCTS: dict[str, Callable[[Array, Array], Array]] = {
    "vvvh_db": lambda vv, vh: vv - vh,
    "vvvh_linear": lambda vv, vh: _power(vv - vh),
    "vvdvh_notebook": _quotient,
    "vv_db": lambda vv, _: vv,
    "vh_db": lambda _, vh: vh,
    "vv_linear": lambda vv, _: _power(vv),
    "vh_linear": lambda _, vh: _power(vh),
}


def _within(values: Array, limits: tuple[float, float] | None) -> Array:
    if limits is None:
        return values
    return np.where((values > limits[0]) & (values < limits[1]), values, np.nan)


def _clipped(band: Array, lattice: Lattice, area: shapely.Geometry | None) -> Array:
    if area is None:
        return band
    lon, lat = lattice.centres("EPSG:4326")
    return np.where(shapely.contains_xy(area, lon, lat), band, np.nan)

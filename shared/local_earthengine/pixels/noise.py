"""Numbers that look random and depend on a place and a seed alone."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.pixels.node import Node, Pixels


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return Steele and others' finaliser of 64 bits: every bit depends on every one."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def uniform(cols: NDArray[Any], rows: NDArray[Any], seed: int) -> NDArray[np.float64]:
    """Return numbers in [0, 1) for places; arrays that broadcast."""
    with np.errstate(over="ignore"):
        start = _mixed(np.array([seed & (2**64 - 1)], np.uint64) + np.uint64(0x9E3779B97F4A7C15))
        bits = _mixed(cols.astype(np.int64).astype(np.uint64) + start)
        bits = _mixed(bits + rows.astype(np.int64).astype(np.uint64))
    found: NDArray[np.float64] = (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found


class Noise(Node):
    """A number for each pixel of the lattice that is asked, uniform in [0, 1) or normal.

    Earth Engine's own numbers are not known: only their distribution is the same. They depend on
    the pixel's place in the lattice through the coordinate system's origin, so that tiles fit.
    """

    def __init__(self, seed: int, normal: bool) -> None:
        super().__init__(DOUBLE)
        self.seed = seed
        self.normal = normal

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return numbers that are valid everywhere."""
        del inputs
        window = view.window
        x_scale, _, x0, _, y_scale, y0 = view.lattice.transform
        col = window.col + (math.floor(x0 / x_scale) if x_scale else 0)
        row = window.row + (math.floor(y0 / y_scale) if y_scale else 0)
        cols = np.arange(col, col + window.width)
        rows = np.arange(row, row + window.height)[:, None]
        values = uniform(cols, rows, self.seed)
        if self.normal:
            values = special.ndtri(np.maximum(values, 2.0**-54))
        return Pixels(values, np.broadcast_to(np.True_, view.shape))


def of_text(text: str, seed: int, normal: bool) -> float:
    """Return a number for a text: uniform in [0, 1), or normal."""
    digest = hashlib.sha256(f"{seed}:{text}".encode()).digest()
    value = int.from_bytes(digest[:8]) / 2**64
    return float(special.ndtri(max(value, 2.0**-54))) if normal else min(value, 1 - 2.0**-53)

"""Speckle of a multi-look radar image: gamma-distributed, of mean 1, the same in every window.

Each pixel's is drawn by a hash of its place, so that pixels far apart cost no more than their
number: a coarse export asks for one in ten thousand.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincinv

from local_earthengine.scenes.synthetic.nodes import Nodes, Places
from local_earthengine.scenes.synthetic.noise import Floats, hashes, unit

Reals = NDArray[np.float32]

LOOKS: Final = 4.4  # equivalent number of looks of IW GRDH: ESA's product definition, table 5-1
_RARE: Final = 2e-5  # share of pixels that noise removal has left at or below zero
_CELLS: Final = 2**16  # of the table, each as likely as another


def speckle(nodes: Nodes | Places, key: int) -> tuple[Reals, NDArray[np.bool_]]:
    """Return multiplicative speckle, and the pixels whose power came out at or below zero.

    Both of shape (height, width), or (n,) of places.
    """
    cols, rows = nodes.pixels
    drawn = hashes(cols, rows, np.uint64(key))
    place = unit(drawn) * _CELLS
    cell = place.astype(np.int64)
    table = _quantiles()
    gain = table[cell] + (table[cell + 1] - table[cell]) * (place - cell)
    again = hashes(drawn.view(np.int64), drawn.view(np.int64), np.uint64(key))
    return gain.astype(np.float32), unit(again) < _RARE


@cache
def _quantiles() -> Floats:
    """Return the gains that each share of all pixels stays below; the last cell keeps the mean."""
    shares = np.arange(_CELLS) / _CELLS
    inner = gammaincinv(LOOKS, shares) / LOOKS
    # The mean of what lies beyond a quantile, as the gamma distribution of one look more tells.
    beyond = (1 - gammainc(LOOKS + 1, inner[-1] * LOOKS)) * _CELLS
    return np.append(inner, 2 * beyond - inner[-1])

"""Speckle of a multi-look radar image: gamma-distributed, of mean 1, the same in every window."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.scenes.synthetic.nodes import Nodes

Reals = NDArray[np.float32]

LOOKS: Final = 4.4  # equivalent number of looks of IW GRDH: ESA's product definition, table 5-1
_BLOCK: Final = 64
_RARE: Final = 2e-5  # share of pixels that noise removal has left at or below zero


def speckle(nodes: Nodes, key: int) -> tuple[Reals, NDArray[np.bool_]]:
    """Return multiplicative speckle, and the pixels whose power came out at or below zero.

    Both of shape (height, width). Each block of the lattice has its own stream of a
    counter-based generator, so a window computes the blocks that it touches and no others.
    """
    first_col, first_row = nodes.col // _BLOCK, nodes.row // _BLOCK
    last_col = (nodes.col + nodes.width - 1) // _BLOCK
    last_row = (nodes.row + nodes.height - 1) // _BLOCK
    shape = ((last_row - first_row + 1) * _BLOCK, (last_col - first_col + 1) * _BLOCK)
    gain, gone = np.empty(shape, np.float32), np.empty(shape, np.bool_)
    for row in range(first_row, last_row + 1):
        for col in range(first_col, last_col + 1):
            top, left = (row - first_row) * _BLOCK, (col - first_col) * _BLOCK
            place = np.s_[top : top + _BLOCK, left : left + _BLOCK]
            stream = _stream(key, col, row)
            gain[place] = stream.standard_gamma(LOOKS, (_BLOCK, _BLOCK)) / LOOKS
            gone[place] = stream.random((_BLOCK, _BLOCK), np.float32) < _RARE
    top, left = nodes.row - first_row * _BLOCK, nodes.col - first_col * _BLOCK
    window = np.s_[top : top + nodes.height, left : left + nodes.width]
    return gain[window], gone[window]


def _stream(key: int, col: int, row: int) -> np.random.Generator:
    # The two upper words of the counter name the block; the lower two count its numbers.
    counter = np.array([0, 0, col % 2**64, row % 2**64], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))

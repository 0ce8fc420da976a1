"""Kernels added, and the edge kernels that are looked up rather than computed.

Unsettled: the directions of compass, kirsch and roberts, and that the pixel itself lies at the
upper left of the two by two weights of roberts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.pixels.kernel import Kernel, Placed, fixed, scaled

_EDGES: Final = {
    "compass": [[1, 1, -1], [1, -2, -1], [1, 1, -1]],
    "kirsch": [[5, 5, 5], [-3, 0, -3], [-3, -3, -3]],
    "roberts": [[1, 0], [0, -1]],
}


def _constant(rows: list[list[int]]) -> Callable[[float, bool], Kernel]:
    """The pixel itself lies in the middle, of two by two weights at the upper left."""
    middle = (len(rows) - 1) // 2

    def make(magnitude: float, normalize: bool) -> Kernel:
        return fixed(scaled(np.array(rows), normalize, magnitude), middle, middle)

    return make


for _name, _rows in _EDGES.items():
    add(f"Kernel.{_name}", _constant(_rows))


@algorithm("Kernel.add")
def added(one: Kernel, other: Kernel, normalize: bool) -> Kernel:
    """Weight by weight, the pixel itself over the pixel itself; both in the same unit."""
    if one.unit != other.unit:
        raise EarthEngineError("Kernels in pixels and in meters can't be added.")

    def place(side: float) -> Placed:
        parts = [one.place(side), other.place(side)]
        reach = np.max([part.margins for part in parts], axis=0)
        left, up, right, down = (int(value) for value in reach)
        weights = np.zeros((up + 1 + down, left + 1 + right))
        for part in parts:
            height, width = part.weights.shape
            row, col = up - part.row, left - part.col
            weights[row : row + height, col : col + width] += part.weights
        return Placed(scaled(weights, normalize, 1.0), left, up)

    return Kernel(place, one.unit)

"""Kernels: weights around a pixel, whose size in pixels may depend on the lattice."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import Lattice
from local_earthengine.geo.projection import Projection

Weights = NDArray[np.float64]

# Radii in metres of a lattice in degrees carry rounding: 10 pixels must not become 9.
ROUNDING = 1e-6
# What a neighbourhood may cost: Earth Engine refuses kernels of more pixels than this a side.
MAX_SIDE = 1025


@dataclass(frozen=True)
class Placed:
    """Weights of shape (height, width); the pixel itself lies at (`col`, `row`) of them."""

    weights: Weights
    col: int
    row: int

    @property
    def margins(self) -> tuple[int, int, int, int]:
        """How far it reaches left, up, right and down of the pixel."""
        height, width = self.weights.shape
        return self.col, self.row, width - 1 - self.col, height - 1 - self.row


@dataclass(frozen=True)
class Kernel:
    """`place` gives the weights for a pixel's side in the kernel's unit (1 for pixels).

    `description` is the algorithm that made it, and its arguments.
    """

    place: Callable[[float], Placed]
    unit: str = "pixels"
    description: Mapping[str, Any] | None = field(default=None, compare=False, kw_only=True)

    def to_json(self) -> dict[str, Any]:
        """Return what `getInfo` shows: its description, with the weights of a kernel in pixels.

        Unsettled: the samples of kernels print the matrix of weights; the names around it, and
        those in the descriptions of reducers, filters and joins, are the arguments' own. Of
        reducers public code reads the type, such as Reducer.mean.
        """
        found = dict(self.description or {})
        if self.unit == "pixels":
            placed = self.place(1.0)
            found |= {"center": [placed.col, placed.row], "weights": placed.weights.tolist()}
        return found

    def on(self, lattice: Lattice) -> Placed:
        """Return the weights on a lattice."""
        side = 1.0
        if self.unit == "meters":
            side = Projection(lattice.crs, lattice.transform).nominal_scale
        return self.place(side)


Distance = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[Any]]


def shaped(
    radius: tuple[float, float],
    inside: Callable[[NDArray[Any], NDArray[Any], float, float], NDArray[Any]],
    unit: str,
    normalize: bool,
    magnitude: float,
    *,
    reach: Callable[[float], int] = math.floor,
) -> Kernel:
    """Return a kernel by `inside(dx, dy, rx, ry)`, a neighbour's weight, in pixels.

    `reach` tells how many pixels of a radius it has to each side.
    """
    if unit not in {"pixels", "meters"}:
        raise EarthEngineError(f"Kernel units must be 'pixels' or 'meters', not '{unit}'.")
    if min(radius) < 0:
        raise EarthEngineError("The radius of a kernel must not be negative.")

    def place(side: float) -> Placed:
        """Return the weights for a pixel's side."""
        rx, ry = radius[0] / side + ROUNDING, radius[1] / side + ROUNDING
        col, row = reach(rx), reach(ry)
        if max(col, row) * 2 + 1 > MAX_SIDE:
            raise EarthEngineError(f"Kernel is too large: {max(col, row)} pixels in radius.")
        dy, dx = np.mgrid[-row : row + 1, -col : col + 1].astype(np.float64)
        return Placed(scaled(inside(dx, dy, rx, ry), normalize, magnitude), col, row)

    return Kernel(place, unit)


def fixed(weights: Weights, col: int, row: int) -> Kernel:
    """Return a kernel of given weights, in pixels."""
    return Kernel(lambda side: Placed(weights, col, row))  # noqa: ARG005 - pixels have no side


def scaled(weights: NDArray[Any], normalize: bool, magnitude: float) -> Weights:
    """Return the weights times `magnitude`, first divided by their sum if asked and not 0."""
    numbers = weights.astype(np.float64)
    total = numbers.sum()
    return numbers * (magnitude / total if normalize and total else magnitude)

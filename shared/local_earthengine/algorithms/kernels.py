"""Kernels by shape, by formula and by hand; turned, inverted, added; and those that find edges.

Unsettled: the directions of compass, kirsch and roberts, and that the pixel itself lies at the
upper left of the two by two weights of roberts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.pixels.kernel import ROUNDING, Kernel, Placed, fixed, scaled, shaped

Shape = Callable[[Any, Any, float, float], Any]
SHAPES: Final[Mapping[str, Shape]] = {
    "circle": lambda dx, dy, rx, _: dx * dx + dy * dy <= rx * rx,
    "square": lambda dx, dy, rx, ry: (abs(dx) <= rx) & (abs(dy) <= ry),
    "diamond": lambda dx, dy, rx, _: abs(dx) + abs(dy) <= rx,
    "plus": lambda dx, dy, *_: (dx == 0) | (dy == 0),
    "cross": lambda dx, dy, *_: abs(dx) == abs(dy),
    "octagon": lambda dx, dy, rx, _: abs(dx) + abs(dy) <= math.floor(rx) * 2 - math.floor(rx / 2),
}
_DISTANCES: Final[Mapping[str, Shape]] = {
    "euclidean": lambda dx, dy, *_: np.hypot(dx, dy),
    "manhattan": lambda dx, dy, *_: abs(dx) + abs(dy),
    "chebyshev": lambda dx, dy, *_: np.maximum(abs(dx), abs(dy)),
}


def named_shape(kind: str, radius: float, units: str) -> Kernel:
    """Return a flat kernel by the name of its shape."""
    if kind not in SHAPES:
        raise EarthEngineError(f"Unknown kernel type: '{kind}'.")
    return shaped((radius, radius), SHAPES[kind], units, normalize=False, magnitude=1.0)


def _by(rule: Shape) -> Callable[[float, str, bool, float], Kernel]:
    def make(radius: float, units: str, normalize: bool, magnitude: float) -> Kernel:
        """Return the kernel of a radius."""
        return shaped((radius, radius), rule, units, normalize, magnitude)

    return make


for _name, _rule in {**SHAPES, **_DISTANCES}.items():
    add(f"Kernel.{_name}", _by(_rule))


@algorithm("Kernel.rectangle")
def rectangle(
    x_radius: float, y_radius: float, units: str, normalize: bool, magnitude: float
) -> Kernel:
    """Return a flat kernel with a radius for each axis."""
    return shaped((x_radius, y_radius), SHAPES["square"], units, normalize, magnitude)


@algorithm("Kernel.gaussian")
def gaussian(radius: float, sigma: float, units: str, normalize: bool, magnitude: float) -> Kernel:
    """Return weights of a normal distribution; `sigma` in the unit of the radius.

    Unsettled: pixels count whose centres lie less than the radius away along both axes: a radius
    of 3 is 5 by 5 pixels, as the documentation prints it. All other kernels reach to the radius.
    """

    def weight(dx: Any, dy: Any, rx: float, _: float) -> Any:
        """Return the density at offsets in pixels."""
        # The radius in pixels tells how many pixels a unit is.
        spread = sigma * (rx - ROUNDING) / radius if radius else sigma
        return np.exp(-(dx * dx + dy * dy) / (2 * spread * spread))

    return shaped((radius, radius), weight, units, normalize, magnitude, reach=_short_of)


def _short_of(radius: float) -> int:
    """Return how many whole pixels are fewer than a radius."""
    return max(math.ceil(radius - 2 * ROUNDING) - 1, 0)


@algorithm("Kernel.fixed")
def by_hand(  # noqa: PLR0917 - Earth Engine's arguments
    width: int, height: int, weights: list[list[Any]], x: int, y: int, normalize: bool
) -> Kernel:
    """Return given rows of weights; the pixel itself lies at (x, y), by default in the middle."""
    rows = [list(row) for row in weights]
    sizes = {len(row) for row in rows}
    if len(sizes) != 1 or height not in (-1, len(rows)) or width not in (-1, *sizes):
        raise EarthEngineError(
            f"The weights must be {height} rows of {width} numbers; they are {len(rows)} rows."
        )
    try:
        numbers = np.array(rows, np.float64)
    except (TypeError, ValueError):
        raise EarthEngineError("The weights must be numbers.") from None
    col = x if x != -1 else numbers.shape[1] // 2
    row = y if y != -1 else numbers.shape[0] // 2
    if not (0 <= row < numbers.shape[0] and 0 <= col < numbers.shape[1]):
        raise EarthEngineError(f"The focus ({col}, {row}) must lie within the kernel.")
    return fixed(scaled(numbers, normalize, 1.0), col, row)


@algorithm("Kernel.rotate")
def rotate(kernel: Kernel, rotations: int) -> Kernel:
    """Turn by quarters, clockwise for positive numbers."""

    def place(side: float) -> Placed:
        """Return the turned weights for a pixel's side."""
        placed = kernel.place(side)
        weights, col, row = placed.weights, placed.col, placed.row
        for _ in range(rotations % 4):
            col, row = weights.shape[0] - 1 - row, col
            weights = np.rot90(weights, -1)
        return Placed(weights, col, row)

    return Kernel(place, kernel.unit)


@algorithm("Kernel.inverse")
def inverse(kernel: Kernel) -> Kernel:
    """Return 1 / weight for each weight but 0."""

    def place(side: float) -> Placed:
        """Return the inverted weights for a pixel's side."""
        placed = kernel.place(side)
        weights = placed.weights
        inverted = np.divide(1.0, weights, out=np.zeros_like(weights), where=weights != 0)
        return Placed(inverted, placed.col, placed.row)

    return Kernel(place, kernel.unit)


@algorithm("Kernel.add")
def added(one: Kernel, other: Kernel, normalize: bool) -> Kernel:
    """Add weight by weight, the pixel itself over the pixel itself; both in the same unit."""
    if one.unit != other.unit:
        raise EarthEngineError("Kernels in pixels and in meters can't be added.")

    def place(side: float) -> Placed:
        """Return the sums of weights for a pixel's side."""
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


_EDGES: Final = {
    "laplacian4": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "laplacian8": [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
    "sobel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "prewitt": [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    "compass": [[1, 1, -1], [1, -2, -1], [1, 1, -1]],
    "kirsch": [[5, 5, 5], [-3, 0, -3], [-3, -3, -3]],
    "roberts": [[1, 0], [0, -1]],
}


def _constant(rows: list[list[int]]) -> Callable[[float, bool], Kernel]:
    """Return an algorithm; the pixel lies in the middle, of two by two weights upper left."""
    middle = (len(rows) - 1) // 2

    def make(magnitude: float, normalize: bool) -> Kernel:
        """Return the kernel, scaled."""
        return fixed(scaled(np.array(rows), normalize, magnitude), middle, middle)

    return make


for _name, _rows in _EDGES.items():
    add(f"Kernel.{_name}", _constant(_rows))

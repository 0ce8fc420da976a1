"""Canny's edges: ridges of the gradient's magnitude, one pixel wide.

Margins as the package says; the reach on each side is that of `reach`.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Values = NDArray[Any]
Mask = NDArray[np.bool_]

_SIGMAS: Final = 3.0  # where the Gaussian is cut off
# One step each way, by the gradient's direction in eighths of a turn: (right, down).
_ACROSS: Final = ((1, 0), (1, 1), (0, 1), (-1, 1))


def reach(sigma: float) -> int:
    """Return how many pixels away a pixel may matter: of the blur, the gradient, the ridge."""
    return _radius(sigma) + 2


def _radius(sigma: float) -> int:
    return math.ceil(_SIGMAS * sigma)


def canny(values: Values, valid: Mask, threshold: float, sigma: float) -> tuple[Values, Mask]:
    """Return the gradient's magnitude on its ridges, where it is above a threshold, else 0.

    Of a ridge of two equal pixels the first stays, to the right or below. A pixel is masked where
    one that it looks at is. The magnitude is that of Sobel's weights: 8 times a rise per pixel.
    """
    data = _blurred(values.astype(np.float64), sigma)
    east, south = (_cut(ndimage.sobel(data, axis), _radius(sigma) + 1) for axis in (1, 0))
    magnitude = np.hypot(east, south)
    sector = np.round(np.arctan2(south, east) / (np.pi / 4)).astype(np.int64) % 4
    inner = _cut(magnitude, 1)
    ridge = np.zeros(inner.shape, np.bool_)
    for number, step in enumerate(_ACROSS):
        ahead, behind = _beside(magnitude, step), _beside(magnitude, (-step[0], -step[1]))
        ridge |= (_cut(sector, 1) == number) & (inner >= ahead) & (inner > behind)
    side = 2 * reach(sigma) + 1
    whole = ndimage.minimum_filter(valid.astype(np.uint8), size=side, mode="constant")
    return np.where(ridge & (inner > threshold), inner, 0.0), _cut(whole, reach(sigma)) > 0


def _blurred(data: Values, sigma: float) -> Values:
    if not sigma:
        return data
    blurred: Values = ndimage.gaussian_filter(data, sigma, radius=_radius(sigma))
    return blurred


def _cut(array: Values, margin: int) -> Values:
    return array[margin:-margin, margin:-margin]


def _beside(array: Values, step: tuple[int, int]) -> Values:
    """Return each inner pixel's neighbour, `step` to the right and down."""
    height, width = array.shape
    right, down = step
    return array[1 + down : height - 1 + down, 1 + right : width - 1 + right]

"""Nodes of the four nearest neighbours: derivatives, and what a surface's slope tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import DOUBLE, PixelType
from local_earthengine.pixels.node import Node, Pixels, finite
from local_earthengine.pixels.places import metres_per_pixel

# Of the rises per metre to the east and to the north.
Formula = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[Any]]
Differences = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]


def _differences(image: Pixels) -> Differences:
    """Return half the difference of right and left, of lower and upper.

    They are valid where all five pixels are.
    """
    values, valid = image.values.astype(np.float64, copy=False), image.valid
    across = (values[1:-1, 2:] - values[1:-1, :-2]) / 2
    down = (values[2:, 1:-1] - values[:-2, 1:-1]) / 2
    known = valid[1:-1, 1:-1] & valid[1:-1, 2:] & valid[1:-1, :-2] & valid[2:, 1:-1]
    return across, down, known & valid[:-2, 1:-1]


class Derivative(Node):
    """The change from pixel to pixel: along the columns (0) or down the rows (1)."""

    def __init__(self, image: Node, axis: int) -> None:
        super().__init__(DOUBLE, (image,))
        self.axis = axis

    def views(self, view: View) -> Sequence[View | None]:
        """Return the view with a margin of a pixel."""
        return [view.on(view.window.padded(1, 1, 1, 1))]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return half the difference, masked where one of the neighbours is."""
        del view
        *found, valid = _differences(inputs[0])
        return Pixels(found[self.axis], valid)


class Relief(Node):
    """A formula of a surface's rise per metre to the east and to the north."""

    def __init__(self, image: Node, formula: Formula, kind: PixelType = DOUBLE) -> None:
        super().__init__(kind, (image,))
        self.formula = formula

    def views(self, view: View) -> Sequence[View | None]:
        """Return the view with a margin of a pixel."""
        return [view.on(view.window.padded(1, 1, 1, 1))]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return what the formula gives, masked where one of the neighbours is."""
        across, down, valid = _differences(inputs[0])
        east, north = metres_per_pixel(view)
        with np.errstate(all="ignore"):
            found = self.formula(across / east, -down / north)
        return finite(self.kind.convert(found), valid)

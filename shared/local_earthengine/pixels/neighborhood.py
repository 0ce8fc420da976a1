"""Nodes whose pixels depend on their neighbours: they ask their input for a margin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.pixels.node import Node, Pixels, finite

Statistic = Callable[
    [NDArray[Any], NDArray[np.bool_], NDArray[np.float64]], tuple[NDArray[Any], NDArray[np.bool_]]
]


class Neighborhood(Node):
    """A statistic of each pixel's valid neighbours; pixels beyond an image's edge are masked.

    With `skip_masked` it is masked where the pixel itself is; without, it fills gaps, and where
    `of_nothing` it has a value even where no neighbour is valid, as a count has.
    """

    def __init__(  # noqa: PLR0917 - what a statistic of neighbours is made of
        self,
        image: Node,
        kernel: Kernel,
        statistic: Statistic,
        kind: PixelType,
        skip_masked: bool,
        of_nothing: bool = False,
    ) -> None:
        super().__init__(kind, (image,))
        self.strict = skip_masked or not of_nothing
        self.kernel = kernel
        self.statistic = statistic
        self.skip_masked = skip_masked

    def views(self, view: View) -> Sequence[View | None]:
        """Return the view with the kernel's margins."""
        return [view.on(view.window.padded(*self.kernel.on(view.lattice).margins))]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the statistic; it takes values, mask and weights, with margins."""
        (image,) = inputs
        placed = self.kernel.on(view.lattice)
        values, valid = self.statistic(image.values, image.valid, placed.weights)
        if self.skip_masked:
            height, width = view.shape
            rows = slice(placed.row, placed.row + height)
            valid = valid & image.valid[rows, placed.col : placed.col + width]
        return finite(self.kind.convert(values), valid)


class Neighbor(Node):
    """The pixel `dx` columns right of each pixel and `dy` rows below it."""

    def __init__(self, image: Node, dx: int, dy: int) -> None:
        super().__init__(image.kind, (image,))
        self.dx = dx
        self.dy = dy

    def views(self, view: View) -> Sequence[View | None]:
        """Return the view, moved."""
        return [view.on(view.window.padded(-self.dx, -self.dy, self.dx, self.dy))]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the neighbour's pixels, which are this one's: no work."""
        del view
        return inputs[0]

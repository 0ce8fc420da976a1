"""Reprojection: the input is computed on a lattice of its own, whatever lattice is asked."""

from __future__ import annotations

from collections.abc import Sequence

from local_earthengine.geo.lattice import Lattice, View
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.sampling import bounding, pick, shift, under
from local_earthengine.pixels.node import Node, Pixels, masked


class Reproject(Node):
    """The input as computed on `lattice`, nearest neighbour from there."""

    arrays = True

    def __init__(self, image: Node, lattice: Lattice) -> None:
        super().__init__(image.kind, (image,))
        self.dimensions = image.dimensions
        self.lattice = lattice

    def views(self, view: View) -> Sequence[View | None]:
        """Return the same pixels where the lattices agree, else those under the view's centres."""
        aligned = shift(self.lattice, view)
        window = aligned or bounding(*under(view, self._grid))
        return [None if window.empty else View(self.lattice, window)]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the pixels, masked where the two coordinate systems don't overlap."""
        (found,) = inputs
        if shift(self.lattice, view) is not None:
            return found
        indices = under(view, self._grid)
        window = bounding(*indices)
        if window.empty:
            return masked(view.shape, self.kind)
        (cols, rows), inside = pick(indices, window)
        return found.at(rows, cols, inside)

    @property
    def _grid(self) -> PixelGrid:
        return PixelGrid(self.lattice.crs, self.lattice.transform, 0, 0)

"""Nodes that need no other: a scene's band, and a constant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.pixeltype import PixelType, of_dtype
from local_earthengine.geo.sampling import Indices, bounding, pick, shift, under
from local_earthengine.pixels.node import Node, Pixels, finite, masked
from local_earthengine.scenes.scene import SceneBand


class Constant(Node):
    """The same number everywhere."""

    def __init__(self, kind: PixelType, value: float) -> None:
        super().__init__(kind)
        self.value = value

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return one number in the memory of one number."""
        del inputs
        values = np.broadcast_to(np.array(self.value, self.kind.dtype), view.shape)
        return Pixels(values, np.broadcast_to(np.True_, view.shape))


class SceneSource(Node):
    """A band of a scene, read where it is asked; nearest neighbour on any other lattice."""

    def __init__(self, band: SceneBand) -> None:
        super().__init__(of_dtype(band.dtype))
        self.band = band

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Read no more than the window under the view; nothing where they don't meet."""
        del inputs
        grid = self.band.grid
        extent = Window(0, 0, grid.width, grid.height)
        aligned = shift(Lattice(grid.crs, grid.transform), view)
        if aligned is not None:
            return self._copy(view, aligned, aligned.intersection(extent))
        indices = under(view, grid)
        return self._sample(view, indices, bounding(*indices).intersection(extent))

    def _copy(self, view: View, whole: Window, part: Window) -> Pixels:
        if part.empty:
            return masked(view.shape, self.kind)
        found = self._read(part)
        if part == whole:
            return found
        values = np.zeros(view.shape, found.values.dtype)
        valid = np.zeros(view.shape, np.bool_)
        where = whole.slices(part)
        values[where], valid[where] = found.values, found.valid
        return Pixels(values, valid)

    def _sample(self, view: View, indices: Indices, part: Window) -> Pixels:
        if part.empty:
            return masked(view.shape, self.kind)
        found = self._read(part)
        (cols, rows), inside = pick(indices, part)
        return Pixels(found.values[rows, cols], found.valid[rows, cols] & inside)

    def _read(self, part: Window) -> Pixels:
        grid: PixelGrid = self.band.grid
        values, valid = self.band.read(grid.window(part.col, part.row, part.width, part.height))
        return finite(values.astype(self.kind.dtype, copy=False), valid)

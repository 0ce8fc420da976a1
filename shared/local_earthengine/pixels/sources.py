"""Nodes that need no other: a scene's band, and a constant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.pixeltype import PixelType, of_dtype
from local_earthengine.geo.projection import coordinate_system
from local_earthengine.geo.sampling import Indices, bounding, pick, shift, under
from local_earthengine.pixels.node import Node, Pixels, finite, masked
from local_earthengine.scenes.scene import Picker, SceneBand

# Pixels of a scene for each one that is asked: beyond, they are picked rather than read.
_SPARSE: Final = 8
# Pixels that are read at once to give some of them.
_MOST_READ: Final = 2**24


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
        if aligned is not None and not self._goes_round(aligned, extent):
            return self._copy(view, aligned, aligned.intersection(extent))
        return self._sample(under(view, grid), extent)

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

    def _goes_round(self, whole: Window, extent: Window) -> bool:
        """Tell whether a window of degrees may find by a turn what it misses where it lies."""
        inside = whole.intersection(extent) == whole
        return not inside and coordinate_system(self.band.grid.crs).is_geographic

    def _sample(self, indices: Indices, extent: Window) -> Pixels:
        """Return the pixels of the columns and rows; what lies outside the extent is masked."""
        shape, part = indices[0].shape, bounding(*indices).intersection(extent)
        if part.empty:
            return masked(shape, self.kind)
        read, asked = part.width * part.height, indices[0].size
        if self.band.pick is not None and read > _SPARSE * asked:
            return self._picked(self.band.pick, indices, extent)
        if read > _MOST_READ and asked > 1:
            return self._halves(indices, extent)
        found = self._read(part)
        (cols, rows), inside = pick(indices, part)
        return Pixels(found.values[rows, cols], found.valid[rows, cols] & inside)

    def _picked(self, one_by_one: Picker, indices: Indices, extent: Window) -> Pixels:
        (cols, rows), inside = pick(indices, extent)
        values, valid = np.zeros(inside.shape, self.kind.dtype), np.zeros(inside.shape, np.bool_)
        if inside.any():
            found = one_by_one(cols[inside], rows[inside])
            values[inside], valid[inside] = found[0].astype(self.kind.dtype, copy=False), found[1]
        return finite(values, valid)

    def _halves(self, indices: Indices, extent: Window) -> Pixels:
        """Sample one half after the other: memory follows what is asked, not what lies between."""
        axis = int(np.argmax(indices[0].shape))
        cols, rows = (np.array_split(numbers, 2, axis) for numbers in indices)
        parts = [self._sample(half, extent) for half in zip(cols, rows, strict=True)]
        return Pixels(
            np.concatenate([part.values for part in parts], axis),
            np.concatenate([part.valid for part in parts], axis),
        )

    def _read(self, part: Window) -> Pixels:
        grid: PixelGrid = self.band.grid
        values, valid = self.band.read(grid.window(part.col, part.row, part.width, part.height))
        return finite(values.astype(self.kind.dtype, copy=False), valid)

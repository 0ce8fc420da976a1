"""Pixels between pixels: interpolation, and many pixels to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.sampling import centres_over, shift
from local_earthengine.pixels.node import Node, Pixels, finite, masked

Positions = tuple[NDArray[np.float64], NDArray[np.float64]]

# How far each mode reaches to both sides of a position between two pixels' centres.
REACH: Final = {"bilinear": 1, "bicubic": 2}
# Positions beyond this are nowhere: a projection that does not reach.
_FAR: Final = 2.0**40


def positions(view: View, lattice: Lattice) -> Positions:
    """Return the view's centres as (column, row), 0 the first pixel's centre of a lattice."""
    xs, ys = centres_over(view, PixelGrid(lattice.crs, lattice.transform, 0, 0))
    x_scale, x_shear, x0, y_shear, y_scale, y0 = lattice.transform
    det = x_scale * y_scale - x_shear * y_shear
    dx, dy = xs - x0, ys - y0
    cols = (y_scale * dx - x_shear * dy) / det - 0.5
    rows = (x_scale * dy - y_shear * dx) / det - 0.5
    return np.broadcast_to(cols, view.shape), np.broadcast_to(rows, view.shape)


def _around(places: Positions, reach: int) -> Window:
    cols, rows = places
    known = (np.abs(cols) < _FAR) & (np.abs(rows) < _FAR)
    if not known.any():
        return Window(0, 0, 0, 0)
    left, top = int(np.floor(cols[known].min())), int(np.floor(rows[known].min()))
    right, bottom = int(np.floor(cols[known].max())), int(np.floor(rows[known].max()))
    window = Window(left, top, right - left + 1, bottom - top + 1)
    return window.padded(reach, reach, reach, reach)


class Interpolated(Node):
    """The input on its own lattice, interpolated on every other.

    Masked where the nearest pixel is; other masked neighbours are left out of the weights.
    """

    def __init__(self, image: Node, lattice: Lattice, mode: str) -> None:
        super().__init__(image.kind.floating, (image,))
        self.lattice = lattice
        self.reach = REACH[mode]

    def views(self, view: View) -> Sequence[View | None]:
        """Return the same pixels where the lattices agree, else those around the view's centres."""
        aligned = shift(self.lattice, view)
        window = aligned or _around(positions(view, self.lattice), self.reach)
        return [None if window.empty else View(self.lattice, window)]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Interpolate in double precision, then convert to the type."""
        (image,) = inputs
        if shift(self.lattice, view) is not None:
            return Pixels(self.kind.convert(image.values), image.valid)
        places = positions(view, self.lattice)
        window = _around(places, self.reach)
        if window.empty:
            return masked(view.shape, self.kind)
        known = (np.abs(places[0]) < _FAR) & (np.abs(places[1]) < _FAR)
        cols = np.where(known, places[0], window.col + self.reach) - window.col
        rows = np.where(known, places[1], window.row + self.reach) - window.row
        values, valid = self._weighted(image, cols, rows)
        return finite(self.kind.convert(values), valid & known)

    def _weighted(
        self, image: Pixels, cols: NDArray[np.float64], rows: NDArray[np.float64]
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        left, top = np.floor(cols).astype(np.int64), np.floor(rows).astype(np.int64)
        filled = np.where(image.valid, image.values, 0).astype(np.float64)
        sums, weights = np.zeros(cols.shape), np.zeros(cols.shape)
        steps = range(1 - self.reach, self.reach + 1)
        for dy in steps:
            down = _weight(rows - top - dy, self.reach)
            for dx in steps:
                weight = down * _weight(cols - left - dx, self.reach)
                weight = weight * image.valid[top + dy, left + dx]
                sums += weight * filled[top + dy, left + dx]
                weights += weight
        nearest = image.valid[np.floor(rows + 0.5).astype(int), np.floor(cols + 0.5).astype(int)]
        some = nearest & (np.abs(weights) > 1e-6)
        return sums / np.where(some, weights, 1.0), some


def _weight(distance: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return a weight that is linear over one pixel, or Keys' cubic (a = -0.5) over two."""
    d = np.abs(distance)
    if reach == 1:
        return np.asarray(np.maximum(1 - d, 0))
    near = (1.5 * d - 2.5) * d * d + 1
    far = ((-0.5 * d + 2.5) * d - 4) * d + 2
    return np.where(d <= 1, near, np.where(d < 2, far, 0.0))


def window_under(view: View, lattice: Lattice) -> Window:
    """Return all pixels of a lattice whose centres may lie in the view's pixels."""
    edge = view.window.padded(1, 1, 1, 1)
    return _around(positions(view.on(edge), lattice), 1)


def owners(view: View, lattice: Lattice, window: Window) -> NDArray[np.int64]:
    """Return for each pixel of a lattice's window the view's pixel that holds its centre, else -1.

    Pixels of the view are counted row by row; the result has the window's shape.
    """
    xs, ys = centres_over(View(lattice, window), view.grid)
    grid = PixelGrid(view.lattice.crs, view.lattice.transform, 0, 0)
    x_scale, x_shear, x0, y_shear, y_scale, y0 = grid.transform
    det = x_scale * y_scale - x_shear * y_shear
    cols = (y_scale * (xs - x0) - x_shear * (ys - y0)) / det - view.window.col
    rows = (x_scale * (ys - y0) - y_shear * (xs - x0)) / det - view.window.row
    inside = (cols >= 0) & (rows >= 0) & (cols < view.window.width) & (rows < view.window.height)
    col = np.floor(np.where(inside, cols, 0) + 1e-9).astype(np.int64)
    row = np.floor(np.where(inside, rows, 0) + 1e-9).astype(np.int64)
    place = np.minimum(row, view.window.height - 1) * view.window.width
    place = place + np.minimum(col, view.window.width - 1)
    return np.broadcast_to(np.where(inside, place, -1), window.shape)

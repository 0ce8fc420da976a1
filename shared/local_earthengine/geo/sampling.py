"""Which pixel of one lattice lies under the centre of each pixel of another: nearest neighbour."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.geo.longitudes import near
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.projection import coordinate_system, transformer

Coordinates = tuple[NDArray[np.float64], NDArray[np.float64]]
Indices = tuple[NDArray[np.int64], NDArray[np.int64]]

# A centre on a border belongs to the pixel right of it and below, whatever the last digits say.
_TIE = 1e-9
# Beyond any image: what a projection gives for places it can't hold.
_NOWHERE = -(2**40)


@lru_cache(maxsize=32)
def centres(view: View, crs: str) -> Coordinates:
    """Return the coordinates (x, y) in `crs` of the pixels' centres, each (height, width).

    Not finite where `crs` does not reach. Cached, as many scenes share a coordinate system.
    """
    window = view.window
    cols = np.arange(window.col, window.col + window.width) + 0.5
    rows = np.arange(window.row, window.row + window.height)[:, None] + 0.5
    x_scale, x_shear, x0, y_shear, y_scale, y0 = view.lattice.transform
    xs, ys = cols * x_scale + rows * x_shear + x0, cols * y_shear + rows * y_scale + y0
    if crs != view.lattice.crs:
        xs, ys = transformer(view.lattice.crs, crs).transform(xs, ys)
    xs.setflags(write=False)
    ys.setflags(write=False)
    return xs, ys


def centres_over(view: View, grid: PixelGrid) -> Coordinates:
    """Return the view's centres as `centres`, longitudes in the turn of a grid that has pixels.

    A lattice without an end has them in one piece, around the middle of the view.
    """
    xs, ys = centres(view, grid.crs)
    if view.window.empty or not coordinate_system(grid.crs).is_geographic:
        return xs, ys
    rows, cols = np.shape(xs)
    middle = xs[rows // 2, cols // 2]
    if grid.width > 0:
        middle = grid.at(grid.width / 2, grid.height / 2)[0]
    return (near(xs, middle), ys) if np.isfinite(middle) else (xs, ys)


def under(view: View, grid: PixelGrid) -> Indices:
    """Return the (columns, rows) of the pixels of `grid` under the view's centres.

    They may lie outside of it.
    """
    xs, ys = centres_over(view, grid)
    x_scale, x_shear, x0, y_shear, y_scale, y0 = grid.transform
    det = x_scale * y_scale - x_shear * y_shear
    dx, dy = xs - x0, ys - y0
    cols = (y_scale * dx - x_shear * dy) / det
    rows = (x_scale * dy - y_shear * dx) / det
    return _floor(cols), _floor(rows)


def _floor(positions: NDArray[np.float64]) -> NDArray[np.int64]:
    known = np.abs(positions) < -_NOWHERE
    return np.floor(np.where(known, positions, _NOWHERE) + _TIE).astype(np.int64)


def bounding(cols: NDArray[np.int64], rows: NDArray[np.int64]) -> Window:
    """Return the window that holds all the pixels named; what lies nowhere is left out."""
    known = (cols != _NOWHERE) & (rows != _NOWHERE)
    if not known.any():
        return Window(0, 0, 0, 0)
    cols, rows = cols[known], rows[known]
    col, row = int(cols.min()), int(rows.min())
    return Window(col, row, int(cols.max()) - col + 1, int(rows.max()) - row + 1)


def pick(indices: Indices, window: Window) -> tuple[Indices, NDArray[np.bool_]]:
    """Return (columns, rows) within an array of `window`, 0 where outside; and which are inside."""
    cols, rows = indices[0] - window.col, indices[1] - window.row
    inside = (cols >= 0) & (cols < window.width) & (rows >= 0) & (rows < window.height)
    return (np.where(inside, cols, 0), np.where(inside, rows, 0)), inside


def shift(lattice: Lattice, view: View) -> Window | None:
    """Return the window of `lattice` that is the view pixel for pixel; None if it isn't aligned."""
    place = PixelGrid(lattice.crs, lattice.transform, 0, 0).offset(view.grid)
    return None if place is None else Window(*place, view.window.width, view.window.height)

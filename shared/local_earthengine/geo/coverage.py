"""How much of each pixel a geometry covers: what weighs at a region's border."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from local_earthengine.geo.edges import reprojected
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.geo.longitudes import TURN, joined, single_parts
from local_earthengine.geo.projection import coordinate_system

Fractions = NDArray[np.float64]
Mask = NDArray[np.bool_]

# A pixel of which less is covered does not belong to a region.
_LEAST: Final = 0.005
# Blocks that lie inside as a whole, or outside, are not looked at pixel by pixel.
_BLOCK: Final = 32
_MARGIN: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Region:
    """A geometry in the pixels of a lattice, by what it is made of."""

    area: BaseGeometry
    lines: BaseGeometry
    points: NDArray[np.int64]
    lattice: Lattice

    @property
    def window(self) -> Window:
        """All pixels that it may touch."""
        corners = [np.array(part.bounds) for part in (self.area, self.lines) if not part.is_empty]
        lows = [np.floor(corner[:2] + _MARGIN) for corner in corners]
        highs = [np.ceil(corner[2:] - _MARGIN) for corner in corners]
        if len(self.points):
            lows.append(self.points.min(axis=0))
            highs.append(self.points.max(axis=0) + 1)
        if not lows:
            return Window(0, 0, 0, 0)
        (col, row), (right, bottom) = np.min(lows, axis=0), np.max(highs, axis=0)
        return Window(int(col), int(row), max(1, int(right - col)), max(1, int(bottom - row)))

    @property
    def size(self) -> int:
        """How many pixels it is large: its area, and no fewer than it touches as lines."""
        along = shapely.length(self.lines) if not self.lines.is_empty else 0.0
        return max(1, int(np.ceil(self.area.area - 1e-6)) + int(np.ceil(along)) + len(self.points))

    def cover(self, view: View) -> tuple[Fractions, Mask]:
        """Return the share of each pixel, and whether its centre is inside, both (height, width).

        A pixel that a line or a point touches counts as a whole.
        """
        fractions, centred = np.zeros(view.shape), np.zeros(view.shape, np.bool_)
        if not self.area.is_empty:
            self._fill(view.window, fractions, centred)
        if not self.lines.is_empty:
            boxes = _boxes(view.window, 1)
            touched = shapely.intersects(self.lines, boxes).reshape(view.shape)
            fractions[touched], centred = 1.0, centred | touched
        cols, rows = (self.points - (view.window.col, view.window.row)).T
        inside = (
            (cols >= 0) & (cols < view.window.width) & (rows >= 0) & (rows < view.window.height)
        )
        fractions[rows[inside], cols[inside]] = 1.0
        centred[rows[inside], cols[inside]] = True
        return fractions, centred

    def _fill(self, window: Window, fractions: Fractions, centred: Mask) -> None:
        """Fill blocks inside at once, those on the border by pixels."""
        if self.area.contains_properly(_boxes(window, max(window.width, window.height))[0]):
            fractions[:], centred[:] = 1.0, True
            return
        for block in _blocks(window):
            where = window.slices(block)
            around = _boxes(block, max(block.width, block.height))[0]
            if self.area.contains_properly(around):
                fractions[where], centred[where] = 1.0, True
            elif self.area.intersects(around):
                fractions[where], centred[where] = self._border(block)

    def _border(self, block: Window) -> tuple[Fractions, Mask]:
        here = shapely.intersection(self.area, _boxes(block, max(block.width, block.height))[0])
        shapely.prepare(here)
        boxes = _boxes(block, 1)
        shares = shapely.contains_properly(here, boxes).astype(np.float64)
        cut = (shares == 0) & shapely.intersects(here, boxes)
        shares[cut] = shapely.area(shapely.intersection(here, boxes[cut]))
        cols, rows = np.meshgrid(
            block.col + np.arange(block.width) + 0.5, block.row + np.arange(block.height) + 0.5
        )
        shares[shares < _LEAST] = 0.0
        return np.minimum(shares, 1.0).reshape(block.shape), shapely.intersects_xy(here, cols, rows)


def _blocks(window: Window) -> Iterator[Window]:
    for row in range(window.row, window.row + window.height, _BLOCK):
        for col in range(window.col, window.col + window.width, _BLOCK):
            yield Window(
                col,
                row,
                min(_BLOCK, window.col + window.width - col),
                min(_BLOCK, window.row + window.height - row),
            )


def _boxes(window: Window, side: int) -> NDArray[Any]:
    """Return squares of `side` pixels that cover the window, row by row."""
    rows, cols = np.mgrid[0 : window.height : side, 0 : window.width : side]
    left, top = cols.ravel() + window.col, rows.ravel() + window.row
    boxes: NDArray[Any] = shapely.box(left, top, left + side, top + side)
    return boxes


def region(geometry: Geometry, lattice: Lattice, view: View | None = None) -> Region:
    """Return a geometry on a lattice; its edges run in its own projection.

    On a lattice of degrees it lies in one piece, as often as a view that is given meets it.
    """
    shape, own = geometry.planar
    x_scale, x_shear, x0, y_shear, y_scale, y0 = lattice.transform
    turn = np.linalg.inv(np.array([[x_scale, x_shear], [y_shear, y_scale]]))
    there = reprojected(shape, own, lattice.crs)
    if coordinate_system(lattice.crs).is_geographic:
        there = _in_turns(joined(there)[0], view)
    placed = shapely.transform(there, lambda xy: (xy - (x0, y0)) @ turn.T)
    parts = single_parts(placed)
    areas = [shapely.make_valid(part) for part in parts if shapely.get_dimensions(part) == 2]
    lines = [part for part in parts if shapely.get_dimensions(part) == 1]
    dots = shapely.get_coordinates([p for p in parts if shapely.get_dimensions(p) == 0])
    area = shapely.union_all(areas)
    shapely.prepare(area)
    return Region(
        area, shapely.union_all(lines), np.floor(dots + _MARGIN).astype(np.int64), lattice
    )


def _in_turns(shape: BaseGeometry, view: View | None) -> BaseGeometry:
    """Return a shape in degrees wherever it lies in a view, by whole turns."""
    if view is None or shape.is_empty:
        return shape
    west, _, east, _ = view.grid.bounds
    turns = [translate(shape, turn * TURN) for turn in (-1, 0, 1)]
    met = [one for one in turns if one.bounds[0] <= east and one.bounds[2] >= west]
    return shapely.union_all(met) if len(met) != 1 else met[0]

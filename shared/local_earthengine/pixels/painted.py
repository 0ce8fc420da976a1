"""A band with geometries painted over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from local_earthengine.geo.cover import covers
from local_earthengine.geo.coverage import region
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.node import Node, Pixels


@dataclass(frozen=True)
class Stroke:
    """A geometry in a colour; filled, or with a width in pixels its outline."""

    geometry: Geometry
    colour: float
    width: float | None = None


class Painted(Node):
    """The input, and the strokes over it, the last on top; what is painted is valid."""

    strict = False

    def __init__(self, image: Node, kind: PixelType, strokes: Sequence[Stroke]) -> None:
        super().__init__(kind, (image,))
        self.strokes = tuple(strokes)

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the band with the strokes on it, by the pixels' centres."""
        (image,) = inputs
        values, valid = self.kind.convert(image.values).copy(), image.valid.copy()
        for stroke in self.strokes:
            where = _touched(stroke, view)
            values[where], valid[where] = self.kind.convert(np.array(stroke.colour)), True
        return Pixels(values, valid)


def _touched(stroke: Stroke, view: View) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    if stroke.width is None and shapely.get_dimensions(stroke.geometry.shape) == 2:
        return np.asarray(covers(stroke.geometry)(view))
    window = view.window
    cols, rows = np.meshgrid(
        window.col + np.arange(window.width) + 0.5, window.row + np.arange(window.height) + 0.5
    )
    placed = region(stroke.geometry, view.lattice, view)
    lines = shapely.union_all([placed.area.boundary, placed.lines])
    wide = lines.buffer(max(stroke.width or 1.0, 1.0) / 2)
    found = shapely.intersects_xy(wide, cols, rows)
    inside = (placed.points - (window.col, window.row)).T
    for col, row in inside.T:
        if 0 <= col < window.width and 0 <= row < window.height:
            found[row, col] = True
    return np.asarray(found)

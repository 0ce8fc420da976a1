"""A window of a pixel lattice: where the pixels of an array lie on the Earth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

Transform = tuple[float, float, float, float, float, float]

# Two lattices are one if their pixels' corners differ by less than this share of a pixel.
_ALIGNED = 1e-4


class Sized:
    """What is `width` x `height` pixels large."""

    width: int
    height: int

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width), the shape of an array of these pixels."""
        return self.height, self.width

    @property
    def empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0


@dataclass(frozen=True)
class PixelGrid(Sized):
    """`width` x `height` pixels of a coordinate system; row 0 is the first, usually northmost.

    `transform` is in Earth Engine's order, (xScale, xShear, xTranslate, yShear, yScale,
    yTranslate): the corner (column, row) lies at x = xScale * column + xShear * row + xTranslate.
    """

    crs: str
    transform: Transform
    width: int
    height: int

    def at(self, col: float, row: float) -> tuple[float, float]:
        """Return the coordinates (x, y) of a corner; add 0.5 to both for a pixel's centre."""
        x_scale, x_shear, x0, y_shear, y_scale, y0 = self.transform
        return x_scale * col + x_shear * row + x0, y_shear * col + y_scale * row + y0

    def index(self, x: float, y: float) -> tuple[float, float]:
        """Return the position (column, row), with fractions, of a point; inverse of `at`."""
        x_scale, x_shear, x0, y_shear, y_scale, y0 = self.transform
        det = x_scale * y_scale - x_shear * y_shear
        dx, dy = x - x0, y - y0
        return (y_scale * dx - x_shear * dy) / det, (x_scale * dy - y_shear * dx) / det

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(xmin, ymin, xmax, ymax) in the coordinate system's units."""
        corners = [self.at(c, r) for c in (0, self.width) for r in (0, self.height)]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def window(self, col: int, row: int, width: int, height: int) -> PixelGrid:
        """Return the part of the lattice that starts at (col, row) of this grid.

        It may reach beyond the grid.
        """
        x_scale, x_shear, _, y_shear, y_scale, _ = self.transform
        x0, y0 = self.at(col, row)
        return PixelGrid(self.crs, (x_scale, x_shear, x0, y_shear, y_scale, y0), width, height)

    def padded(self, pixels: int) -> PixelGrid:
        """Return the grid with a margin of `pixels` on every side."""
        return self.window(-pixels, -pixels, self.width + 2 * pixels, self.height + 2 * pixels)

    def offset(self, other: PixelGrid) -> tuple[int, int] | None:
        """Return (column, row) of `other`'s first pixel in this grid.

        There is none if the lattices differ.
        """
        mine, theirs = self.transform, other.transform
        if self.crs != other.crs:
            return None
        # An error of the scale grows with the distance: what counts is the far corner's.
        span = max(other.width, other.height, 1)
        unit = max(abs(value) for value in (mine[0], mine[1], mine[3], mine[4]))
        if any(abs(mine[i] - theirs[i]) * span > _ALIGNED * unit for i in (0, 1, 3, 4)):
            return None
        col, row = self.index(theirs[2], theirs[5])
        if abs(col - round(col)) > _ALIGNED or abs(row - round(row)) > _ALIGNED:
            return None
        return round(col), round(row)

    def contains(self, other: PixelGrid) -> bool:
        """Tell whether `other` is a window of this grid: the same lattice, and wholly inside."""
        place = self.offset(other)
        if place is None:
            return False
        col, row = place
        inside_x = col >= 0 and col + other.width <= self.width
        return inside_x and row >= 0 and row + other.height <= self.height

    def tiles(self, size: int) -> Iterator[PixelGrid]:
        """Yield windows of at most `size` x `size` pixels, row by row, that cover the grid once."""
        for row in range(0, self.height, size):
            for col in range(0, self.width, size):
                width, height = min(size, self.width - col), min(size, self.height - row)
                yield self.window(col, row, width, height)

    @property
    def nominal_scale(self) -> float:
        """The pixel's side in the units of the coordinate system (metres or degrees)."""
        x_scale, x_shear, _, y_shear, y_scale, _ = self.transform
        return math.sqrt(abs(x_scale * y_scale - x_shear * y_shear))

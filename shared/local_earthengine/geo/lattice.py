"""Lattices without an end, and whole-numbered windows of them: where a node is evaluated."""

from __future__ import annotations

from dataclasses import dataclass

from local_earthengine.geo.pixelgrid import PixelGrid, Sized, Transform


@dataclass(frozen=True)
class Window(Sized):
    """`width` x `height` pixels from (`col`, `row`) of a lattice on."""

    col: int
    row: int
    width: int
    height: int

    def union(self, other: Window) -> Window:
        """Return the smallest window that holds both."""
        col, row = min(self.col, other.col), min(self.row, other.row)
        right = max(self.col + self.width, other.col + other.width)
        bottom = max(self.row + self.height, other.row + other.height)
        return Window(col, row, right - col, bottom - row)

    def intersection(self, other: Window) -> Window:
        """Return what both hold; `empty` if they don't meet."""
        col, row = max(self.col, other.col), max(self.row, other.row)
        right = min(self.col + self.width, other.col + other.width)
        bottom = min(self.row + self.height, other.row + other.height)
        return Window(col, row, right - col, bottom - row)

    def padded(self, left: int, top: int, right: int, bottom: int) -> Window:
        """Return the window with a margin on each side."""
        return Window(
            self.col - left, self.row - top, self.width + left + right, self.height + top + bottom
        )

    def slices(self, inner: Window) -> tuple[slice, slice]:
        """Return where `inner` lies in an array of this window."""
        row, col = inner.row - self.row, inner.col - self.col
        return slice(row, row + inner.height), slice(col, col + inner.width)


@dataclass(frozen=True)
class Lattice:
    """An endless lattice; two are the same only if every number of the transform is."""

    crs: str
    transform: Transform

    def grid(self, window: Window) -> PixelGrid:
        """Return the window with its own transform."""
        origin = PixelGrid(self.crs, self.transform, 0, 0)
        return origin.window(window.col, window.row, window.width, window.height)


@dataclass(frozen=True)
class View:
    """A window of a lattice."""

    lattice: Lattice
    window: Window

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.window.shape

    @property
    def grid(self) -> PixelGrid:
        """The same as a PixelGrid."""
        return self.lattice.grid(self.window)

    def on(self, window: Window) -> View:
        """Return another window of the same lattice."""
        return View(self.lattice, window)


def view_of(grid: PixelGrid) -> View:
    """Return the view whose lattice starts at the grid's corner."""
    lattice = Lattice(grid.crs, grid.transform)
    return View(lattice, Window(0, 0, grid.width, grid.height))

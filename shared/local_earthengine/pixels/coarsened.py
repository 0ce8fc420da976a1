"""Many pixels to one: a statistic of those that lie in each pixel of a coarser lattice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import Lattice, View, Window
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.geo.projection import Projection
from local_earthengine.geo.sampling import bounding, pick, shift, under
from local_earthengine.geo.shares import shares
from local_earthengine.pixels.node import Node, Pixels, finite, masked
from local_earthengine.pixels.resampling import owners, window_under
from local_earthengine.pixels.stack import union_kind

Mask = NDArray[np.bool_]
# Takes columns, weights and whose they are, in order, and how many there are of these.
Weigh = Callable[
    [Sequence[NDArray[Any]], NDArray[np.float64], NDArray[np.int64], int], tuple[NDArray[Any], Mask]
]
Statistic = Callable[[NDArray[Any], NDArray[np.bool_]], tuple[NDArray[Any], NDArray[np.bool_]]]


class Coarsened(Node):
    """Inputs on their own lattice; on a coarser one a statistic of the pixels in each pixel.

    With `weigh` a pixel counts in each that it covers a part of, by the share of it; without, as a
    whole in the one that holds its centre. On the lattice itself and on finer ones each pixel is
    the statistic of the one nearest. `most` limits how many centres lie in one; None: no limit.
    """

    strict = False

    def __init__(  # noqa: PLR0917 - a statistic, what it gives, of what, and where
        self,
        statistic: Statistic,
        kind: PixelType,
        inputs: Sequence[Node],
        lattice: Lattice,
        most: int | None,
        tuples: bool,
        weigh: Weigh | None = None,
    ) -> None:
        super().__init__(kind, inputs)
        self.statistic = statistic
        self.lattice = lattice
        self.most = most
        self.tuples = tuples
        self.weigh = weigh
        self.input_kind = union_kind(inputs)

    def _coarse(self, view: View) -> bool:
        lattices = (view.lattice, self.lattice)
        asked, own = (Projection(item.crs, item.transform).nominal_scale for item in lattices)
        return asked > own * (1 + 1e-6) and shift(self.lattice, view) is None

    def views(self, view: View) -> Sequence[View | None]:
        """Return every pixel of the own lattice under the view."""
        if self._coarse(view):
            window = window_under(view, self.lattice)
        else:
            grid = PixelGrid(self.lattice.crs, self.lattice.transform, 0, 0)
            window = shift(self.lattice, view) or bounding(*under(view, grid))
        return [None if window.empty else View(self.lattice, window)] * len(self.inputs)

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the statistic of each pixel.

        Raise EarthEngineError if more come together than may.
        """
        asked = self.views(view)[0]
        if asked is None or all(part.nothing for part in inputs):
            return masked(view.shape, self.kind)
        values = np.stack([self.input_kind.convert(part.values) for part in inputs])
        valid = np.logical_and.reduce([part.valid for part in inputs])
        if self._coarse(view):
            owner = owners(view, self.lattice, asked.window)
            if self.weigh is not None:
                self._check(owner)
                found, some = self._weighed(self.weigh, view, asked.window, values, valid)
                return finite(self.kind.convert(found), some)
            stack, there = self._grouped(view, owner, values, valid)
        else:
            stack, there = self._nearest(view, asked, values, valid)
        with np.errstate(all="ignore"):
            found, some = self.statistic(stack if self.tuples else stack[:, 0], there)
        return finite(self.kind.convert(found), some)

    def _grouped(
        self, view: View, owner: NDArray[np.int64], values: NDArray[Any], valid: NDArray[np.bool_]
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return each pixel's own as (n, inputs, height, width), masks as (n, height, width)."""
        flat = owner.ravel()
        order = np.argsort(flat, kind="stable")
        order = order[flat[order] >= 0]
        group = flat[order]
        size = view.window.width * view.window.height
        counts = np.bincount(group, minlength=size)
        longest = self._check(owner)
        rank = np.arange(len(group)) - (np.cumsum(counts) - counts)[group]
        stack = np.zeros((longest, len(values), size), values.dtype)
        there = np.zeros((longest, size), np.bool_)
        stack[rank, :, group] = values.reshape(len(values), -1)[:, order].T
        there[rank, group] = valid.ravel()[order]
        return stack.reshape(longest, -1, *view.shape), there.reshape(longest, *view.shape)

    def _check(self, owner: NDArray[np.int64]) -> int:
        """Return how many pixels' centres lie in one; raise EarthEngineError for too many."""
        longest = int(np.bincount(owner[owner >= 0]).max(initial=1)) or 1
        if self.most is not None and longest > self.most:
            raise EarthEngineError(
                "Image.reduceResolution: Too many input pixels per output pixel. "
                f"Found {longest}, but maxPixels allows only {self.most}."
            )
        return longest

    def _weighed(
        self, weigh: Weigh, view: View, window: Window, values: NDArray[Any], valid: Mask
    ) -> tuple[NDArray[Any], Mask]:
        """Return the statistic of what covers each pixel, by its share of it."""
        pairs = shares(view, self.lattice, window)
        kept = valid.ravel()[pairs.source]
        order = np.argsort(pairs.owner[kept], kind="stable")
        source = pairs.source[kept][order]
        columns = [band.ravel()[source] for band in values]
        size = view.window.width * view.window.height
        found, some = weigh(columns, pairs.share[kept][order], pairs.owner[kept][order], size)
        return found.reshape(view.shape), some.reshape(view.shape)

    def _nearest(
        self, view: View, asked: View, values: NDArray[Any], valid: NDArray[np.bool_]
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return stacks of a single pixel."""
        if shift(self.lattice, view) is not None:
            return values[None], valid[None]
        grid = PixelGrid(self.lattice.crs, self.lattice.transform, 0, 0)
        (cols, rows), inside = pick(under(view, grid), asked.window)
        return values[:, rows, cols][None], (valid[rows, cols] & inside)[None]

"""Nodes of patches and distances: they look as far around as a patch or a distance may reach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import FLOAT, LONG, NAMED, PixelType
from local_earthengine.pixels.node import Node, Pixels
from local_earthengine.pixels.numerics import patches


class _Around(Node):
    """A node with the same margin on all sides."""

    def __init__(self, image: Node, kind: PixelType, margin: int) -> None:
        super().__init__(kind, (image,))
        self.margin = margin

    def views(self, view: View) -> Sequence[View | None]:
        """Return the view with its margin."""
        return [view.on(view.window.padded(*[self.margin] * 4))]

    def _inner(self, view: View) -> tuple[slice, slice]:
        height, width = view.shape
        return slice(self.margin, self.margin + height), slice(self.margin, self.margin + width)


class PatchSize(_Around):
    """How many pixels of the same value each is connected with, itself included, up to `most`."""

    def __init__(self, image: Node, most: int, offsets: patches.Offsets) -> None:
        super().__init__(image, NAMED["int"], most)
        self.offsets = offsets

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the sizes, masked where the pixel is."""
        (image,) = inputs
        found = patches.sizes(patches.labels(image.values, image.valid, self.offsets))
        where = self._inner(view)
        values = self.kind.convert(np.minimum(found[where], self.margin))
        return Pixels(values, image.valid[where])


class PatchLabel(_Around):
    """A number for each patch of at most `most` pixels; larger ones are masked.

    It tells the place of the patch's first pixel in the lattice, so that tiles agree.
    """

    def __init__(self, image: Node, most: int, offsets: patches.Offsets) -> None:
        super().__init__(image, LONG, most)
        self.offsets = offsets

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the labels, masked where the pixel is."""
        (image,) = inputs
        found = patches.labels(image.values, image.valid, self.offsets)
        where = self._inner(view)
        small = (patches.sizes(found) <= self.margin)[where]
        row, col = np.divmod(found[where], found.shape[1])
        top, left = view.window.row - self.margin, view.window.col - self.margin
        # 31 bits for each of row and column, both shifted to be positive.
        values = ((row + top + 2**30) << 31) + (col + left + 2**30)
        return Pixels(values, image.valid[where] & small)


class Distance(_Around):
    """The distance to the nearest pixel that is valid and not 0, in every pixel.

    Where none lies within `reach` pixels it is the reach squared, and never the reach itself.
    """

    def __init__(self, image: Node, reach: int, metric: str) -> None:
        super().__init__(image, FLOAT, reach)
        self.metric = metric

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the distances, valid whatever the input's mask."""
        (image,) = inputs
        marked = image.valid & (image.values != 0)
        found = patches.distance(marked, self.metric)[self._inner(view)]
        limit = self.margin**2 if self.metric == "squared_euclidean" else self.margin
        beyond = max(self.margin**2, self.margin + 1)
        values = np.where(found <= limit, found, beyond)
        return Pixels(self.kind.convert(values), np.ones(view.shape, np.bool_))

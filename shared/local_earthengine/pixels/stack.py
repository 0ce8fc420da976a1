"""Nodes over many bands at the same place: statistics of the stack, and the topmost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.arrays import common_dimensions, overlaid
from local_earthengine.pixels.node import Node, Pixels, finite, masked

Statistic = Callable[[NDArray[Any], NDArray[np.bool_]], tuple[NDArray[Any], NDArray[np.bool_]]]

# A stack of a year's scenes is cut into bands of rows of about this size.
_CHUNK_BYTES = 32_000_000


def union_kind(nodes: Sequence[Node]) -> PixelType:
    """Return the type that holds the values of all."""
    kind = nodes[0].kind
    for node in nodes[1:]:
        kind = kind.union(node.kind)
    return kind


class Stack(Node):
    """A statistic of the valid values of all inputs."""

    strict = False

    def __init__(self, statistic: Statistic, kind: PixelType, inputs: Sequence[Node]) -> None:
        super().__init__(kind, inputs)
        self.statistic = statistic
        self.input_kind = union_kind(inputs)

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the statistic, which takes a stack of values and of masks, (n, rows, width)."""
        present = [part for part in inputs if not part.nothing]
        if not present:
            present = [masked(view.shape, self.input_kind)]
        height, width = view.shape
        values = np.empty(view.shape, self.kind.dtype)
        valid = np.empty(view.shape, np.bool_)
        line = len(present) * width * self.input_kind.dtype.itemsize
        step = max(1, _CHUNK_BYTES // max(1, line))
        for start in range(0, height, step):
            rows = slice(start, start + step)
            found, valid[rows] = self._reduce(present, rows)
            values[rows] = self.kind.convert(found)
        return finite(values, valid)

    def _reduce(
        self, parts: Sequence[Pixels], rows: slice
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        stack = np.stack([self.input_kind.convert(part.values[rows]) for part in parts])
        with np.errstate(all="ignore"):
            return self.statistic(stack, np.stack([part.valid[rows] for part in parts]))


class Mosaic(Node):
    """The last of the inputs that is valid."""

    strict = False
    arrays = True

    def __init__(self, inputs: Sequence[Node]) -> None:
        super().__init__(union_kind(inputs), inputs)
        self.dimensions = common_dimensions(inputs)

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Fill from the top down, until no gap is left."""
        present = [part for part in reversed(inputs) if not part.nothing]
        if not present:
            return masked(view.shape, self.kind)
        if self.dimensions:
            layers = [(part, part.valid) for part in present]
            return overlaid(view.shape, self.kind, self.dimensions, layers)
        values, valid = self.kind.convert(present[0].values), present[0].valid
        for part in present[1:]:
            if valid.all():
                break
            values = np.where(valid, values, self.kind.convert(part.values))
            valid = valid | part.valid
        return Pixels(values, valid)

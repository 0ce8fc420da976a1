"""Of many bands the pixel whose companion is the greatest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from local_earthengine.geo.lattice import View
from local_earthengine.pixels.node import Node, Pixels, masked
from local_earthengine.pixels.stack import union_kind


class Best(Node):
    """The bands' pixel where the quality is greatest, of equals the first.

    A pixel without a valid quality is never chosen; where the chosen one is masked, so is this.
    """

    strict = False

    def __init__(self, bands: Sequence[Node], qualities: Sequence[Node]) -> None:
        super().__init__(union_kind(bands), [*bands, *qualities])

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Compare one after the other, so that no more than two are held."""
        half = len(inputs) // 2
        found = masked(view.shape, self.kind)
        values, valid = found.values, found.valid
        best = np.full(view.shape, -np.inf)
        for band, quality in zip(inputs[:half], inputs[half:], strict=True):
            if quality.nothing:
                continue
            better = quality.valid & (quality.values > best)
            best = np.where(better, quality.values, best)
            values = np.where(better, self.kind.convert(band.values), values)
            valid = np.where(better, band.valid, valid)
        return Pixels(values, valid)

"""Values exchanged for others, pixel by pixel, or for none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from local_earthengine.geo.lattice import View
from local_earthengine.pixels.node import Pixels
from local_earthengine.pixels.pointwise import Elementwise


class Exchange(Elementwise):
    """A formula of one input whose NaN masks a pixel even where the type is of integers."""

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the formula's values, masked where the input is, or the formula gives NaN."""
        del view
        (image,) = inputs
        values = self.formula(image.values)
        known = image.valid & ~np.isnan(values)
        return Pixels(self.kind.convert(np.where(known, values, 0)), known)

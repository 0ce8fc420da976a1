"""The choice between two bands, pixel by pixel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from local_earthengine.geo.lattice import View
from local_earthengine.pixels.node import Node, Pixels


class Choice(Node):
    """The second input where the first is not 0, else the third.

    Masked where the condition is, and where the chosen one is; the other's mask doesn't matter.
    """

    strict = False

    def __init__(self, condition: Node, yes: Node, no: Node) -> None:
        super().__init__(yes.kind.union(no.kind), (condition, yes, no))

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the chosen pixels in the type that holds both."""
        del view
        condition, yes, no = inputs
        chosen = condition.values != 0
        values = np.where(chosen, self.kind.convert(yes.values), self.kind.convert(no.values))
        valid = condition.valid & np.where(chosen, yes.valid, no.valid)
        return Pixels(values, valid, condition.nothing or (yes.nothing and no.nothing))

"""Nodes whose every pixel depends on the same pixel of their inputs alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import BOOLEAN, MASK, PixelType
from local_earthengine.pixels.arrays import (
    applied,
    broadcasting,
    common_dimensions,
    overlaid,
    widest_dimensions,
)
from local_earthengine.pixels.node import Node, Pixels, finite

Formula = Callable[..., NDArray[Any]]


class Elementwise(Node):
    """A formula of the inputs' values, masked where any input is, or the result isn't finite.

    Of array pixels, element by element; scalar pixels go with every element. An element that
    isn't finite stays: arrays have no masks of their own.
    """

    arrays = True

    def __init__(self, formula: Formula, kind: PixelType, inputs: Sequence[Node]) -> None:
        super().__init__(kind, inputs)
        self.formula = formula
        self.dimensions = widest_dimensions(inputs)

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return what `formula` gives for an array an input: one of their shape."""
        if self.dimensions:
            return applied(broadcasting(self.formula), self, view, inputs)
        valid = inputs[0].valid
        for part in inputs[1:]:
            valid = valid & part.valid
        with np.errstate(all="ignore"):
            values = self.kind.convert(self.formula(*(part.values for part in inputs)))
        return finite(values, valid)


class Masking(Node):
    """Two inputs to one by a rule of its own about masks; the first may have array pixels."""

    arrays = True

    def __init__(self, kind: PixelType, one: Node, other: Node) -> None:
        super().__init__(kind, (one, other))
        self.dimensions = one.dimensions


def _scalar(mask: Node) -> Node:
    """Return a mask that masks whole pixels; raise EarthEngineError for one of array pixels."""
    if mask.dimensions:
        raise EarthEngineError(
            "The mask has array pixels, but must be scalar: use arrayMask to mask elements."
        )
    return mask


class UpdateMask(Masking):
    """The first input, masked also where the second is masked or not above 0.

    Earth Engine's masks are fractions; here a pixel is valid or not, and any fraction is valid.
    """

    def __init__(self, image: Node, mask: Node) -> None:
        super().__init__(image.kind, image, _scalar(mask))

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the values as they are, under the narrower mask."""
        del view
        image, mask = inputs
        return image.masked_by(image.valid & mask.valid & (mask.values > 0))


class SetMask(Masking):
    """The first input with the second as its mask; 0 where it was masked before."""

    strict = False

    def __init__(self, image: Node, mask: Node) -> None:
        super().__init__(image.kind, image, _scalar(mask))

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the values; what was masked reads 0, or the nearest to it in the kind's range.

        Array pixels that were masked stay so, having no shape.
        """
        image, mask = inputs
        if self.dimensions:
            layers = [(image, image.valid & mask.valid & (mask.values > 0))]
            return overlaid(view.shape, self.kind, self.dimensions, layers)
        fill = image.values.dtype.type(min(max(0, self.kind.low or 0), self.kind.high or 0))
        values = np.where(image.valid, image.values, fill)
        return Pixels(values, mask.valid & (mask.values > 0))


class Unmask(Masking):
    """The first input, and the second where the first is masked."""

    strict = False

    def __init__(self, kind: PixelType, one: Node, other: Node) -> None:
        super().__init__(kind, one, other)
        self.dimensions = common_dimensions(self.inputs)

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return pixels that are masked only where both are."""
        if self.dimensions:
            layers = [(part, part.valid) for part in inputs]
            return overlaid(view.shape, self.kind, self.dimensions, layers)
        image, filling = (
            (self.kind.convert(part.values), part.valid, part.nothing) for part in inputs
        )
        values = np.where(image[1], image[0], filling[0])
        return Pixels(values, image[1] | filling[1], image[2] and filling[2])


class MaskOf(Node):
    """1 where the input is valid, 0 where it is masked; itself valid everywhere."""

    strict = False
    arrays = True

    def __init__(self, image: Node) -> None:
        super().__init__(MASK, (image,))

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the mask, which is never masked."""
        values = inputs[0].valid.astype(self.kind.dtype)
        return Pixels(values, np.broadcast_to(np.True_, view.shape))


class Where(Node):
    """The first input; the third where the second is not 0 and neither of them is masked."""

    strict = False

    def __init__(self, image: Node, test: Node, value: Node) -> None:
        super().__init__(image.kind.union(value.kind), (image, test, value))

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return pixels that are masked exactly where the first input is."""
        del view
        image, test, value = inputs
        chosen = test.valid & (test.values != 0) & value.valid
        values = np.where(chosen, self.kind.convert(value.values), self.kind.convert(image.values))
        return Pixels(values, image.valid, image.nothing)


class Inside(Node):
    """1 inside a shape, masked outside: what clips."""

    def __init__(self, covers: Callable[[View], NDArray[np.bool_]]) -> None:
        super().__init__(BOOLEAN)
        self.covers = covers

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return which pixels lie inside by their centres."""
        del inputs
        inside = self.covers(view)
        return Pixels(inside.astype(np.uint8), inside, nothing=not inside.any())

"""Nodes of array pixels: a constant, functions of arrays, and arrays made of many bands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.arrays import (
    ArrayPixels,
    Function,
    Part,
    applied,
    batches,
    gathered,
)
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.pixels.node import Node, Pixels, masked
from local_earthengine.pixels.numerics.arrays import compressed, cut

_Result = TypeVar("_Result")

# A parameter: a scalar node, and its value where that is masked; None masks the pixel.
Parameter = tuple[Node, int | None]


class ArrayConstant(Node):
    """The same array everywhere."""

    def __init__(self, kind: PixelType, array: NDArray[Any]) -> None:
        super().__init__(kind)
        self.array = kind.convert(array)
        self.dimensions = array.ndim

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return one array in the memory of one array."""
        del inputs
        values = np.broadcast_to(self.array, (*view.shape, *self.array.shape))
        return ArrayPixels(values, np.broadcast_to(np.True_, view.shape))


class ArrayFunction(Node):
    """A function of the inputs' arrays, masked where any of them is.

    `function` takes a batch for each input, then a number for each parameter; pixels with
    different numbers are in different batches. `name` is what its errors begin with.
    """

    strict = False
    arrays = True

    def __init__(  # noqa: PLR0917 - a name, a function, what it gives and takes
        self,
        name: str,
        function: Function,
        kind: PixelType,
        dimensions: int,
        inputs: Sequence[Node],
        parameters: Sequence[Parameter] = (),
    ) -> None:
        if any(node.dimensions for node, _ in parameters):
            raise EarthEngineError("A parameter has array pixels, but must be scalar.")
        super().__init__(kind, (*inputs, *(node for node, _ in parameters)))
        self.name = name
        self.function = function
        self.dimensions = dimensions
        self.defaults = [default for _, default in parameters]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the function's arrays.

        Raise EarthEngineError, with the algorithm's name, if they don't fit.
        """
        count = len(inputs) - len(self.defaults)
        numbers, valid = self._numbers(view, inputs[count:])
        return _named(self.name, applied, self.function, self, view, inputs[:count], numbers, valid)

    def _numbers(
        self, view: View, parts: Sequence[Pixels]
    ) -> tuple[list[NDArray[np.int64]], NDArray[np.bool_]]:
        """Return the parameters at each pixel, and where none that is needed is masked."""
        valid = np.ones(view.shape, np.bool_)
        numbers = []
        for part, default in zip(parts, self.defaults, strict=True):
            if default is None:
                valid &= part.valid
            with np.errstate(invalid="ignore"):  # what is masked may be no number
                whole = part.values.astype(np.int64)
            numbers.append(np.where(part.valid, whole, 0 if default is None else default))
        return numbers, valid


class Compressed(Node):
    """The elements of arrays at which those of another are not 0: each pixel of its own length."""

    arrays = True

    def __init__(self, array: Node, mask: Node) -> None:
        super().__init__(array.kind, (array, mask))
        self.dimensions = array.dimensions

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the pixels by groups that keep equally many."""
        parts: list[Part] = []
        for where, (batch, mask), _ in batches(inputs[0].valid & inputs[1].valid, inputs):
            moved, number, axis = _named("Image.arrayMask", compressed, batch, mask)
            for count in np.unique(number):
                same = number == count
                parts.append((where[same], cut(moved[same], axis, 0, int(count), 1), None))
        return gathered(view.shape, self.kind, self.dimensions, parts)


def _named(name: str, function: Callable[..., _Result], *given: Any) -> _Result:
    """Return a function's result; its errors begin with the name."""
    try:
        return function(*given)
    except EarthEngineError as error:
        raise EarthEngineError(f"{name}: {error.message}") from None


class Stacked(Node):
    """Of many rows of scalar bands those whose bands are all valid: (rows, columns) at each pixel.

    Masked where there is no such row. `flat` says that rows are of one band, and arrays of 1-D.
    """

    strict = False

    def __init__(self, kind: PixelType, rows: Sequence[Sequence[Node]], flat: bool) -> None:
        super().__init__(kind, [node for row in rows for node in row])
        self.columns = len(rows[0])
        self.dimensions = 1 if flat else 2

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the valid rows first; how many there are is each pixel's length."""
        count, size = len(inputs) // self.columns, self.columns
        rows = [inputs[i * size : (i + 1) * size] for i in range(count)]
        rows = [row for row in rows if not any(part.nothing for part in row)]
        if not rows:
            return masked(view.shape, self.kind)
        values = np.stack(
            [np.stack([self.kind.convert(p.values) for p in row], -1) for row in rows], axis=2
        )
        there = np.stack([np.logical_and.reduce([p.valid for p in row]) for row in rows], axis=-1)
        order = np.argsort(~there, axis=-1, kind="stable")
        values = np.take_along_axis(values, order[..., None], axis=2)
        return self._trimmed(values, there.sum(axis=-1))

    def _trimmed(self, values: NDArray[Any], number: NDArray[Any]) -> Pixels:
        longest = int(number.max())
        values = values[:, :, :longest]
        lengths = np.stack([number, np.full(number.shape, self.columns)], axis=-1)
        if self.dimensions == 1:
            values, lengths = values[..., 0], lengths[..., :1]
        alike = bool((number == longest).all())
        return ArrayPixels(values, number > 0, lengths=None if alike else lengths)


class Surroundings(Node):
    """A matrix of each pixel's neighbours, rows from the north, with a value for masked ones."""

    def __init__(self, image: Node, kernel: Kernel, filling: float) -> None:
        super().__init__(image.kind, (image,))
        self.kernel = kernel
        self.filling = image.kind.convert(np.array(filling, np.float64))
        self.dimensions = 2

    def views(self, view: View) -> Sequence[View | None]:
        """Return the view with the kernel's margins."""
        return [view.on(view.window.padded(*self.kernel.on(view.lattice).margins))]

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the matrices, masked where the pixel itself is."""
        (image,) = inputs
        placed = self.kernel.on(view.lattice)
        filled = np.where(image.valid, image.values, self.filling)
        values = sliding_window_view(filled, placed.weights.shape)
        height, width = view.shape
        rows, cols = slice(placed.row, placed.row + height), slice(placed.col, placed.col + width)
        return ArrayPixels(values, image.valid[rows, cols])

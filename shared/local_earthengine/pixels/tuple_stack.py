"""Statistics of stacks of several bands at once, or that give an array for each pixel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.arrays import ArrayPixels, Part, gathered
from local_earthengine.pixels.node import Node, Pixels, finite, masked
from local_earthengine.pixels.stack import union_kind

Statistic = Callable[[NDArray[Any], NDArray[np.bool_]], tuple[NDArray[Any], NDArray[np.bool_]]]
# Columns of a pixel's values, one for each input, to a list or an array; None masks the pixel.
OfPixel = Callable[[Sequence[NDArray[Any]]], Any]


class TupleStack(Node):
    """`rows` are tuples of bands; a tuple counts where all its bands are valid.

    `statistic` takes (n, inputs, height, width) and a mask (n, height, width).
    """

    strict = False

    def __init__(
        self,
        statistic: Statistic,
        kind: PixelType,
        rows: Sequence[Sequence[Node]],
        dimensions: int = 0,
    ) -> None:
        super().__init__(kind, [node for row in rows for node in row])
        self.statistic = statistic
        self.columns = len(rows[0])
        self.input_kind = union_kind(self.inputs)
        self.dimensions = dimensions

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the statistic.

        Tuples that hold nothing here are left out before any work is done.
        """
        values, valid = tuples(inputs, self.columns, self.input_kind)
        if not len(values):
            return masked(view.shape, self.kind)
        with np.errstate(all="ignore"):
            found, some = self.statistic(values, valid)
        if self.dimensions:
            return ArrayPixels(self.kind.convert(found), some)
        return finite(self.kind.convert(found), some)


def tuples(
    inputs: Sequence[Pixels], columns: int, kind: PixelType
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return tuples that hold something, (n, columns, height, width), and their masks."""
    rows = [inputs[i : i + columns] for i in range(0, len(inputs), columns)]
    rows = [row for row in rows if not any(part.nothing for part in row)]
    if not rows:
        return np.zeros((0, columns, 0, 0)), np.zeros((0, 0, 0), np.bool_)
    values = np.stack([np.stack([kind.convert(part.values) for part in row]) for row in rows])
    valid = np.stack([np.logical_and.reduce([part.valid for part in row]) for row in rows])
    return values, valid


class PixelStack(TupleStack):
    """A statistic that is found pixel by pixel, as its arrays may differ in length: slow."""

    def __init__(
        self, of_pixel: OfPixel, kind: PixelType, rows: Sequence[Sequence[Node]], dimensions: int
    ) -> None:
        super().__init__(lambda values, valid: (values, valid), kind, rows, dimensions)
        self.of_pixel = of_pixel

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return what each pixel's tuples make.

        Raise EarthEngineError for no number and no array.
        """
        values, valid = tuples(inputs, self.columns, self.input_kind)
        groups: dict[tuple[int, ...], tuple[list[int], list[NDArray[Any]]]] = {}
        for i in np.flatnonzero(valid.any(axis=0)):
            row, col = divmod(int(i), view.shape[1])
            known = valid[:, row, col]
            found = self.of_pixel(list(values[known, :, row, col].T))
            if found is None:
                continue
            array = _array(found, self.dimensions)
            places, arrays = groups.setdefault(array.shape, ([], []))
            places.append(int(i))
            arrays.append(array)
        parts: list[Part] = [
            (np.array(places), np.stack(arrays), None) for places, arrays in groups.values()
        ]
        return gathered(view.shape, self.kind, self.dimensions, parts)


def _array(found: Any, dimensions: int) -> NDArray[Any]:
    try:
        array = np.asarray(getattr(found, "values", found), np.float64)
    except (TypeError, ValueError):
        array = np.zeros(0)
    if array.ndim != dimensions:
        raise EarthEngineError("The reducer's result is neither a number nor an array.")
    return array

"""A node of the pixel graph: one band, and how it is computed from others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import View
from local_earthengine.geo.pixeltype import PixelType


@dataclass(frozen=True)
class Pixels:
    """Values and their mask, both of shape (height, width); never written to once made.

    `nothing` marks that no pixel is valid, which spares whoever reads it the work.
    """

    values: NDArray[Any]
    valid: NDArray[np.bool_]
    nothing: bool = False

    def part(self, where: tuple[slice, slice]) -> Self:
        """Return a window, without a copy."""
        return replace(self, values=self.values[where], valid=self.valid[where])

    def at(self, rows: NDArray[Any], cols: NDArray[Any], inside: NDArray[np.bool_]) -> Self:
        """Return pixels picked by row and column; masked where not `inside`."""
        valid = self.valid[rows, cols] & inside
        return replace(self, values=self.values[rows, cols], valid=valid)

    def masked_by(self, valid: NDArray[np.bool_]) -> Self:
        """Return the same values, whatever they are, under another mask."""
        return replace(self, valid=valid, nothing=False)


def masked(shape: tuple[int, int], kind: PixelType) -> Pixels:
    """Return nothing at all, in no memory."""
    zeros = np.broadcast_to(np.zeros((), kind.dtype), shape)
    return Pixels(zeros, np.broadcast_to(np.False_, shape), nothing=True)


def finite(values: NDArray[Any], valid: NDArray[np.bool_]) -> Pixels:
    """Return `values` where `valid`; what is not a finite number becomes masked, and 0 beneath."""
    if values.dtype.kind == "f":
        good = np.isfinite(values)
        if not good.all():
            return Pixels(np.where(good, values, 0), valid & good)
    return Pixels(values, valid)


class Node(ABC):
    """One band. Identity is equality: the same node is evaluated once for a tile.

    `dimensions` is 0 for scalar pixels, 1 for vectors, 2 for matrices, and so on.
    """

    # Whether nothing in any input means nothing in the output.
    strict: bool = True
    # Whether its inputs may have array pixels.
    arrays: bool = False
    dimensions: int = 0

    def __init__(self, kind: PixelType, inputs: Sequence[Node] = ()) -> None:
        self.kind = kind
        self.inputs = tuple(inputs)
        if not self.arrays and any(node.dimensions for node in self.inputs):
            raise EarthEngineError(
                "Expected scalar pixels, but a band has array pixels: take elements with "
                "arrayGet or arrayFlatten first."
            )

    def views(self, view: View) -> Sequence[View | None]:
        """Return what it needs of each input to fill `view`; None if nothing."""
        return [view] * len(self.inputs)

    @abstractmethod
    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the pixels of `view`.

        `inputs` lie on the views that were asked, in their order.
        """

"""Reducers: named statistics of a stack, and of a weighted neighbourhood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s1ratio.local.earthengine.pixels.kernels import windows
from s1ratio.local.earthengine.values.pixeltype import PixelType

Mask = NDArray[np.bool_]
Result = tuple[NDArray[Any], Mask]
OfStack = Callable[[NDArray[Any], Mask], Result]
OfWindow = Callable[[NDArray[Any], Mask, NDArray[np.float64]], Result]


@dataclass(frozen=True)
class Output:
    """One statistic: of stacks, (n, ...) to (...); and the type that it gives for an input's."""

    name: str
    of_stack: OfStack
    kind: Callable[[PixelType], PixelType]
    fast_window: OfWindow | None = None

    def of_window(self, values: NDArray[Any], valid: Mask, weights: NDArray[np.float64]) -> Result:
        """Of the neighbours of weight above 0; arrays with margins, as the kernels have them."""
        if self.fast_window is not None:
            return self.fast_window(values, valid, weights)
        parts = [
            self.of_stack(np.moveaxis(stack, -1, 0), np.moveaxis(masks, -1, 0))
            for stack, masks in windows.neighbors(values, valid, weights > 0)
        ]
        return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])


@dataclass(frozen=True)
class Reducer:
    """One or more outputs over one input."""

    outputs: tuple[Output, ...]

    def combined(self, other: Reducer, prefix: str) -> Reducer:
        """Both, the other's outputs named with a prefix."""
        renamed = tuple(replace(out, name=prefix + out.name) for out in other.outputs)
        return Reducer(self.outputs + renamed)

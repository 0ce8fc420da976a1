"""Reducers: named statistics of stacks, of weighted neighbourhoods and of columns of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.numerics import windows
from local_earthengine.values.moments import Moments

Mask = NDArray[np.bool_]
Result = tuple[NDArray[Any], Mask]
OfStack = Callable[[NDArray[Any], Mask], Result]
OfWindow = Callable[[NDArray[Any], Mask, NDArray[np.float64]], Result]
Column = Sequence[Any] | NDArray[Any]
Columns = Sequence[Column]
Weights = NDArray[np.float64]
OfColumns = Callable[[Columns, Weights], Any]


def needs_more(name: str, count: int) -> OfStack:
    """Return the statistic of a stack for an output that has none: it refuses."""

    def refuse(values: NDArray[Any], valid: Mask) -> Result:
        """Raise EarthEngineError."""
        del values, valid
        what = f"needs {count} inputs" if count > 1 else "can't be computed pixel by pixel"
        raise EarthEngineError(f"The reducer's output '{name}' {what}.")

    return refuse


# How many inputs, buckets or copies a reducer may have: more would fill the memory.
_MAX_VALUES = 100_000


def checked(count: int, what: str) -> int:
    """Return a count; raise EarthEngineError unless it is above 0, and such as memory holds."""
    if not 1 <= count <= _MAX_VALUES:
        raise EarthEngineError(f"{what} must lie between 1 and {_MAX_VALUES}, not {count}.")
    return count


@dataclass(frozen=True)
class Output:
    """One statistic: of stacks, (n, ...) to (...); and the type that it gives for an input's.

    `inputs` are the places of the reducer's inputs that it takes. Of several, or if it gives
    arrays of `dimensions`, `of_tuples` takes stacks (n, inputs, ...) and gives (..., *array).
    `of_columns` takes a column of values for each input, none of them null, and weights, and
    gives any value; `of_moments` the same, from what can be summed up piece by piece.
    The first `required` of the inputs must not be null; a tuple that lacks one is left out.
    """

    name: str
    of_stack: OfStack
    kind: Callable[[PixelType], PixelType]
    fast_window: OfWindow | None = None
    inputs: tuple[int, ...] = (0,)
    of_tuples: OfStack | None = None
    dimensions: int = 0
    of_columns: OfColumns | None = None
    of_moments: Callable[[Moments], Any] | None = None
    weighted: bool = False
    required: int = field(default=-1)

    @property
    def of_nothing(self) -> bool:
        """Whether it has a value where nothing is valid, as a count has."""
        return bool(self.of_stack(np.zeros(1), np.zeros(1, np.bool_))[1].all())

    def of_window(self, values: NDArray[Any], valid: Mask, weights: NDArray[np.float64]) -> Result:
        """Return it for neighbours of weight above 0.

        Arrays have margins, as `numerics.windows` has them.
        """
        if self.fast_window is not None:
            return self.fast_window(values, valid, weights)
        parts = [
            self.of_stack(np.moveaxis(stack, -1, 0), np.moveaxis(masks, -1, 0))
            for stack, masks in windows.neighbors(values, valid, weights > 0)
        ]
        return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])


@dataclass(frozen=True)
class Reducer:
    """Outputs over one input or several.

    `description` is what `getInfo` shows of it: the algorithm that made it, and its arguments.
    """

    outputs: tuple[Output, ...]
    inputs: int = 1
    description: Mapping[str, Any] | None = field(default=None, compare=False, kw_only=True)

    def to_json(self) -> Mapping[str, Any] | None:
        """Return the description."""
        return self.description

    def combined(self, other: Reducer, prefix: str, shared: bool = True) -> Reducer:
        """Return both, the other's outputs named with a prefix.

        The other works on the same inputs, or on the next ones.
        """
        shift = 0 if shared else self.inputs
        moved = tuple(
            replace(
                output,
                name=prefix + output.name,
                inputs=tuple(place + shift for place in output.inputs),
            )
            for output in other.outputs
        )
        return Reducer(self.outputs + moved, max(self.inputs, other.inputs + shift))

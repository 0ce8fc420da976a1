"""Arrays of numbers as values: what `ee.Array` is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixeltype import DOUBLE, PixelType, integer


@dataclass(frozen=True, eq=False)
class Array:
    """Numbers of one type in any number of dimensions; with none it is a single number."""

    values: NDArray[Any]
    kind: PixelType

    def to_json(self) -> Any:
        """Return lists within lists, as `getInfo` shows it."""
        return self.values.tolist()

    def of_type(self, kind: PixelType) -> Array:
        """Return the same numbers as another type."""
        return array_of(self.values, kind)


def array_of(values: NDArray[Any], kind: PixelType) -> Array:
    """Return the result of a formula as an array of the type that it has."""
    with np.errstate(all="ignore"):
        return Array(kind.convert(values), kind)


def from_numbers(values: Any, kind: PixelType | None = None) -> Array:
    """Return an array of a number, or of lists within lists of numbers.

    Raise EarthEngineError if ragged.

    Without a type whole numbers make integers of their range, as JSON doesn't tell 10 from 10.0.
    """
    shape, numbers = _shape_of(values), _leaves(values)
    if kind is None:
        if not numbers:
            raise EarthEngineError("An empty array needs a 'pixelType'.")
        whole = all(float(n).is_integer() and abs(n) < 2**63 for n in numbers)
        kind = integer(int(min(numbers)), int(max(numbers))) if whole else DOUBLE
    exact = kind.precision == "int" and all(isinstance(n, int) for n in numbers)
    flat = np.array(numbers, np.int64 if exact else np.float64)
    return array_of(flat.reshape(shape), kind)


def _shape_of(values: Any) -> tuple[int, ...]:
    """Return the lengths of the lists, all of one depth the same."""
    if not isinstance(values, list):
        return ()
    shapes = [_shape_of(item) for item in values]
    if len(set(shapes)) > 1:
        raise EarthEngineError(
            "All inner arrays at the same depth must have the same length, and numbers may only "
            "be present at the deepest level."
        )
    return (len(values), *(shapes[0] if shapes else ()))


def _leaves(values: Any) -> list[int | float]:
    if isinstance(values, list):
        return [number for item in values for number in _leaves(item)]
    if isinstance(values, Array) and not values.values.ndim:
        return [values.values.item()]
    if isinstance(values, bool) or not isinstance(values, (int, float)) or _huge(values):
        raise EarthEngineError(f"An array holds numbers only, not {str(values)[:50]!r}.")
    return [values]


def _huge(number: int | float) -> bool:
    return isinstance(number, int) and abs(number) >= 2**63

"""Arrays joined, cut, sorted and turned, as Earth Engine's published examples show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.numerics import arrays
from local_earthengine.values.array import Array, array_of


@algorithm("Array.cat")
def cat(parts: list[Array], axis: int) -> Array:
    """Return arrays in a row along an axis, which may be one behind their last."""
    if not parts:
        raise EarthEngineError("At least one array is needed.")
    kind = parts[0].kind
    for part in parts[1:]:
        kind = kind.union(part.kind)
    return array_of(arrays.cat([part.values[None] for part in parts], axis)[0], kind)


Change = Callable[..., NDArray[Any]]


def same_type(array: Array, change: Change, *given: Any) -> Array:
    """Apply a function of batches to a single array; the result has the same type of numbers."""
    return array_of(change(array.values[None], *given)[0], array.kind)


@algorithm("Array.slice")
def cut(array: Array, axis: int, start: int, end: int | None, step: int) -> Array:
    """Return the positions from `start` up to `end`, counted from the end where negative."""
    return same_type(array, arrays.cut, axis, start, end, step)


@algorithm("Array.sort")
def ordered(array: Array, keys: Array | None) -> Array:
    """Return ascending along one axis, by the array's own values or by keys."""
    return same_type(array, arrays.ordered, None if keys is None else keys.values[None])


@algorithm("Array.repeat")
def repeated(array: Array, axis: int, copies: int) -> Array:
    """Put so many copies in a row along an axis, which may be one behind the last."""
    return same_type(array, arrays.repeated, axis, copies)


@algorithm("Array.reshape")
def reshaped(array: Array, shape: Array) -> Array:
    """Return the same elements, row by row; one length may be -1."""
    return same_type(array, arrays.reshaped, *(int(length) for length in _vector(shape)))


def _vector(array: Array) -> list[Any]:
    if array.values.ndim != 1:
        raise EarthEngineError("The shape must be a vector of lengths.")
    return list(array.values.tolist())


@algorithm("Array.pad")
def padded(array: Array, lengths: list[int], pad: float) -> Array:
    """Return at least so long along each axis; `pad` behind the end, as the array's type."""
    return same_type(array, arrays.padded, lengths, pad)


@algorithm("Array.transpose", "Array.matrixTranspose")
def transposed(array: Array, one: int, other: int) -> Array:
    """Swap two axes."""
    return same_type(array, arrays.transposed, one, other)


@algorithm("Array.project")
def projected(array: Array, axes: list[int]) -> Array:
    """Keep only these axes; all others must be of length 1."""
    return same_type(array, arrays.projected, axes)


@algorithm("Array.cut")
def sliced(array: Array, position: list[int]) -> Array:
    """Cut out one position along each axis, or all of it for -1."""
    if len(position) != array.values.ndim:
        raise EarthEngineError(f"There must be {array.values.ndim} positions.")
    for axis, (place, length) in enumerate(zip(position, array.values.shape, strict=True)):
        if not -1 <= place < length:
            raise EarthEngineError(f"Position {place} is out of range along axis {axis}.")
        array = array if place == -1 else cut(array, axis, place, place + 1, 1)
    return array


@algorithm("Array.mask")
def masked(array: Array, mask: Array) -> Array:
    """Keep the positions along an axis at which the mask is not 0."""
    moved, number, axis = arrays.compressed(array.values[None], mask.values[None])
    return array_of(arrays.cut(moved, axis, 0, int(number[0]), 1)[0], array.kind)

"""The Array family: made of lists, joined, cut, sorted, turned and read.

Semantics follow Earth Engine's published examples of `ee.Array`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.dictionaries import get as dictionary_value
from local_earthengine.algorithms.lists import get as list_element
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import DOUBLE, NAMED, PixelType, integer
from local_earthengine.pixels.numerics import arrays
from local_earthengine.values.array import Array, array_of, from_numbers
from local_earthengine.values.element import Element


@algorithm("Array")
def make(values: Any, kind: PixelType | None) -> Array:
    """An array of lists within lists of numbers; of an array, the same, cast if asked."""
    if isinstance(values, Array):
        return values if kind is None else values.of_type(kind)
    if isinstance(values, list) and values and all(isinstance(v, Array) for v in values):
        whole = cat([_lifted(value) for value in values], 0)
        return whole if kind is None else whole.of_type(kind)
    return from_numbers(values, kind)


def _lifted(array: Array) -> Array:
    """With one more axis of length 1 before the others."""
    return Array(array.values[None], array.kind)


@algorithm("Array.identity")
def identity(size: int) -> Array:
    """A square matrix with 1 on its diagonal."""
    if size < 0:
        raise EarthEngineError(f"'size' must not be negative: {size}.")
    arrays.check_size(size * size)
    return Array(np.eye(size, dtype=np.uint8), integer(0, 1))


@algorithm("Array.cat")
def cat(parts: list[Array], axis: int) -> Array:
    """Arrays in a row along an axis, which may be one behind their last."""
    if not parts:
        raise EarthEngineError("At least one array is needed.")
    kind = parts[0].kind
    for part in parts[1:]:
        kind = kind.union(part.kind)
    return array_of(arrays.cat([part.values[None] for part in parts], axis)[0], kind)


Change = Callable[..., NDArray[Any]]


def same_type(array: Array, change: Change, *given: Any) -> Array:
    """A function of batches on a single array, of the same type of numbers."""
    return array_of(change(array.values[None], *given)[0], array.kind)


@algorithm("Array.slice")
def cut(array: Array, axis: int, start: int, end: int | None, step: int) -> Array:
    """The positions from `start` up to `end`, counted from the end where negative."""
    return same_type(array, arrays.cut, axis, start, end, step)


@algorithm("Array.sort")
def ordered(array: Array, keys: Array | None) -> Array:
    """Ascending along one axis, by the array's own values or by keys."""
    return same_type(array, arrays.ordered, None if keys is None else keys.values[None])


@algorithm("Array.repeat")
def repeated(array: Array, axis: int, copies: int) -> Array:
    """So many copies in a row along an axis, which may be one behind the last."""
    return same_type(array, arrays.repeated, axis, copies)


@algorithm("Array.reshape")
def reshaped(array: Array, shape: Array) -> Array:
    """The same elements, row by row; one length may be -1."""
    return same_type(array, arrays.reshaped, *(int(length) for length in _vector(shape)))


def _vector(array: Array) -> list[Any]:
    if array.values.ndim != 1:
        raise EarthEngineError("The shape must be a vector of lengths.")
    return list(array.values.tolist())


@algorithm("Array.pad")
def padded(array: Array, lengths: list[int], pad: float) -> Array:
    """At least so long along each axis; `pad` behind the end, as the array's type."""
    return same_type(array, arrays.padded, lengths, pad)


@algorithm("Array.transpose", "Array.matrixTranspose")
def transposed(array: Array, one: int, other: int) -> Array:
    """Two axes swapped."""
    return same_type(array, arrays.transposed, one, other)


@algorithm("Array.project")
def projected(array: Array, axes: list[int]) -> Array:
    """Only these axes; all others must be of length 1."""
    return same_type(array, arrays.projected, axes)


@algorithm("Array.cut")
def sliced(array: Array, position: list[int]) -> Array:
    """One position along each axis, or all of it for -1."""
    if len(position) != array.values.ndim:
        raise EarthEngineError(f"There must be {array.values.ndim} positions.")
    for axis, (place, length) in enumerate(zip(position, array.values.shape, strict=True)):
        if not -1 <= place < length:
            raise EarthEngineError(f"Position {place} is out of range along axis {axis}.")
        array = array if place == -1 else cut(array, axis, place, place + 1, 1)
    return array


@algorithm("Array.mask")
def masked(array: Array, mask: Array) -> Array:
    """The positions along an axis at which the mask is not 0."""
    moved, number, axis = arrays.compressed(array.values[None], mask.values[None])
    return array_of(arrays.cut(moved, axis, 0, int(number[0]), 1)[0], array.kind)


@algorithm("Array.get")
def get(array: Array, position: list[int]) -> int | float:
    """The number at a position."""
    found: int | float = arrays.element(array.values[None], *position)[0].item()
    return found


@algorithm("Array.length")
def lengths(array: Array) -> Array:
    """The length of each axis, as a vector."""
    return Array(np.array(array.values.shape, np.int32), NAMED["int"])


@algorithm("Array.toList")
def to_list(array: Array) -> list[Any]:
    """Lists within lists of numbers; of no dimensions, a list of the number."""
    return list(np.atleast_1d(array.values).tolist())


@algorithm("Array.argmax")
def argmax(array: Array) -> list[int] | None:
    """The position of the first greatest number; null of an empty array."""
    places, some = arrays.largest_at(array.values[None])
    return [int(place) for place in places[0]] if some[0] else None


@algorithm("Array.dotProduct")
def dot(one: Array, other: Array) -> int | float:
    """The sum of products of two vectors."""
    wide = [part.of_type(_wide(part.kind)).values[None] for part in (one, other)]
    found: int | float = arrays.inner(*wide)[0].item()
    return found


def _wide(kind: PixelType) -> PixelType:
    return NAMED["long"] if kind.precision == "int" else DOUBLE


@algorithm("Array.bitsToArray")
def bits(number: int | float) -> Array:
    """The bits of an integer, the lowest first, up to the highest that is on."""
    if not abs(number) < 2**63:
        raise EarthEngineError(f"Expected an integer of 64 bits, not {number}.")
    whole = int(number)
    length = max(1, whole.bit_length()) if whole >= 0 else 64
    found = arrays.bits(np.array([whole], np.int64), length)[0]
    return array_of(found.astype(np.int64), integer(0, 1))


@algorithm("Dictionary.toArray")
def of_dictionary(items: dict[str, Any], keys: list[str] | None, axis: int) -> Array:
    """The values of keys in a row; without keys all of them, by name."""
    names = sorted(items) if keys is None else keys
    missing = [name for name in names if name not in items]
    if missing:
        raise EarthEngineError(f"Dictionary does not contain key: '{missing[0]}'.")
    parts = [make(items[name], None) for name in names]
    return (
        cat(parts, axis)
        if any(p.values.ndim for p in parts)
        else cat([_lifted(part) for part in parts], axis)
    )


add("Feature.toArray", lambda feature, names: of_dictionary(feature.properties, names, 0))


@algorithm("Element.getArray")
def of_property(element: Element, name: str) -> Array | None:
    """A property that must be an array, or a list that makes one; null if there is none."""
    found = element.get(name)
    return None if found is None else _array(found)


@algorithm("List.getArray")
def of_list(items: list[Any], index: int) -> Array:
    """The element at a place, counted from the end if negative."""
    return _array(list_element(items, index))


@algorithm("Dictionary.getArray")
def of_key(items: dict[str, Any], key: str) -> Array:
    """The value of a key; EarthEngineError if there is none."""
    return _array(dictionary_value(items, key, None))


def _array(value: Any) -> Array:
    found: Array = coerce(value, "Array")
    return found

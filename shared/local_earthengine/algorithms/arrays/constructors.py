"""Arrays of lists, numbers, properties and bits."""

from __future__ import annotations

from typing import Any

import numpy as np

from local_earthengine.algorithms.arrays.shapes import cat
from local_earthengine.algorithms.values.dictionaries import get as dictionary_value
from local_earthengine.algorithms.values.list_elements import get as list_element
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import PixelType, integer
from local_earthengine.pixels.numerics import arrays
from local_earthengine.values.array import Array, array_of, from_numbers
from local_earthengine.values.element import Element


@algorithm("Array")
def make(values: Any, kind: PixelType | None) -> Array:
    """Return an array of lists within lists of numbers; of an array, the same, cast if asked."""
    if isinstance(values, Array):
        return values if kind is None else values.of_type(kind)
    if isinstance(values, list) and values and all(isinstance(v, Array) for v in values):
        whole = cat([_lifted(value) for value in values], 0)
        return whole if kind is None else whole.of_type(kind)
    return from_numbers(values, kind)


def _lifted(array: Array) -> Array:
    """Return the array with one more axis of length 1 before the others."""
    return Array(array.values[None], array.kind)


@algorithm("Array.identity")
def identity(size: int) -> Array:
    """Return a square matrix with 1 on its diagonal."""
    if size < 0:
        raise EarthEngineError(f"'size' must not be negative: {size}.")
    arrays.check_size(size * size)
    return Array(np.eye(size, dtype=np.uint8), integer(0, 1))


@algorithm("Array.bitsToArray")
def bits(number: int | float) -> Array:
    """Return the bits of an integer, the lowest first, up to the highest that is on."""
    if not abs(number) < 2**63:
        raise EarthEngineError(f"Expected an integer of 64 bits, not {number}.")
    whole = int(number)
    length = max(1, whole.bit_length()) if whole >= 0 else 64
    found = arrays.bits(np.array([whole], np.int64), length)[0]
    return array_of(found.astype(np.int64), integer(0, 1))


@algorithm("Dictionary.toArray")
def of_dictionary(items: dict[str, Any], keys: list[str] | None, axis: int) -> Array:
    """Return the values of keys in a row; without keys all of them, by name."""
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
    """Return a property that must be an array, or a list that makes one; null if there is none."""
    found = element.get(name)
    return None if found is None else _array(found)


@algorithm("List.getArray")
def of_list(items: list[Any], index: int) -> Array:
    """Return the element at a place, counted from the end if negative."""
    return _array(list_element(items, index))


@algorithm("Dictionary.getArray")
def of_key(items: dict[str, Any], key: str) -> Array:
    """Return the value of a key; raise EarthEngineError if there is none."""
    return _array(dictionary_value(items, key, None))


def _array(value: Any) -> Array:
    found: Array = coerce(value, "Array")
    return found

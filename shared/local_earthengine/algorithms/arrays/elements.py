"""Arrays asked for their elements: got, counted, listed, multiplied."""

from __future__ import annotations

from typing import Any

import numpy as np

from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE, NAMED, PixelType
from local_earthengine.pixels.numerics import arrays
from local_earthengine.values.array import Array


@algorithm("Array.get")
def get(array: Array, position: list[int]) -> int | float:
    """Return the number at a position; a negative place counts from the end of its axis."""
    found: int | float = arrays.element(array.values[None], *position)[0].item()
    return found


@algorithm("Array.length")
def lengths(array: Array) -> Array:
    """Return the length of each axis, as a vector."""
    return Array(np.array(array.values.shape, np.int32), NAMED["int"])


@algorithm("Array.toList")
def to_list(array: Array) -> list[Any]:
    """Return lists within lists of numbers; of no dimensions, a list of the number."""
    return list(np.atleast_1d(array.values).tolist())


@algorithm("Array.argmax")
def argmax(array: Array) -> list[int] | None:
    """Return the position of the first greatest number; null of an empty array."""
    places, some = arrays.largest_at(array.values[None])
    return [int(place) for place in places[0]] if some[0] else None


@algorithm("Array.dotProduct")
def dot(one: Array, other: Array) -> int | float:
    """Return the sum of products of two vectors."""
    wide = [part.of_type(_wide(part.kind)).values[None] for part in (one, other)]
    found: int | float = arrays.inner(*wide)[0].item()
    return found


def _wide(kind: PixelType) -> PixelType:
    return NAMED["long"] if kind.precision == "int" else DOUBLE

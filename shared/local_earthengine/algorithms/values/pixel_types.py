"""Pixel types: made by name, and asked for what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import NAMED, PixelType, named


@algorithm("PixelType.precision")
def precision(kind: PixelType) -> str:
    """Return `int`, `float` or `double`."""
    return kind.precision


@algorithm("PixelType.dimensions")
def dimensions(kind: PixelType) -> int:
    """Return how many axes its array pixels have; 0 of scalars."""
    return kind.dimensions


@algorithm("PixelType.minValue")
def least(kind: PixelType) -> float | None:
    """Return the least value of an integer type; null without a bound."""
    return kind.low


@algorithm("PixelType.maxValue")
def greatest(kind: PixelType) -> float | None:
    """Return the greatest value of an integer type; null without a bound."""
    return kind.high


@algorithm("PixelType")
def pixel_type(precision: Any, low: float | None, high: float | None, dimensions: int) -> PixelType:
    """Return a type by the name of its precision; `dimensions` is that of array pixels."""
    if dimensions < 0:
        raise EarthEngineError(f"'dimensions' must not be negative: {dimensions}.")
    if isinstance(precision, PixelType):
        return precision
    found = named(str(precision))
    if precision == "int" and low is not None and high is not None:
        found = PixelType("int", low, high)
    return replace(found, dimensions=dimensions)


def _type(kind: PixelType) -> Callable[[], PixelType]:
    return lambda: kind


for _name in ("float", "double", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"):
    add(f"PixelType.{_name}", _type(NAMED[_name]))

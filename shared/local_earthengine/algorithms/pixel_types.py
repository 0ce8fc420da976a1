"""Pixel types asked for what they are."""

from __future__ import annotations

from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import PixelType


@algorithm("PixelType.precision")
def precision(kind: PixelType) -> str:
    """`int`, `float` or `double`."""
    return kind.precision


@algorithm("PixelType.dimensions")
def dimensions(kind: PixelType) -> int:
    """How many axes its array pixels have; 0 of scalars."""
    return kind.dimensions


@algorithm("PixelType.minValue")
def least(kind: PixelType) -> float | None:
    """The least value of an integer type; null without a bound."""
    return kind.low


@algorithm("PixelType.maxValue")
def greatest(kind: PixelType) -> float | None:
    """The greatest value of an integer type; null without a bound."""
    return kind.high

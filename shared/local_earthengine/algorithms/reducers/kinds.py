"""The types that statistics have, by the type of what they are of."""

from __future__ import annotations

from local_earthengine.geo.pixeltype import BOOLEAN, DOUBLE, NAMED, PixelType


def floating(kind: PixelType) -> PixelType:
    """Return float for float, else double: the type of a mean."""
    return kind.floating


def same(kind: PixelType) -> PixelType:
    """Return the type itself: a least value is one of them."""
    return kind


def whole(_: PixelType) -> PixelType:
    """Return int: the type of a count."""
    return NAMED["int"]


def double(_: PixelType) -> PixelType:
    """Return double."""
    return DOUBLE


def boolean(_: PixelType) -> PixelType:
    """Return the integers 0 and 1."""
    return BOOLEAN

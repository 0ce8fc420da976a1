"""A pixel's value: a number with the error it may have, masked, or not to be known."""

from __future__ import annotations

import itertools
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple


class Number(NamedTuple):
    """A value, and how far another order of the same arithmetic may lie from it."""

    value: float
    error: float = 0.0


class Unsure:
    """Whether it is masked, or which whole number it is, hangs on a rounding."""


UNSURE: Final = Unsure()
Pixel = Number | Unsure | None


@dataclass(frozen=True)
class Kind:
    """A pixel type: its precision ("int", "float", "double") and, for integers, its range."""

    precision: str
    low: int = -(2**63)
    high: int = 2**63 - 1

    def union(self, other: Kind) -> Kind:
        """What holds the values of both."""
        if self.precision == other.precision == "int":
            return Kind("int", min(self.low, other.low), max(self.high, other.high))
        return FLOAT if "double" not in (self.precision, other.precision) else DOUBLE

    @property
    def floating(self) -> Kind:
        """What a mean of such values is."""
        return FLOAT if self.precision == "float" else DOUBLE


FLOAT: Final = Kind("float")
DOUBLE: Final = Kind("double")
BOOLEAN: Final = Kind("int", 0, 1)
LONG: Final = Kind("int")
KINDS: Final = {
    "float": FLOAT, "double": DOUBLE, "int64": LONG, "long": LONG,
    "uint8": Kind("int", 0, 255), "byte": Kind("int", 0, 255), "int8": Kind("int", -128, 127),
    "uint16": Kind("int", 0, 65_535), "int16": Kind("int", -32_768, 32_767),
    "short": Kind("int", -32_768, 32_767), "uint32": Kind("int", 0, 2**32 - 1),
    "int32": Kind("int", -(2**31), 2**31 - 1), "int": Kind("int", -(2**31), 2**31 - 1),
}  # fmt: skip
_TYPES: Final = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "int64")


def stored(value: float, error: float, kind: Kind) -> Pixel:
    """A computed value as a pixel of a kind: rounded, cut and clamped; masked if not finite."""
    if not math.isfinite(error):
        return UNSURE
    if not math.isfinite(value):
        return None
    if kind.precision == "int":
        return _whole(value, error, kind)
    if kind.precision == "double":
        return Number(value, error)
    try:
        single = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return None
    if single != value:
        error += abs(value) * 1.3e-7 + 1e-45
    return Number(single, error)


def _whole(value: float, error: float, kind: Kind) -> Pixel:
    if abs(value) + error >= 2**62:
        return UNSURE
    cuts = {math.trunc(value + side) for side in (-error, 0, error)}
    if len(cuts) > 1:
        return UNSURE
    # Values are kept in the smallest type that holds the kind's range, and clamp to that.
    held = next(KINDS[n] for n in _TYPES if KINDS[n].low <= kind.low and kind.high <= KINDS[n].high)
    return Number(min(max(cuts.pop(), held.low), held.high))


def none_of(pixels: Any) -> tuple[bool, Pixel]:
    """(True, what comes out) if one of the pixels is masked, or not to be known."""
    if any(pixel is None for pixel in pixels):
        return True, None
    return any(isinstance(pixel, Unsure) for pixel in pixels), UNSURE


Formula = Callable[..., float]


def computed(
    formula: Formula, branch: Callable[..., Any] | None, kind: Kind, *pixels: Pixel
) -> Pixel:
    """A formula of pixels; where `branch` changes within their errors it can't be known."""
    out, what = none_of(pixels)
    if out:
        return what
    known = [pixel for pixel in pixels if isinstance(pixel, Number)]
    value = formula(*(number.value for number in known))
    if not any(number.error for number in known):
        return stored(value, _last_digits(value, known), kind)
    special = [0.0, *(number.value for number in known)]
    sides = [_possible(number, special) for number in known]
    corners = list(itertools.product(*sides))
    if branch is not None and len({branch(*corner) for corner in corners}) > 1:
        return UNSURE
    around = [formula(*corner) for corner in corners]
    if not all(math.isfinite(one) for one in around):
        return UNSURE if math.isfinite(value) else None
    error = max(abs(one - value) for one in around) + _last_digits(value, known)
    return stored(value, error, kind)


def _possible(number: Number, special: list[float]) -> set[float]:
    """Its ends and its middle, and, of the values that matter to tests, those between."""
    low, high = number.value - number.error, number.value + number.error
    return {low, number.value, high, *(value for value in special if low <= value <= high)}


def _last_digits(value: float, numbers: list[Number]) -> float:
    """What another library's last digit may differ by; whole numbers have none to lose."""
    if not math.isfinite(value) or float(value).is_integer():
        return 0.0
    return abs(value) * 4e-16 if numbers else 0.0


def truth(pixel: Number, test: Callable[[float], bool]) -> bool | None:
    """Whether a test of the value holds; None where that hangs on its error."""
    found = {test(value) for value in _possible(pixel, [0.0])}
    return found.pop() if len(found) == 1 else None

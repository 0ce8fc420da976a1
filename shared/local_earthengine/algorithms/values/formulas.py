"""The formulas that images and numbers share: one table, name to numpy and to result type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from local_earthengine.geo.pixeltype import BOOLEAN, DOUBLE, FLOAT, NAMED, PixelType, integer

Array = NDArray[Any]
Unary = tuple[Callable[[Array], Array], Callable[[PixelType], PixelType]]
Binary = tuple[Callable[[Array, Array], Array], Callable[[PixelType, PixelType], PixelType]]


def _same(kind: PixelType) -> PixelType:
    return kind


def _boolean(*_: PixelType) -> PixelType:
    return BOOLEAN


def _floating(kind: PixelType) -> PixelType:
    return kind.floating


def _union(one: PixelType, other: PixelType) -> PixelType:
    return one.union(other)


def _quotient(one: PixelType, other: PixelType) -> PixelType:
    """Return float for whole numbers; a double on either side makes a double."""
    return DOUBLE if DOUBLE in (one, other) else FLOAT


def _spanned(
    corner: Callable[[float, float], float],
) -> Callable[[PixelType, PixelType], PixelType]:
    """Return, for integers, the range between the results at the ends of their ranges."""

    def kind(one: PixelType, other: PixelType) -> PixelType:
        """Return the type that holds all results."""
        ends = [(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
        if one.precision != "int" or other.precision != "int":
            return one.union(other)
        found = [corner(a or 0, b or 0) for a, b in ends]
        return integer(min(found), max(found))

    return kind


def _magnitude(kind: PixelType) -> PixelType:
    """Return, for integers, a range up to the greater end of theirs: 128 for -128."""
    if kind.precision != "int":
        return kind
    low, high = kind.low or 0, kind.high or 0
    return integer(max(low, -high, 0), max(-low, high))


def _inverted(kind: PixelType) -> PixelType:
    """Return, for integers, the range turned round: one that a signed type holds."""
    if kind.low is None or kind.high is None:
        return NAMED["long"]
    return integer(-kind.high - 1, -kind.low - 1)


def _in_64_bits(a: Array) -> Array:
    return a if a.dtype.kind == "f" else a.astype(np.int64)


def clipped(a: Array, low: float, high: float) -> Array:
    """Return values within the range.

    Integers stay within the whole numbers that its ends truncate to.
    """
    if a.dtype.kind == "f":
        return a.clip(low, high)
    limits = np.iinfo(np.int64)
    least, most = (int(min(max(end, limits.min), limits.max)) for end in (low, high))
    return _in_64_bits(a).clip(least, most)


def _wide(operation: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    """Return a formula on integers in 64 bits, so that small types don't overflow on the way."""

    def formula(a: Array, b: Array) -> Array:
        """Return the operation, of integers in 64 bits."""
        if a.dtype.kind != "f" and b.dtype.kind != "f":
            return operation(a.astype(np.int64), b.astype(np.int64))
        return operation(a, b)

    return formula


def _divide(a: Array, b: Array) -> Array:
    """Return the quotient, and 0 for a division by 0."""
    kind = np.result_type(a, b, np.float32)
    zero = b == 0
    return np.where(zero, 0, np.divide(a, np.where(zero, 1, b), dtype=kind)).astype(kind)


def _remainder(a: Array, b: Array) -> Array:
    """Return the remainder with the sign of the dividend, and 0 for a division by 0."""
    return np.where(b == 0, 0, np.fmod(a, np.where(b == 0, 1, b)))


def double(function: Callable[..., Array]) -> Callable[..., Array]:
    """Return a formula in double precision for integers, else in the input's."""

    def formula(*arrays: Array) -> Array:
        """Return the function of floating point numbers."""
        return function(*(a if a.dtype.kind == "f" else a.astype(np.float64) for a in arrays))

    return formula


def _bits(function: Callable[..., Array]) -> Callable[..., Array]:
    def formula(*arrays: Array) -> Array:
        """Return the function of integers in 64 bits."""
        return function(*(np.asarray(a).astype(np.int64) for a in arrays))

    return formula


def _ones(a: Array) -> Array:
    """Return how many bits are set, those of the two's complement: numpy counts a magnitude's."""
    return np.bitwise_count(a.view(np.uint64))


def _digamma(a: Array) -> Array:
    """Return the digamma function; where it has a pole -Infinity, as the official samples print."""
    poles = (a <= 0) & (a == np.floor(a))
    return np.where(poles, -np.inf, special.digamma(a))


def _trigamma(a: Array) -> Array:
    """Return the trigamma function, Infinity at its poles; below 0 as the reflection tells it."""
    poles = (a <= 0) & (a == np.floor(a))
    mirrored = np.pi**2 / np.sin(np.pi * np.where(poles, 0.5, a)) ** 2 - special.zeta(2, 1 - a)
    return np.where(poles, np.inf, np.where(a < 0, mirrored, special.zeta(2, np.abs(a))))


def _gammainc(x: Array, a: Array) -> Array:
    """Return the regularized lower incomplete gamma function of x, NaN for x < 0 or a <= 0.

    The point comes first and the shape second: scipy takes them the other way round.
    """
    return np.where((x < 0) | (a <= 0), np.nan, special.gammainc(np.maximum(a, 0), x))


def _power(one: PixelType, other: PixelType) -> PixelType:
    return DOUBLE if DOUBLE in (one, other) else FLOAT


BINARY: Final[Mapping[str, Binary]] = {
    "add": (_wide(np.add), _spanned(lambda a, b: a + b)),
    "subtract": (_wide(np.subtract), _spanned(lambda a, b: a - b)),
    "multiply": (_wide(np.multiply), _spanned(lambda a, b: a * b)),
    "divide": (_divide, _quotient),
    "mod": (_remainder, _union),
    "max": (np.maximum, _union),
    "min": (np.minimum, _union),
    "first": (lambda a, b: a + np.zeros_like(b, dtype=a.dtype), _union),
    "firstNonZero": (lambda a, b: np.where(a != 0, a, b), _union),
    "pow": (double(np.power), _power),
    "atan2": (double(lambda a, b: np.arctan2(b, a)), _power),
    "hypot": (double(np.hypot), _power),
    "gammainc": (double(_gammainc), _power),
    "and": (lambda a, b: (a != 0) & (b != 0), _boolean),
    "or": (lambda a, b: (a != 0) | (b != 0), _boolean),
    "lt": (np.less, _boolean),
    "lte": (np.less_equal, _boolean),
    "gt": (np.greater, _boolean),
    "gte": (np.greater_equal, _boolean),
    "eq": (np.equal, _boolean),
    "neq": (np.not_equal, _boolean),
    "bitwiseAnd": (_bits(np.bitwise_and), _union),
    "bitwiseOr": (_bits(np.bitwise_or), _union),
    "bitwiseXor": (_bits(np.bitwise_xor), _union),
    "leftShift": (_bits(np.left_shift), lambda *_: NAMED["long"]),
    "rightShift": (_bits(np.right_shift), _union),
}
UNARY: Final[Mapping[str, Unary]] = {
    "abs": (lambda a: np.abs(_in_64_bits(a)), _magnitude),
    "signum": (np.sign, _same),
    "floor": (np.floor, lambda kind: kind if kind.precision == "int" else NAMED["long"]),
    "ceil": (np.ceil, lambda kind: kind if kind.precision == "int" else NAMED["long"]),
    "round": (
        lambda a: a if a.dtype.kind != "f" else np.floor(a + 0.5),
        lambda kind: kind if kind.precision == "int" else NAMED["long"],
    ),
    "not": (lambda a: a == 0, _boolean),
    "bitwiseNot": (_bits(np.invert), _inverted),
    "bitCount": (_bits(_ones), lambda _: NAMED["uint8"]),
    "digamma": (double(_digamma), _floating),
    "trigamma": (double(_trigamma), _floating),
    **{
        name: (double(function), _floating)
        for name, function in {
            "sin": np.sin,
            "cos": np.cos,
            "tan": np.tan,
            "asin": np.arcsin,
            "acos": np.arccos,
            "atan": np.arctan,
            "sinh": np.sinh,
            "cosh": np.cosh,
            "tanh": np.tanh,
            "sqrt": np.sqrt,
            "cbrt": np.cbrt,
            "exp": np.exp,
            "log": np.log,
            "log10": np.log10,
            "gamma": special.gamma,
            "erf": special.erf,
            "erfc": special.erfc,
            "erfInv": special.erfinv,
            "erfcInv": special.erfcinv,
        }.items()
    },
}
# The same algorithms under the names that older code uses.
ALIASES: Final[Mapping[str, str]] = {
    "first_nonzero": "firstNonZero",
    "bitwise_and": "bitwiseAnd",
    "bitwise_or": "bitwiseOr",
    "bitwise_xor": "bitwiseXor",
    "bitwise_not": "bitwiseNot",
    "left_shift": "leftShift",
    "right_shift": "rightShift",
}


def casts() -> Mapping[str, PixelType]:
    """Return every name of a cast, such as "float" and "toFloat", and its type."""
    return {
        form: kind
        for name, kind in NAMED.items()
        for form in (name, f"to{name[0].upper()}{name[1:]}")
    }

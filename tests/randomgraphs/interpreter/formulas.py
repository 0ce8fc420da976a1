"""The formulas of one pixel: what they give, of which kind, and where they jump."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from tests.randomgraphs.interpreter.numbers import BOOLEAN, DOUBLE, FLOAT, LONG, Kind

Kinds = Callable[..., Kind]


def _guarded(function: Callable[..., float]) -> Callable[..., float]:
    """What is not defined is not a number; what is too large is infinite."""

    def apply(*values: float) -> float:
        try:
            found = function(*values)
        except (ValueError, ZeroDivisionError):
            return math.nan
        except OverflowError:
            return math.inf
        return math.nan if isinstance(found, complex) else found

    return apply


def _power(base: float, exponent: float) -> float:
    if base == 0 and exponent < 0:
        return math.inf
    found: Any = float(base) ** float(exponent)
    return math.nan if isinstance(found, complex) else float(found)


def _remainder(a: float, b: float) -> float:
    """With the sign of the dividend."""
    if b == 0:
        return 0
    whole = isinstance(a, int) and isinstance(b, int)
    return int(math.copysign(abs(a) % abs(b), a)) if whole else math.fmod(a, b)


def ratio(a: float, b: float) -> float:
    return 0.0 if b == 0 else a / b


def _bits(operation: Callable[[int, int], int]) -> Callable[[float, float], float]:
    return lambda a, b: operation(math.trunc(a), math.trunc(b))


def _union(a: Kind, b: Kind) -> Kind:
    return a.union(b)


def _spanned(operation: Callable[[int, int], int]) -> Kinds:
    """Of whole numbers, all that the operation can give for their ranges."""

    def kind(a: Kind, b: Kind) -> Kind:
        if not a.precision == b.precision == "int":
            return a.union(b)
        ends = [operation(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(ends), max(ends)
        return Kind("int", low, high) if LONG.low <= low and high <= LONG.high else LONG

    return kind


def _float(*kinds: Kind) -> Kind:
    return DOUBLE if DOUBLE in kinds else FLOAT


def _boolean(*_: Kind) -> Kind:
    return BOOLEAN


Binary = tuple[Callable[..., float], Callable[..., Any] | None, Kinds]


def _comparison(test: Callable[[float, float], bool]) -> Binary:
    return lambda a, b: int(test(a, b)), test, _boolean


BINARY: Final[dict[str, Binary]] = {
    "add": (lambda a, b: a + b, None, _spanned(lambda a, b: a + b)),
    "subtract": (lambda a, b: a - b, None, _spanned(lambda a, b: a - b)),
    "multiply": (lambda a, b: a * b, None, _spanned(lambda a, b: a * b)),
    "divide": (ratio, lambda _, b: (b > 0) - (b < 0), _float),
    "mod": (_remainder, lambda a, b: b and math.trunc(a / b), _union),
    "max": (max, None, _union),
    "min": (min, None, _union),
    "first": (lambda a, _: a, None, _union),
    "firstNonZero": (lambda a, b: a if a != 0 else b, lambda a, _: a != 0, _union),
    "pow": (_guarded(_power), lambda a, b: (a > 0, a < 0, b < 0), _float),
    "atan2": (lambda x, y: math.atan2(y, x), lambda x, y: (x < 0, y < 0, y == 0), _float),
    "hypot": (math.hypot, None, _float),
    "and": _comparison(lambda a, b: a != 0 and b != 0),
    "or": _comparison(lambda a, b: a != 0 or b != 0),
    "lt": _comparison(lambda a, b: a < b),
    "lte": _comparison(lambda a, b: a <= b),
    "gt": _comparison(lambda a, b: a > b),
    "gte": _comparison(lambda a, b: a >= b),
    "eq": _comparison(lambda a, b: a == b),
    "neq": _comparison(lambda a, b: a != b),
    "bitwiseAnd": (_bits(lambda a, b: a & b), lambda *v: tuple(map(math.trunc, v)), _union),
    "bitwiseOr": (_bits(lambda a, b: a | b), lambda *v: tuple(map(math.trunc, v)), _union),
    "bitwiseXor": (_bits(lambda a, b: a ^ b), lambda *v: tuple(map(math.trunc, v)), _union),
}


def _whole(function: Callable[[float], int]) -> tuple[Any, Any, Kinds]:
    return function, function, lambda kind: kind if kind.precision == "int" else LONG


def _smooth(function: Callable[[float], float], branch: Any = None) -> tuple[Any, Any, Kinds]:
    return _guarded(function), branch, lambda kind: kind.floating


def _magnitude(kind: Kind) -> Kind:
    """Of whole numbers, as many as their absolute values need."""
    if kind.precision != "int":
        return kind
    return Kind("int", max(kind.low, -kind.high, 0), min(max(-kind.low, kind.high), LONG.high))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


UNARY: Final[dict[str, tuple[Callable[..., float], Any, Kinds]]] = {
    "abs": (abs, None, _magnitude),
    "signum": (_sign, _sign, lambda kind: kind),
    "not": (lambda a: int(a == 0), lambda a: a == 0, _boolean),
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
    "round": _whole(lambda a: math.floor(a + 0.5)),
    "sqrt": _smooth(math.sqrt, lambda a: a < 0),
    "cbrt": _smooth(lambda a: math.copysign(abs(a) ** (1 / 3), a), _sign),
    "exp": _smooth(math.exp),
    "log": _smooth(math.log, _sign),
    "log10": _smooth(math.log10, _sign),
    "sin": _smooth(math.sin),
    "cos": _smooth(math.cos),
    "atan": _smooth(math.atan),
    "tanh": _smooth(math.tanh),
}

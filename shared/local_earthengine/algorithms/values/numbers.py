"""Numbers: the formulas of images on single values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from local_earthengine.algorithms.values import formulas
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import PixelType

Number = int | float


def _array(value: Number) -> np.ndarray[tuple[int], np.dtype[np.number]]:
    if isinstance(value, int) and abs(value) < 2**63:
        return np.array([value], np.int64)
    return np.array([value], np.float64)


def _scalar(array: np.ndarray[tuple[int], np.dtype[np.generic]]) -> Number:
    value = array.item()
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, int) else float(value)


def _unary(name: str) -> Callable[[Number], Number]:
    formula, _ = formulas.UNARY[name]

    def apply(number: Number) -> Number:
        """Return the formula of a number."""
        with np.errstate(all="ignore"):
            return _scalar(formula(_array(number)))

    return apply


def _binary(name: str) -> Callable[[Number, Number], Number]:
    formula, _ = formulas.BINARY[name]

    def apply(left: Number, right: Number) -> Number:
        """Return the formula of two numbers."""
        with np.errstate(all="ignore"):
            return _scalar(formula(_array(left), _array(right)))

    return apply


def _quotient(left: Number, right: Number) -> float:
    """Divide in double precision; return 0 for a division by 0."""
    return left / right if right else 0.0


for _name in formulas.UNARY:
    add(f"Number.{_name}", _unary(_name))
for _name in formulas.BINARY:
    add(f"Number.{_name}", _quotient if _name == "divide" else _binary(_name))
for _old, _name in formulas.ALIASES.items():
    add(f"Number.{_old}", _binary(_name) if _name in formulas.BINARY else _unary(_name))


def _cast(kind: PixelType) -> Callable[[Number], Number]:
    def apply(number: Number) -> Number:
        """Return the number as the type has it."""
        with np.errstate(all="ignore"):
            return _scalar(kind.convert(_array(number)))

    return apply


for _name, _kind in formulas.casts().items():
    add(f"Number.{_name}", _cast(_kind))


@algorithm("Number.clamp")
def clamp(number: Number, low: float, high: float) -> Number:
    """Return no less than `low`, no more than `high`."""
    return min(max(number, low), high)


@algorithm("Number.unitScale")
def unit_scale(number: Number, low: float, high: float) -> float:
    """Scale so that `low` becomes 0 and `high` 1; 0 where both are the same."""
    return 0.0 if low == high else (number - low) / (high - low)

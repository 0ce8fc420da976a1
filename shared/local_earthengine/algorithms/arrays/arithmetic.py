"""Elementwise arithmetic of arrays: the formulas of images, number by number.

A single number goes with every element; else both arrays have the same shape. What is not a
finite number stays what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from local_earthengine.algorithms.values import formulas
from local_earthengine.expression.registry import add
from local_earthengine.expression.signatures import signatures
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.arrays import broadcasting
from local_earthengine.values.array import Array


def _binary(name: str) -> Callable[[Array, Array], Array]:
    formula, kind = formulas.BINARY[name]
    function = broadcasting(formula)

    def apply(left: Array, right: Array) -> Array:
        """Return the formula of two arrays, in the type that the formula gives."""
        with np.errstate(all="ignore"):
            found = function(left.values[None], right.values[None])
        result = kind(left.kind, right.kind)
        return Array(result.convert(found[0]), result)

    return apply


def _unary(name: str) -> Callable[[Array], Array]:
    formula, kind = formulas.UNARY[name]

    def apply(array: Array) -> Array:
        """Return the formula of an array, in the type that the formula gives."""
        with np.errstate(all="ignore"):
            found = np.asarray(formula(array.values[None]))
        result = kind(array.kind)
        return Array(result.convert(found[0]), result)

    return apply


def _cast(kind: PixelType) -> Callable[[Array], Array]:
    return lambda array: array.of_type(kind)


def _register() -> None:
    """Register all that Earth Engine's list has of the formulas' names."""
    made: dict[str, Callable[..., Any]] = {
        **{name: _binary(name) for name in formulas.BINARY},
        **{name: _unary(name) for name in formulas.UNARY},
        **{name: _cast(kind) for name, kind in formulas.casts().items()},
    }
    made |= {old: made[name] for old, name in formulas.ALIASES.items() if name in made}
    for name, function in made.items():
        if f"Array.{name}" in signatures():
            add(f"Array.{name}", function)


_register()

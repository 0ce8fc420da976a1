"""Earth Engine's pixel types: a precision and, for integers, a range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from local_earthengine.errors import EarthEngineError

_INTEGERS: Final[tuple[type[np.integer[Any]], ...]] = (
    np.uint8,
    np.int8,
    np.uint16,
    np.int16,
    np.uint32,
    np.int32,
)
_RANK: Final = {"int": 0, "float": 1, "double": 2}


@dataclass(frozen=True)
class PixelType:
    """`precision` is "int", "float" or "double"; `low` and `high` bound an integer's values.

    `dimensions` is what a band shows of its array pixels; a node's own type leaves it at 0.
    """

    precision: str
    low: float | None = None
    high: float | None = None
    dimensions: int = 0

    @property
    def dtype(self) -> np.dtype[Any]:
        """The smallest numpy type that holds every value of this type."""
        if self.precision != "int":
            return np.dtype(np.float32 if self.precision == "float" else np.float64)
        if self.low is None or self.high is None:
            return np.dtype(np.int64)
        for candidate in _INTEGERS:
            info = np.iinfo(candidate)
            if info.min <= self.low and self.high <= info.max:
                return np.dtype(candidate)
        return np.dtype(np.int64)

    def union(self, other: PixelType) -> PixelType:
        """Return the type that holds the values of both."""
        if self.precision == other.precision == "int":
            if None in (self.low, self.high, other.low, other.high):
                return LONG
            return integer(_least(self, other), _greatest(self, other))
        return max(self, other, key=lambda kind: _RANK[kind.precision]).unbounded

    @property
    def unbounded(self) -> PixelType:
        """The same precision without a range."""
        return PixelType(self.precision)

    @property
    def floating(self) -> PixelType:
        """The type of a quotient or a mean of such values: float stays float, all else double."""
        return FLOAT if self.precision == "float" else DOUBLE

    def convert(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return `values` as this type: integers truncate towards zero and clamp to the range."""
        if self.precision != "int" or values.dtype == self.dtype:
            return values.astype(self.dtype, copy=False)
        info = np.iinfo(self.dtype)
        if values.dtype.kind == "f":
            # 2**63 - 1 has no float of its own: stay below it, or the conversion wraps round.
            top = np.nextafter(float(info.max), 0.0) if self.dtype == np.int64 else info.max
            values = np.nan_to_num(np.trunc(values), posinf=top, neginf=info.min)
        else:
            top = info.max
        clamped: NDArray[Any] = np.clip(values, info.min, top).astype(self.dtype)
        return clamped

    def to_json(self) -> dict[str, Any]:
        """Return it as `getInfo` shows it."""
        info: dict[str, Any] = {"type": "PixelType", "precision": self.precision}
        if self.low is not None and self.high is not None:
            info |= {"min": self.low, "max": self.high}
        return info | ({"dimensions": self.dimensions} if self.dimensions else {})


def _least(one: PixelType, other: PixelType) -> float:
    return min(value for value in (one.low, other.low) if value is not None)


def _greatest(one: PixelType, other: PixelType) -> float:
    return max(value for value in (one.high, other.high) if value is not None)


def integer(low: float, high: float) -> PixelType:
    """Return the integers from `low` to `high`; beyond 64 bits the range is 64 bits."""
    info = np.iinfo(np.int64)
    if low < info.min or high > info.max:
        return LONG
    return PixelType("int", low, high)


def of_dtype(dtype: DTypeLike) -> PixelType:
    """Return the pixel type of a numpy type."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return FLOAT if kind.itemsize <= 4 else DOUBLE
    if kind.kind == "b":
        return BOOLEAN
    info = np.iinfo(kind)
    return integer(int(info.min), int(info.max))


FLOAT: Final = PixelType("float")
DOUBLE: Final = PixelType("double")
LONG: Final = PixelType("int", int(np.iinfo(np.int64).min), int(np.iinfo(np.int64).max))
BOOLEAN: Final = PixelType("int", 0, 1)
MASK: Final = FLOAT

NAMED: Final[dict[str, PixelType]] = {
    "float": FLOAT,
    "double": DOUBLE,
    "uint8": of_dtype(np.uint8),
    "byte": of_dtype(np.uint8),
    "int8": of_dtype(np.int8),
    "uint16": of_dtype(np.uint16),
    "int16": of_dtype(np.int16),
    "short": of_dtype(np.int16),
    "uint32": of_dtype(np.uint32),
    "int32": of_dtype(np.int32),
    "int": of_dtype(np.int32),
    "int64": LONG,
    "long": LONG,
}


def named(name: str) -> PixelType:
    """Return the type that Earth Engine calls `name`; raise EarthEngineError if there is none."""
    try:
        return NAMED[name]
    except KeyError:
        raise EarthEngineError(f"Unknown pixel type: '{name}'.") from None

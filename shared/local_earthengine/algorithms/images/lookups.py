"""Pixels exchanged by a table, or by a line with corners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.images.bands import find
from local_earthengine.algorithms.values.formulas import double
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import PixelType, integer
from local_earthengine.pixels.pointwise import Elementwise
from local_earthengine.pixels.remapping import Exchange
from local_earthengine.values.image import Image


@algorithm("Image.remap")
def remap(
    image: Image, old: list[Any], new: list[Any], default: Any, band_name: str | None
) -> Image:
    """Return a band `remapped`: values from one list to another.

    Other values become the default, or are masked.
    """
    source = find(image, 0 if band_name is None else band_name)[0]
    numbers = [*old, *new, *([] if default is None else [default])]
    if len(old) != len(new) or not all(isinstance(n, (int, float)) for n in numbers):
        raise EarthEngineError("'from' and 'to' must be lists of equally many numbers.")
    table = np.array(old or [0], np.float64)
    order = np.argsort(table, kind="stable")
    results = np.array(new or [0], np.float64)[order]
    rest = np.nan if default is None else float(default)

    def formula(values: NDArray[Any]) -> NDArray[Any]:
        """Return each value's partner, or what stands for the rest."""
        place = np.minimum(np.searchsorted(table[order], values), len(table) - 1)
        known = (table[order][place] == values) & bool(old)
        return np.where(known, results[place], rest)

    kind = _kind_of([*new, *([] if default is None else [default])])
    node = Exchange(formula, kind, [source.node])
    return image.with_bands([replace(source, name="remapped", node=node)])


def _kind_of(numbers: list[Any]) -> PixelType:
    if numbers and all(float(n).is_integer() for n in numbers):
        return integer(int(min(numbers)), int(max(numbers)))
    return PixelType("double")


_BEYOND = ("extrapolate", "clamp", "input", "mask")


@algorithm("Image.interpolate")
def interpolate(image: Image, x: list[float], y: list[float], behavior: str) -> Image:
    """Put the first band through a line with corners at (x, y)."""
    if behavior not in _BEYOND:
        raise EarthEngineError(f"The behavior must be one of {list(_BEYOND)}, not '{behavior}'.")
    if len(x) != len(y) or len(x) < 2 or not all(np.diff(x) > 0):
        raise EarthEngineError("'x' and 'y' need equally many values, at least 2, and x rising.")
    xs, ys = np.array(x, np.float64), np.array(y, np.float64)

    def formula(values: NDArray[Any]) -> NDArray[Any]:
        """Return each value's height on the line, beyond its ends as asked."""
        place = np.clip(np.searchsorted(xs, values, side="right") - 1, 0, len(xs) - 2)
        slope = (ys[place + 1] - ys[place]) / (xs[place + 1] - xs[place])
        beyond = (values < xs[0]) | (values > xs[-1])
        line = ys[place] + slope * (values - xs[place])
        other = {
            "extrapolate": line,
            "clamp": np.where(values < xs[0], ys[0], ys[-1]),
            "input": values,
            "mask": np.full(values.shape, np.nan),
        }[behavior]
        return np.where(beyond, other, line)

    source = find(image, 0)[0]
    kind = PixelType("double")
    return image.with_bands(
        [replace(source, node=Elementwise(double(formula), kind, [source.node]))]
    )

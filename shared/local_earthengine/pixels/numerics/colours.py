"""Colours as hue, saturation and value, and as red, green and blue, all from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]


def to_hsv(red: Values, green: Values, blue: Values) -> tuple[Values, Values, Values]:
    """Return hue, saturation and value; a grey has no hue: 0."""
    high = np.maximum(np.maximum(red, green), blue)
    spread = high - np.minimum(np.minimum(red, green), blue)
    width = np.where(spread > 0, spread, 1)
    sector = np.select(
        [high == red, high == green],
        [((green - blue) / width) % 6, (blue - red) / width + 2],
        (red - green) / width + 4,
    )
    hue = np.where(spread > 0, sector / 6, 0)
    return hue, np.where(high > 0, spread / np.where(high > 0, high, 1), 0), high


def to_rgb(hue: Values, saturation: Values, value: Values) -> tuple[Values, Values, Values]:
    """Return red, green and blue: each falls and rises over a third of the circle."""

    def part(shift: int) -> Values:
        """Return one colour, by how far round the circle it lies."""
        place = (shift + hue * 6) % 6
        return np.asarray(value - value * saturation * np.clip(np.minimum(place, 4 - place), 0, 1))

    return part(5), part(3), part(1)

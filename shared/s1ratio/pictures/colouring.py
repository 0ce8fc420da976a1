"""Values as colours, and what is masked as a pattern that no value has."""

from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from s1ratio.pictures.palettes import MASKED
from s1ratio.pictures.scales import Scale

_T = TypeVar("_T", bound=np.generic)
Rgb: TypeAlias = NDArray[np.uint8]  # (height, width, 3)

_STRIPE: Final = 4  # px of each stripe


def rgb_of(colour: str) -> tuple[int, int, int]:
    """Return (red, green, blue), 0 to 255, of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def colour_values(values: NDArray[np.floating], scale: Scale, zoom: int = 1) -> Rgb:
    """Return values, (height, width), NaN where masked, in colours, each `zoom` × `zoom` px.

    Values below or above the scale have its end colours; infinite ones are masked.
    """
    known = np.isfinite(values)
    share = (np.where(known, values, scale.low) - scale.low) / (scale.high - scale.low)
    stops = np.linspace(0, 1, len(scale.palette))
    channels = [
        np.interp(np.clip(share, 0, 1), stops, levels)
        for levels in zip(*map(rgb_of, scale.palette), strict=True)
    ]
    drawn = _zoomed(np.stack(channels, axis=-1).round().astype(np.uint8), zoom)
    gaps = ~_zoomed(known, zoom)
    drawn[gaps] = masked_pattern(*gaps.shape)[gaps]
    return drawn


def masked_pattern(height: int, width: int) -> Rgb:
    """Return the stripes that stand for what is masked, in a rectangle of this size, px."""
    row, column = np.ogrid[:height, :width]
    stripes = ((row + column) // _STRIPE) % 3 == 0
    tones: Rgb = np.array([rgb_of(tone) for tone in MASKED], dtype=np.uint8)
    drawn: Rgb = tones[stripes.astype(int)]
    return drawn


def ramp(scale: Scale, width: int, height: int) -> Rgb:
    """Return the scale's colours from its low (left) to its high (right) end."""
    line = np.linspace(scale.low, scale.high, width)
    return colour_values(np.broadcast_to(line, (height, width)), scale)


def _zoomed(array: NDArray[_T], zoom: int) -> NDArray[_T]:
    return np.repeat(np.repeat(array, zoom, axis=0), zoom, axis=1)

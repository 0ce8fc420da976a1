"""Refined Lee of Earth Engine's community (Lemoine's), pixel by pixel in plain Python.

It imports nothing of the product, nor of Earth Engine.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Maybe = float | None
Place = tuple[int, int]

# The half-planes and half-diagonals of a 7 x 7 window, as offsets (rows, columns), clockwise from
# the southern half and the south-western diagonal half.
_SIDES: list[Callable[[int, int], bool]] = [
    lambda y, _: y >= 0,
    lambda y, x: x <= y,
    lambda _, x: x <= 0,
    lambda y, x: x <= -y,
    lambda y, _: y <= 0,
    lambda y, x: x >= y,
    lambda _, x: x >= 0,
    lambda y, x: x >= -y,
]
_SQUARE = [(y, x) for y in range(-1, 2) for x in range(-1, 2)]
_WINDOW = [(y, x) for y in range(-3, 4) for x in range(-3, 4)]
_SAMPLES = [(y, x) for y in (-2, 0, 2) for x in (-2, 0, 2)]
_OPPOSITE = ((1, 7), (6, 2), (3, 5), (0, 8))


def refined_lee(values: Array, valid: Mask) -> tuple[Array, Mask]:
    """Return the filtered values of the whole image and their mask; it ends at its edges."""
    image = _Image(values, valid)
    out, some = np.zeros(values.shape), np.zeros(values.shape, bool)
    for place in np.ndindex(*values.shape):
        found = _pixel(image, (place[0], place[1]))
        if found is not None and math.isfinite(found):
            out[place], some[place] = found, True
    return out, some


class _Image:
    def __init__(self, values: Array, valid: Mask) -> None:
        self._values, self._valid = values, valid
        self._known: dict[Place, tuple[float, float] | None] = {}

    def at(self, place: Place) -> Maybe:
        y, x = place
        height, width = self._values.shape
        if 0 <= y < height and 0 <= x < width and self._valid[y, x]:
            return float(self._values[y, x])
        return None

    def moments(self, place: Place, offsets: Sequence[Place]) -> tuple[float, float] | None:
        """Mean and population variance of the valid neighbours; none where the pixel is masked."""
        if self.at(place) is None:
            return None
        around = (self.at((place[0] + dy, place[1] + dx)) for dy, dx in offsets)
        known = [value for value in around if value is not None]
        if not known:
            return None
        mean = math.fsum(known) / len(known)
        return mean, math.fsum((value - mean) ** 2 for value in known) / len(known)

    def squares(self, place: Place) -> tuple[float, float] | None:
        if place not in self._known:
            self._known[place] = self.moments(place, _SQUARE)
        return self._known[place]


def _pixel(image: _Image, place: Place) -> Maybe:
    y, x = place
    own = image.at(place)
    samples = [image.squares((y + dy, x + dx)) for dy, dx in _SAMPLES]
    direction = _direction([None if sample is None else sample[0] for sample in samples])
    spreads = [s[1] / s[0] ** 2 if s[0] else 0.0 for s in samples if s is not None]
    if own is None or direction is None or len(spreads) < 9:
        return None
    noise = math.fsum(sorted(spreads)[:5]) / 5
    side = _SIDES[direction - 1]
    found = image.moments(place, [offset for offset in _WINDOW if side(*offset)])
    if found is None:
        return None
    mean, variance = found
    wanted = (variance - mean * mean * noise) / (noise + 1)
    weight = wanted / variance if variance else 0.0
    return mean + weight * (own - mean)


def _direction(means: Sequence[Maybe]) -> int | None:
    """1 to 8; none where nothing can be told, or where ties add up beyond 8."""
    centre = means[4]
    steps: list[Maybe] = []
    for one, other in _OPPOSITE:
        first, second = means[one], means[other]
        steps.append(None if first is None or second is None else abs(first - second))
    known = [step for step in steps if step is not None]
    if centre is None or not known:
        return None
    total = 0
    for i, ((one, other), step) in enumerate(zip(_OPPOSITE, steps, strict=True)):
        first, second = means[one], means[other]
        if step == max(known) and first is not None and second is not None:
            total += i + 1 if first - centre > centre - second else i + 5
    return total if 1 <= total <= 8 else None

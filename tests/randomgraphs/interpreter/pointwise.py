"""Operators and functions on images, pixel by pixel."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from tests.randomgraphs.interpreter.formulas import BINARY, UNARY, ratio
from tests.randomgraphs.interpreter.images import Band, Image, converted
from tests.randomgraphs.interpreter.numbers import (
    KINDS,
    UNSURE,
    Kind,
    Number,
    Pixel,
    Unsure,
    computed,
    truth,
)


def pairs(one: Image, other: Image) -> Iterator[tuple[str, Band, Band]]:
    """(name, band, band): one against all, else by the same names, else by position."""
    names = list((other if len(other.bands) > len(one.bands) else one).bands)
    left, right = list(one.bands.values()), list(other.bands.values())
    if len(left) == 1:
        left *= len(right)
    if len(right) == 1:
        right *= len(left)
    assert len(left) == len(right), "such operands are refused"
    if len(names) > 1 and set(one.bands) == set(other.bands):
        right = [other.bands[name] for name in one.bands]
    return zip(names, left, right, strict=True)


def _over(make: Callable[..., Pixel], kind: Kind, *bands: Band) -> Band:
    return Band(kind, lambda *place: make(*(band.at(*place) for band in bands)))


def binary(name: str, one: Image, other: Image) -> Image:
    """An operator on two images: no properties, and where its pixels lie isn't documented."""
    formula, branch, kind_of = BINARY[name]

    def band(a: Band, b: Band) -> Band:
        kind = kind_of(a.kind, b.kind)
        return _over(partial(computed, formula, branch, kind), kind, a, b)

    return Image({label: band(a, b) for label, a, b in pairs(one, other)})


def unary(name: str, image: Image) -> Image:
    """A function of each band."""
    formula, branch, kind_of = UNARY[name]

    def change(band: Band) -> Band:
        kind = kind_of(band.kind)
        return _over(partial(computed, formula, branch, kind), kind, band)

    return image.each(change)


def clamp(image: Image, low: float, high: float) -> Image:
    """Within the range, in the band's own kind."""

    def change(band: Band) -> Band:
        formula = partial(computed, lambda v: min(max(v, low), high), None, band.kind)
        return _over(formula, band.kind, band)

    return image.each(change)


def unit_scale(image: Image, low: float, high: float) -> Image:
    """0 for `low`, 1 for `high`, not clamped."""

    def change(band: Band) -> Band:
        kind = band.kind.floating
        return _over(partial(computed, lambda v: (v - low) / (high - low), None, kind), kind, band)

    return image.each(change)


def normalized_difference(image: Image, names: list[str] | None) -> Image:
    """(a - b) / (a + b) as `nd`; masked where either is negative; no properties."""
    a, b = (band for _, band in image.selected(list(names or list(image.bands)[:2])))
    kind = a.kind.union(b.kind).floating

    def formula(x: float, y: float) -> float:
        return math.nan if min(x, y) < 0 else ratio(x - y, x + y)

    def branch(x: float, y: float) -> Any:
        return x < 0, y < 0, x + y > 0

    return Image({"nd": _over(partial(computed, formula, branch, kind), kind, a, b)})


def where(image: Image, test: Image, value: Image) -> Image:
    """`value` where `test` is not 0 and both are there; masked where the image is."""

    def band(one: Band, condition: Band, other: Band) -> Band:
        kind = one.kind.union(other.kind)

        def pick(own: Pixel, asked: Pixel, new: Pixel) -> Pixel:
            if not isinstance(own, Number) or asked is None or new is None:
                return own
            if isinstance(asked, Unsure) or isinstance(new, Unsure):
                return UNSURE
            chosen = truth(asked, lambda v: v != 0)
            return UNSURE if chosen is None else new if chosen else own

        parts = one, condition, other
        return converted(_over(pick, Kind("any"), *parts), kind)

    tests, values = _beside(image, test), _beside(image, value)
    rows = zip(image.bands.items(), tests, values, strict=True)
    return replace(image, bands={name: band(own, *rest) for (name, own), *rest in rows})


def _beside(image: Image, other: Image) -> list[Band]:
    bands = list(other.bands.values())
    return bands * len(image.bands) if len(bands) == 1 else bands


def cast(image: Image, kinds: dict[str, str], order: list[str] | None) -> Image:
    """Bands by name as other kinds; those that aren't there are added, masked everywhere."""
    bands = {
        name: converted(band, KINDS[kinds[name]]) if name in kinds else band
        for name, band in image.bands.items()
    }
    for name, kind in kinds.items():
        bands.setdefault(name, Band(KINDS[kind], lambda *_: None))
    return replace(image, bands={name: bands[name] for name in order or bands})


def beside(image: Image, other: Image) -> list[tuple[str, Band, Band]]:
    """(name, band, the other image's band for it): its only one, or by position."""
    return [(n, b, o) for (n, b), o in zip(image.bands.items(), _beside(image, other), strict=True)]

"""Masks: narrowed, set, filled, clipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.randomgraphs.interpreter.images import (
    Band,
    Image,
    Rectangle,
    constants,
    converted,
    inside,
    mask_of,
)
from tests.randomgraphs.interpreter.numbers import UNSURE, Kind, Number, Pixel, Unsure, truth
from tests.randomgraphs.interpreter.pointwise import beside


def _lets_through(pixel: Pixel) -> bool | None:
    """Whether a mask's pixel is above 0; a masked one is not."""
    if isinstance(pixel, Unsure):
        return None
    return False if pixel is None else truth(pixel, lambda value: value > 0)


def masked_by(band: Band, mask: Band) -> Band:
    """Masked also where the mask is 0 or masked itself."""

    def at(*place: object) -> Pixel:
        pixel = band.at(*place)  # type: ignore[arg-type]
        open_ = _lets_through(mask.at(*place))  # type: ignore[arg-type]
        if pixel is None or open_ is False:
            return None
        return UNSURE if open_ is None else pixel

    return Band(band.kind, at)


def _with_mask(band: Band, mask: Band) -> Band:
    """The values with another mask; what had none is 0, or the kind's nearest to 0."""
    kind: Kind = band.kind
    fill = Number(min(max(0, kind.low), kind.high) if kind.precision == "int" else 0.0)

    def at(*place: object) -> Pixel:
        open_ = _lets_through(mask.at(*place))  # type: ignore[arg-type]
        if not open_:
            return UNSURE if open_ is None else None
        pixel = band.at(*place)  # type: ignore[arg-type]
        return fill if pixel is None else pixel

    return Band(kind, at)


def _paired(image: Image, other: Image, make: Callable[[Band, Band], Band]) -> Image:
    return replace(image, bands={name: make(own, by) for name, own, by in beside(image, other)})


def update(image: Image, mask: Image) -> Image:
    """Image.updateMask"""
    return _paired(image, mask, masked_by)


def of_itself(image: Image) -> Image:
    """Image.selfMask"""
    return update(image, image)


def mask(image: Image, new: Image | None) -> Image:
    """Image.mask, which reads it or sets it."""
    return image.each(mask_of) if new is None else _paired(image, new, _with_mask)


def unmask(image: Image, value: Image | None, same_footprint: bool) -> Image:
    """Image.unmask: filled by the other's value and mask, no further than the footprint."""
    room = inside(image.places)

    def fill(band: Band, other: Band) -> Band:
        new = masked_by(other, room) if same_footprint else other

        def at(*place: object) -> Pixel:
            pixel = band.at(*place)  # type: ignore[arg-type]
            return new.at(*place) if pixel is None else pixel  # type: ignore[arg-type]

        return converted(Band(Kind("any"), at), band.kind.union(other.kind))

    return _paired(image, value or constants(0), fill)


def clip(image: Image, area: Rectangle) -> Image:
    """Masked outside; properties stay."""
    room = inside((area,))
    places = None if image.places is None else (*image.places, area)
    return replace(image.each(lambda band: masked_by(band, room)), places=places)

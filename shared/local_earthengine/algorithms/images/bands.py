"""The bands of images: selected, added, cut; free, as no pixel is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from local_earthengine.algorithms.images.band_names import rename
from local_earthengine.algorithms.images.constructors import constant
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.image import Band, Image
from local_earthengine.values.regular_expression import selects


def find(image: Image, selector: Any) -> Sequence[Band]:
    """Return the bands that a name, a regular expression or an index selects; at least one."""
    if isinstance(selector, (int, float)) and not isinstance(selector, bool):
        if not -len(image.bands) <= selector < len(image.bands):
            raise EarthEngineError(
                f"Band number {int(selector)} is out of range: there are {len(image.bands)} bands."
            )
        return [image.bands[int(selector)]]
    exact = [band for band in image.bands if band.name == selector]
    found = exact or [band for band in image.bands if selects(str(selector), band.name)]
    if found:
        return found
    if not image.bands:
        raise EarthEngineError(
            f"Image.select: Band pattern '{selector}' was applied to an Image with no bands. "
            "See Image.bandNames()"
        )
    raise EarthEngineError(
        f"Image.select: Band pattern '{selector}' did not match any bands. "
        f"Available bands: [{', '.join(image.band_names)}]"
    )


@algorithm("Image.select")
def select(image: Image, selectors: list[Any], names: list[str] | None) -> Image:
    """Return bands by name, regular expression or index, in the order of the selectors.

    One that is selected twice gets a number the second time, as in `addBands`.
    """
    found: dict[str, Band] = {}
    for band in (band for selector in selectors for band in find(image, selector)):
        name = free_name(band.name, found)
        found[name] = replace(band, name=name)
    chosen = image.with_bands(list(found.values()))
    return chosen if names is None else rename(chosen, names)


@algorithm("Image.addBands")
def add_bands(image: Image, other: Image, names: list[str] | None, overwrite: bool) -> Image:
    """Return the first image with the other's bands.

    A name that is taken gets a number behind it.
    """
    missing = [name for name in names or () if name not in other.band_names]
    if missing:
        raise EarthEngineError(
            f"Cannot add band '{missing[0]}' because it doesn't appear in srcImg."
        )
    added = other if names is None else select(other, names, None)
    bands = {band.name: band for band in image.bands}
    for band in added.bands:
        name = band.name if overwrite else free_name(band.name, bands)
        bands[name] = replace(band, name=name)
    footprint = image.footprint if image.bands else other.footprint
    return replace(image.with_bands(list(bands.values())), footprint=footprint)


def free_name(name: str, taken: Any) -> str:
    """Return `name`, or with the first of _1, _2, ... that is not taken."""
    candidate, number = name, 0
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


@algorithm("Image.cat")
def cat(parts: list[Any]) -> Image:
    """Return the bands of all images in one; the first's properties."""
    found = [part if isinstance(part, Image) else constant(part) for part in parts]
    if not found:
        return Image()
    whole = found[0]
    for part in found[1:]:
        whole = add_bands(whole, part, None, overwrite=False)
    return whole


@algorithm("Image.slice")
def slice_bands(image: Image, start: int, end: int | None) -> Image:
    """Return the bands from `start` up to, without, `end`."""
    return image.with_bands(image.bands[start:end])

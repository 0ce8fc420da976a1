"""The bands of images by name: told, and renamed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.values.image import Image
from local_earthengine.values.regular_expression import compiled, filled


@algorithm("Image.rename")
def rename(image: Image, names: list[str]) -> Image:
    """Give all bands new names."""
    if len(names) != len(image.bands):
        raise EarthEngineError(
            f"The number of names ({len(names)}) must match the number of bands "
            f"({len(image.bands)})."
        )
    if len(set(names)) != len(names):
        raise EarthEngineError(f"Duplicate band names: {names}.")
    pairs = zip(image.bands, names, strict=True)
    return image.with_bands([replace(band, name=name) for band, name in pairs])


@algorithm("Image.bandNames")
def band_names(image: Image) -> list[str]:
    """Return the names in order."""
    return image.band_names


@algorithm("Image.bandTypes")
def band_types(image: Image) -> dict[str, PixelType]:
    """Return the types by name."""
    return {band.name: band.type for band in image.bands}


@algorithm("Image.regexpRename")
def regexp_rename(image: Image, pattern: str, replacement: str, everywhere: bool) -> Image:
    """Replace each match in a band's name, or the first alone; `$1` stands for a group."""
    rule, most = compiled(pattern, ""), 0 if everywhere else 1
    names = [rule.sub(partial(filled, replacement), name, most) for name in image.band_names]
    if len(set(names)) != len(names):
        raise EarthEngineError(f"The new names are not different: {names}.")
    pairs = zip(image.bands, names, strict=True)
    return image.with_bands([replace(band, name=name) for band, name in pairs])

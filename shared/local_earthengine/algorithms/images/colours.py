"""Colours: from red, green and blue to hue, saturation and value, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from local_earthengine.algorithms.values.formulas import double
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.numerics import colours
from local_earthengine.pixels.pointwise import Elementwise
from local_earthengine.values.image import Image


def _recoloured(
    image: Image, change: Callable[..., tuple[NDArray[Any], ...]], names: Sequence[str]
) -> Image:
    if len(image.bands) != 3:
        raise EarthEngineError(f"The image must have 3 bands, not {len(image.bands)}.")
    nodes = [band.node for band in image.bands]

    def one(place: int) -> Elementwise:
        """Return the node of one of the new colours' parts."""
        formula = double(lambda *parts: change(*parts)[place])
        kind = nodes[0].kind.union(nodes[1].kind).union(nodes[2].kind).floating
        return Elementwise(formula, kind, nodes)

    return image.with_bands(
        [
            replace(band, name=name, node=one(place))
            for place, (band, name) in enumerate(zip(image.bands, names, strict=True))
        ]
    )


@algorithm("Image.rgbToHsv")
def rgb_to_hsv(image: Image) -> Image:
    """Return bands `hue`, `saturation` and `value`, all from 0 to 1."""
    return _recoloured(image, colours.to_hsv, ("hue", "saturation", "value"))


@algorithm("Image.hsvToRgb")
def hsv_to_rgb(image: Image) -> Image:
    """Return bands `red`, `green` and `blue`, all from 0 to 1."""
    return _recoloured(image, colours.to_rgb, ("red", "green", "blue"))

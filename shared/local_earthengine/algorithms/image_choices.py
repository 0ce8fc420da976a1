"""Pixels chosen or exchanged: by quality, by a table, from the image on top; colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.formulas import double
from local_earthengine.algorithms.image_bands import find
from local_earthengine.algorithms.image_collections import stacked
from local_earthengine.algorithms.image_math import combined
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import PixelType, integer
from local_earthengine.pixels.best import Best
from local_earthengine.pixels.numerics import colours
from local_earthengine.pixels.pointwise import Elementwise
from local_earthengine.pixels.stack import Mosaic
from local_earthengine.values.collection import Collection
from local_earthengine.values.image import Band, Image


@algorithm("ImageCollection.qualityMosaic")
def quality_mosaic(collection: Collection, quality: str) -> Image:
    """Of each pixel all bands of the image whose quality band is greatest there.

    Unsettled: of equals the first; where the chosen image's band is masked, so is the result.
    """
    images = collection.images
    for image in images:
        if quality not in image.band_names:
            raise EarthEngineError(
                f"Band '{quality}' not found. Available bands: {image.band_names}"
            )
    bands = []
    for name, found in stacked(collection).items():
        mine = [image for image in images if name in image.band_names]
        if len(mine) != len(images):
            raise EarthEngineError(f"Not every image has the band '{name}'.")
        ranks = [find(image, quality)[0].node for image in images]
        bands.append(Band(name, Best([band.node for band in found], ranks)))
    return Image(bands=tuple(bands))


@algorithm("Image.blend")
def blend(bottom: Image, top: Image) -> Image:
    """The top image where it is valid, else the bottom; masks are all or nothing here."""
    return combined(bottom, top, lambda below, above: Mosaic([below, above]))


@algorithm("Image.remap")
def remap(
    image: Image, old: list[Any], new: list[Any], default: Any, band_name: str | None
) -> Image:
    """A band `remapped`: values from one list to another; others to the default, or masked."""
    source = find(image, 0 if band_name is None else band_name)[0]
    numbers = [*old, *new, *([] if default is None else [default])]
    if len(old) != len(new) or not all(isinstance(n, (int, float)) for n in numbers):
        raise EarthEngineError("'from' and 'to' must be lists of equally many numbers.")
    table = np.array(old or [0], np.float64)
    order = np.argsort(table, kind="stable")
    results = np.array(new or [0], np.float64)[order]
    rest = np.nan if default is None else float(default)

    def formula(values: NDArray[Any]) -> NDArray[Any]:
        place = np.minimum(np.searchsorted(table[order], values), len(table) - 1)
        known = (table[order][place] == values) & bool(old)
        return np.where(known, results[place], rest)

    kind = _kind_of([*new, *([] if default is None else [default])])
    node = _Exchanged(formula, kind, [source.node])
    return image.with_bands([replace(source, name="remapped", node=node)])


class _Exchanged(Elementwise):
    """A formula whose NaN masks a pixel even where the type is of integers."""

    def __init__(
        self, formula: Callable[..., NDArray[Any]], kind: PixelType, inputs: Sequence[Any]
    ) -> None:
        super().__init__(formula, kind, inputs)

    def compute(self, view: Any, inputs: Sequence[Any]) -> Any:
        """Masked where the input is, or the formula gives none."""
        del view
        (image,) = inputs
        values = self.formula(image.values)
        known = image.valid & ~np.isnan(values)
        return image.__class__(self.kind.convert(np.where(known, values, 0)), known)


def _kind_of(numbers: list[Any]) -> PixelType:
    if numbers and all(float(n).is_integer() for n in numbers):
        return integer(int(min(numbers)), int(max(numbers)))
    return PixelType("double")


_BEYOND = ("extrapolate", "clamp", "input", "mask")


@algorithm("Image.interpolate")
def interpolate(image: Image, x: list[float], y: list[float], behavior: str) -> Image:
    """The first band through a line with corners at (x, y)."""
    if behavior not in _BEYOND:
        raise EarthEngineError(f"The behavior must be one of {list(_BEYOND)}, not '{behavior}'.")
    if len(x) != len(y) or len(x) < 2 or not all(np.diff(x) > 0):
        raise EarthEngineError("'x' and 'y' need equally many values, at least 2, and x rising.")
    xs, ys = np.array(x, np.float64), np.array(y, np.float64)

    def formula(values: NDArray[Any]) -> NDArray[Any]:
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


def _recoloured(
    image: Image, change: Callable[..., tuple[NDArray[Any], ...]], names: Sequence[str]
) -> Image:
    if len(image.bands) != 3:
        raise EarthEngineError(f"The image must have 3 bands, not {len(image.bands)}.")
    nodes = [band.node for band in image.bands]

    def one(place: int) -> Elementwise:
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
    """Bands `hue`, `saturation` and `value`, all from 0 to 1."""
    return _recoloured(image, colours.to_hsv, ("hue", "saturation", "value"))


@algorithm("Image.hsvToRgb")
def hsv_to_rgb(image: Image) -> Image:
    """Bands `red`, `green` and `blue`, all from 0 to 1."""
    return _recoloured(image, colours.to_rgb, ("red", "green", "blue"))

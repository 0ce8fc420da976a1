"""Images that are made of nothing but a name or values: loaded, constant, of a dictionary."""

from __future__ import annotations

from typing import Any

from local_earthengine.algorithms.images.band_names import rename
from local_earthengine.algorithms.values.dictionaries import Items, keys, values
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.pixels.sources import Constant
from local_earthengine.values import image as images
from local_earthengine.values.array import Array
from local_earthengine.values.image import Band, Image


@algorithm("Dictionary.toImage")
def to_image(items: Items, names: list[str] | None) -> Image:
    """Return a constant band for each key, in the order of the keys."""
    chosen = names or keys(items)
    return rename(constant(values(items, chosen)), chosen)


@algorithm("Image.load")
def load(context: Context, asset_id: str, version: int) -> Image:
    """Return an image of the catalogue by its full id; there is one version of each."""
    del version
    return context.image(asset_id)


@algorithm("Image.constant")
def constant(value: Any) -> Image:
    """Return a number or an array everywhere, or a band for each of a list."""
    numbers = value if isinstance(value, list) else [value]
    if not numbers or not all(isinstance(number, (int, float, Array)) for number in numbers):
        raise EarthEngineError("The value must be a number, an Array, or a list of these.")
    return images.constant(numbers)


@algorithm("Image.metadata")
def metadata(image: Image, name: str, label: str | None) -> Image:
    """Return a number among the properties, as a double everywhere.

    The band bears the property's name.
    """
    value = image.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EarthEngineError(f"The property '{name}' is no number.")
    return Image(bands=(Band(label or name, Constant(DOUBLE, float(value))),))

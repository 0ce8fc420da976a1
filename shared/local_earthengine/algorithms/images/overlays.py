"""One image over another: by its mask, or by a condition."""

from __future__ import annotations

from local_earthengine.algorithms.images.arithmetic import combined
from local_earthengine.algorithms.images.masks import beside, with_nodes
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.pointwise import Where
from local_earthengine.pixels.stack import Mosaic
from local_earthengine.values.image import Image


@algorithm("Image.blend")
def blend(bottom: Image, top: Image) -> Image:
    """Lay the top image where it is valid over the bottom; masks are all or nothing here."""
    return combined(bottom, top, lambda below, above: Mosaic([below, above]))


@algorithm("Image.where")
def where(image: Image, test: Image, value: Image) -> Image:
    """Put `value` where `test` is not 0; masks stay as the image's."""
    tests, values = beside(image, test, "test"), beside(image, value, "value")
    rows = zip(image.bands, tests, values, strict=True)
    return with_nodes(image, [Where(band.node, *pair) for band, *pair in rows])

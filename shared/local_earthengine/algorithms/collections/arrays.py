"""Array images from the images of a collection."""

from __future__ import annotations

from collections.abc import Sequence

from local_earthengine.algorithms.arrays.image_bands import ARRAY_BAND, joined
from local_earthengine.algorithms.collections.composites import stacked
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.array_nodes import Stacked
from local_earthengine.pixels.arrays import common_dimensions
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import arrays
from local_earthengine.pixels.stack import union_kind
from local_earthengine.values.collection import Collection
from local_earthengine.values.image import Band, Image


@algorithm("ImageCollection.toArray")
def collection_to_array(collection: Collection) -> Image:
    """Return a matrix at each pixel: a row for each image that is valid there in all bands.

    Where no image is valid the pixel is masked; nothing in the documentation says so, but
    toArrayPerBand, which drops masked images, is documented to do it.
    """
    images = list(collection.images)
    if not images or not all(image.bands for image in images):
        raise EarthEngineError("The collection is empty, or has an image without bands.")
    rows = [[band.node for band in image.bands] for image in images]
    if len({len(row) for row in rows}) > 1:
        raise EarthEngineError("All images must have the same number of bands.")
    kind = union_kind([node for row in rows for node in row])
    first = images[0].bands[0]
    return Image(bands=(Band(ARRAY_BAND, Stacked(kind, rows, flat=False), first.projection),))


@algorithm("ImageCollection.toArrayPerBand")
def collection_to_array_per_band(collection: Collection, axis: int, drop_masked: bool) -> Image:
    """Return each band's pixels of all images in a row.

    It is masked where any of them is, or with `dropMasked` where all are.

    An image that lacks a band is refused; `dropMasked` is supported for scalar bands.
    """
    images = list(collection.images)
    found = stacked(collection)
    lacking = [name for name, bands in found.items() if len(bands) != len(images)]
    if lacking:
        raise EarthEngineError(f"All images must have the same bands; '{lacking[0]}' is missing.")
    bands = [_per_band(name, bands, axis, drop_masked) for name, bands in found.items()]
    return Image(bands=tuple(bands))


def _per_band(name: str, bands: Sequence[Band], axis: int, drop_masked: bool) -> Band:
    nodes = [band.node for band in bands]
    if drop_masked:
        arrays.check_axis(axis, common_dimensions(nodes) + 1)
        node: Node = Stacked(union_kind(nodes), [[node] for node in nodes], flat=True)
    else:
        node = joined("ImageCollection.toArrayPerBand", nodes, axis)
    return Band(name, node, bands[0].projection)

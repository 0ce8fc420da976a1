"""Array images from bands and from neighbours; and bands from array images."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.arrays.image_shapes import array_bands
from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import NAMED, integer
from local_earthengine.pixels.array_nodes import ArrayFunction, Surroundings
from local_earthengine.pixels.arrays import common_dimensions
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import arrays
from local_earthengine.pixels.pointwise import Elementwise
from local_earthengine.pixels.stack import union_kind
from local_earthengine.values.image import Band, Image

ARRAY_BAND: Final = "array"
_MAX_BANDS: Final = 10_000


@algorithm("Image.toArray")
def to_array(image: Image, axis: int) -> Image:
    """Return all bands in one, `array`, masked where any of them is; properties stay."""
    if not image.bands:
        raise EarthEngineError("The image has no bands.")
    node = joined("Image.toArray", [band.node for band in image.bands], axis)
    first = image.bands[0]
    return image.with_bands([Band(ARRAY_BAND, node, first.projection, first.grid)])


def joined(name: str, nodes: Sequence[Node], axis: int) -> Node:
    """Return the nodes' pixels in a row along an axis, which may be one behind their last."""
    own = common_dimensions(nodes)
    arrays.check_axis(axis, own + 1)

    def change(*batches: NDArray[Any]) -> NDArray[Any]:
        """Return the arrays in a row."""
        return arrays.cat(batches, axis)

    return ArrayFunction(name, change, union_kind(nodes), max(own, axis + 1), nodes)


@algorithm("Image.arrayGet")
def get(image: Image, position: Image) -> Image:
    """Return the element at a position: a band of it for each axis.

    Raise EarthEngineError if out of range.
    """

    def make(node: Node) -> Node:
        """Return the node of a band's elements."""
        if len(position.bands) != node.dimensions:
            raise EarthEngineError(
                f"The position must have a band for each of the {node.dimensions} dimensions of "
                f"the array; it has {len(position.bands)}."
            )
        nodes = [node, *(band.node for band in position.bands)]
        if common_dimensions(nodes[1:]):
            raise EarthEngineError("The position must have scalar bands.")
        return ArrayFunction("Image.arrayGet", arrays.element, node.kind, 0, nodes)

    return each_band(array_bands(image), make)


@algorithm("Image.arrayFlatten")
def flatten(image: Image, labels: list[list[str]], separator: str) -> Image:
    """Return a band for each element, named by its labels along the axes.

    Every array must be of their number.
    """
    if len(image.bands) != 1:
        raise EarthEngineError(f"Expected an image of one band, not of {len(image.bands)}.")
    band = array_bands(image).bands[0]
    lengths = [len(names) for names in labels]
    if len(lengths) != band.node.dimensions or prod(lengths) > _MAX_BANDS:
        raise EarthEngineError(
            f"The array has {band.node.dimensions} dimensions, but there are labels for "
            f"{len(lengths)}."
        )
    names = [separator.join(parts) for parts in product(*labels)]
    if len(set(names)) != len(names):
        raise EarthEngineError(f"Duplicate band names: {names[:20]}.")
    places = product(*(range(length) for length in lengths))
    bands = [
        Band(name, _element(band.node, lengths, place), band.projection, band.grid)
        for name, place in zip(names, places, strict=True)
    ]
    return image.with_bands(bands)


def _element(node: Node, lengths: Sequence[int], place: Sequence[int]) -> Node:
    """Return one element of arrays that must have just this shape."""

    def change(batch: NDArray[Any]) -> NDArray[Any]:
        """Return the elements; raise EarthEngineError for arrays of another shape."""
        if arrays.shape_of(batch) != list(lengths):
            raise EarthEngineError(
                f"The labels are for arrays of shape {list(lengths)}, but a pixel has "
                f"{arrays.shape_of(batch)}."
            )
        return arrays.element(batch, *place)

    return ArrayFunction("Image.arrayFlatten", change, node.kind, 0, [node])


@algorithm("Image.neighborhoodToArray")
def neighborhood(image: Image, kernel: Kernel, default: float) -> Image:
    """Return a matrix of the pixels under the kernel, whatever its weights, rows from the north."""
    return each_band(image, lambda node: Surroundings(node, kernel, default))


@algorithm("Image.bitsToArrayImage")
def bits(image: Image) -> Image:
    """Return the bits of integers, the lowest first, up to the highest that is on."""

    def make(node: Node) -> Node:
        """Return the node of a band's bits."""
        length = Elementwise(_bit_length, NAMED["uint8"], [node])
        return ArrayFunction(
            "Image.bitsToArrayImage", arrays.bits, integer(0, 1), 1, [node], [(length, None)]
        )

    return each_band(image, make)


def _bit_length(values: NDArray[Any]) -> NDArray[Any]:
    whole = values.astype(np.int64)
    powers = np.left_shift(np.int64(1), np.arange(63))
    above = np.searchsorted(powers, whole.ravel(), side="right").reshape(whole.shape)
    return np.where(whole < 0, 64, np.maximum(above, 1))

"""Array images: each pixel's array cut, sorted, joined and turned, band by band.

Arrays may differ in length from pixel to pixel. What does not fit at some pixel is an error of
the whole request, as its tile is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from numpy.typing import NDArray

from local_earthengine.algorithms.images.arithmetic import combined
from local_earthengine.algorithms.images.masks import beside
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import LONG
from local_earthengine.pixels.array_nodes import ArrayFunction, Compressed, Parameter
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import arrays
from local_earthengine.values.image import Image

# Where a slice ends that has no end.
_BEYOND: Final = 2**62


def array_bands(image: Image) -> Image:
    """Return the image itself.

    Raise EarthEngineError, naming the band, unless all pixels are arrays.
    """
    scalar = [band.name for band in image.bands if not band.node.dimensions]
    if scalar:
        raise EarthEngineError(f"Expected array pixels, but the band '{scalar[0]}' is scalar.")
    return image


def each(image: Image, make: Callable[[Node, int], Node]) -> Image:
    """Put a node over each band; `make` gets the band's node and its place."""
    return image.with_bands(
        [replace(band, node=make(band.node, i)) for i, band in enumerate(image.bands)]
    )


def _same_type(name: str, function: Callable[..., Any], image: Image, *given: Any) -> Image:
    """Put a function of arrays that keeps their type and number of dimensions over each band."""

    def make(node: Node, _: int) -> Node:
        """Return the node of a band's changed arrays."""
        change = partial(_called, function, given)
        return ArrayFunction(name, change, node.kind, node.dimensions, [node])

    return each(array_bands(image), make)


def _called(function: Callable[..., Any], given: Sequence[Any], batch: NDArray[Any]) -> Any:
    return function(batch, *given)


def check_axes(image: Image, axis: int, behind: int = 0) -> None:
    """Raise EarthEngineError unless every band has the axis.

    `behind` allows that after the last.
    """
    for band in image.bands:
        arrays.check_axis(axis, band.node.dimensions + behind)


@algorithm("Image.arraySort")
def ordered(image: Image, keys: Image | None) -> Image:
    """Sort ascending along one axis, by own values or by keys: one band, or one each."""
    if keys is None:
        return _same_type("Image.arraySort", arrays.ordered, image)
    nodes = beside(image, array_bands(keys), "keys")

    def make(node: Node, i: int) -> Node:
        """Return the node of a band sorted by the keys of its place."""
        both = [node, nodes[i]]
        return ArrayFunction("Image.arraySort", arrays.ordered, node.kind, node.dimensions, both)

    return each(array_bands(image), make)


@algorithm("Image.arraySlice")
def cut(image: Image, axis: int, start: Image | None, end: Image | None, step: int) -> Image:
    """Cut from `start` up to `end`, at each pixel its own; where masked, all that there is."""
    check_axes(array_bands(image), axis)
    ends: list[list[Parameter]] = [[] for _ in image.bands]
    for limit, what, default in ((start, "start", 0), (end, "end", _BEYOND)):
        if limit is not None:
            for parameters, node in zip(ends, beside(image, limit, what), strict=True):
                parameters.append((node, default))

    def change(batch: NDArray[Any], *limits: int) -> NDArray[Any]:
        """Return the arrays cut at the limits that are given, start first."""
        first = limits[0] if start is not None else 0
        last = limits[-1] if end is not None else None
        return arrays.cut(batch, axis, first, last, step)

    def make(node: Node, i: int) -> Node:
        """Return the node of a band cut at its own place's ends."""
        dimensions = node.dimensions
        return ArrayFunction("Image.arraySlice", change, node.kind, dimensions, [node], ends[i])

    return each(image, make)


@algorithm("Image.arrayProject")
def projected(image: Image, axes: list[int]) -> Image:
    """Keep only these axes; all others must be of length 1."""
    for axis in axes:
        check_axes(array_bands(image), axis)

    def make(node: Node, _: int) -> Node:
        """Return the node of a band's projected arrays."""

        def change(batch: NDArray[Any]) -> NDArray[Any]:
            """Return the arrays without the other axes."""
            return arrays.projected(batch, axes)

        return ArrayFunction("Image.arrayProject", change, node.kind, len(axes), [node])

    return each(array_bands(image), make)


@algorithm("Image.arrayTranspose", "Image.matrixTranspose")
def transposed(image: Image, one: int, other: int) -> Image:
    """Swap two axes."""
    check_axes(array_bands(image), one)
    check_axes(image, other)
    return _same_type("Image.arrayTranspose", arrays.transposed, image, one, other)


@algorithm("Image.arrayPad")
def padded(image: Image, lengths: list[int], pad: float) -> Image:
    """Return at least so long along each axis; `pad` behind the end, as the band's type."""
    return _same_type("Image.arrayPad", arrays.padded, image, lengths, pad)


@algorithm("Image.arrayCat")
def cat(one: Image, other: Image, axis: int) -> Image:
    """Put both arrays in a row along an axis, which may be one behind their last."""
    check_axes(array_bands(one), axis, behind=1)
    check_axes(array_bands(other), axis, behind=1)

    def change(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
        """Return both arrays in a row."""
        return arrays.cat([left, right], axis)

    def make(left: Node, right: Node) -> Node:
        """Return the node of two bands in a row."""
        kind, dimensions = left.kind.union(right.kind), max(left.dimensions, axis + 1)
        return ArrayFunction("Image.arrayCat", change, kind, dimensions, [left, right])

    return combined(one, other, make)


@algorithm("Image.arrayMask")
def masked(image: Image, mask: Image) -> Image:
    """Keep the positions along an axis at which the mask is not 0: as many as that leaves."""
    nodes = beside(image, array_bands(mask), "mask")
    return each(array_bands(image), lambda node, i: Compressed(node, nodes[i]))


@algorithm("Image.arrayRepeat")
def repeated(image: Image, axis: int, copies: Image) -> Image:
    """Put copies in a row along an axis, which may be one behind the last.

    Each pixel says how many.
    """
    check_axes(array_bands(image), axis, behind=1)
    nodes = beside(image, copies, "copies")

    def change(batch: NDArray[Any], number: int) -> NDArray[Any]:
        """Return so many copies in a row."""
        return arrays.repeated(batch, axis, number)

    def make(node: Node, i: int) -> Node:
        """Return the node of a band repeated as often as its place's number says."""
        dimensions, number = max(node.dimensions, axis + 1), (nodes[i], None)
        return ArrayFunction("Image.arrayRepeat", change, node.kind, dimensions, [node], [number])

    return each(image, make)


@algorithm("Image.arrayReshape")
def reshaped(image: Image, lengths: Image, dimensions: int) -> Image:
    """Return the same elements, row by row.

    `lengths` has a vector of them, one of which may be -1.
    """
    if len(lengths.bands) != 1 or lengths.bands[0].node.dimensions != 1 or dimensions < 1:
        raise EarthEngineError("'lengths' must be one band of vectors, 'dimensions' positive.")
    places = [_length(lengths.bands[0].node, i, dimensions) for i in range(dimensions)]

    def make(node: Node, _: int) -> Node:
        """Return the node of a band in the new shape."""
        name, change = "Image.arrayReshape", arrays.reshaped
        numbers = [(place, None) for place in places]
        return ArrayFunction(name, change, node.kind, dimensions, [node], numbers)

    return each(array_bands(image), make)


def _length(node: Node, place: int, dimensions: int) -> Node:
    """Return one of the new lengths, of which there must be so many."""

    def change(batch: NDArray[Any]) -> NDArray[Any]:
        """Return the length; raise EarthEngineError if there are more, or fewer."""
        if batch.shape[1] != dimensions:
            raise EarthEngineError(f"Expected {dimensions} lengths, not {batch.shape[1]}.")
        return arrays.element(batch, place)

    return ArrayFunction("Image.arrayReshape", change, LONG, 0, [node])

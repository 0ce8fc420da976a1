"""Array images: reductions along axes, and what there is to tell of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.arrays.image_shapes import array_bands, check_axes, each
from local_earthengine.algorithms.arrays.reductions import fields_of, kind_of, single
from local_earthengine.algorithms.images.arithmetic import combined
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE, LONG, NAMED
from local_earthengine.pixels.array_nodes import ArrayFunction
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import arrays, reductions
from local_earthengine.values.image import Image
from local_earthengine.values.reducer import Reducer


@algorithm("Image.arrayReduce")
def reduced(image: Image, reducer: Reducer, axes: list[int], field: int | None) -> Image:
    """Reduce the axes to length 1; a pixel for which the reducer gives nothing is masked."""
    for axis in axes:
        check_axes(array_bands(image), axis)
    fields = fields_of(reducer)

    def change(batch: NDArray[Any]) -> Any:
        """Return the arrays with their axes reduced."""
        return reductions.reduced(batch, fields, axes, field, reducer.inputs)

    def make(node: Node, _: int) -> Node:
        """Return the node of a band's reductions."""
        kind = kind_of(reducer.outputs, node.kind)
        return ArrayFunction("Image.arrayReduce", change, kind, node.dimensions, [node])

    return each(array_bands(image), make)


@algorithm("Image.arrayAccum")
def accumulated(image: Image, axis: int, reducer: Reducer | None) -> Image:
    """Return at each position the reduction, by default the sum, of all up to it."""
    check_axes(array_bands(image), axis)
    (output,) = single(reducer)

    def change(batch: NDArray[Any]) -> Any:
        """Return the running reductions."""
        return reductions.accumulated(batch, output.of_stack, axis)

    def make(node: Node, _: int) -> Node:
        """Return the node of a band's running reductions."""
        kind = output.kind(node.kind)
        return ArrayFunction("Image.arrayAccum", change, kind, node.dimensions, [node])

    return each(image, make)


@algorithm("Image.arrayLength")
def length(image: Image, axis: int) -> Image:
    """Return how long an axis is, as a scalar."""
    check_axes(array_bands(image), axis)

    def change(batch: NDArray[Any]) -> NDArray[Any]:
        """Return each array's length."""
        return np.full(len(batch), batch.shape[axis + 1])

    return _measured("Image.arrayLength", image, change, 0)


@algorithm("Image.arrayLengths")
def lengths_of(image: Image) -> Image:
    """Return how long each axis is, as a vector; of scalar pixels an empty one."""

    def change(batch: NDArray[Any]) -> NDArray[Any]:
        """Return each array's lengths."""
        return np.tile(np.array(batch.shape[1:], np.int64), (len(batch), 1))

    return _measured("Image.arrayLengths", image, change, 1)


@algorithm("Image.arrayDimensions")
def dimensions_of(image: Image) -> Image:
    """Return how many axes there are, as a scalar: 0 of scalar pixels."""

    def change(batch: NDArray[Any]) -> NDArray[Any]:
        """Return how many axes each array has."""
        return np.full(len(batch), batch.ndim - 1)

    return _measured("Image.arrayDimensions", image, change, 0)


@algorithm("Image.arrayArgmax")
def argmax(image: Image) -> Image:
    """Return the position of the first greatest element, as a vector; masked for empty arrays."""
    return _measured("Image.arrayArgmax", array_bands(image), arrays.largest_at, 1)


def _measured(
    name: str, image: Image, change: Callable[[NDArray[Any]], Any], dimensions: int
) -> Image:
    """Return integers that tell something of the arrays."""

    def make(node: Node, _: int) -> Node:
        """Return the node of what a band's arrays tell."""
        return ArrayFunction(name, change, NAMED["int"], dimensions, [node])

    return each(image, make)


@algorithm("Image.arrayDotProduct")
def dot(one: Image, other: Image) -> Image:
    """Return the sum of products of two vectors, as a scalar."""

    def make(left: Node, right: Node) -> Node:
        """Return the node of two bands' products."""
        union = left.kind.union(right.kind)
        kind = LONG if union.precision == "int" else DOUBLE
        return ArrayFunction("Image.arrayDotProduct", arrays.inner, kind, 0, [left, right])

    return combined(array_bands(one), array_bands(other), make)

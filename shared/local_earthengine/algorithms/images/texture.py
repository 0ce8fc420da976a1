"""Texture: how mixed the values around a pixel are."""

from __future__ import annotations

from functools import partial

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.pixels.neighborhood import Neighborhood
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import entropies
from local_earthengine.values.image import Image


@algorithm("Image.entropy")
def entropy(image: Image, kernel: Kernel) -> Image:
    """Return, in bits, that of the neighbours under the kernel; masked where the pixel is."""
    return each_band(image, partial(_spread, kernel))


def _spread(kernel: Kernel, node: Node) -> Node:
    return Neighborhood(node, kernel, entropies.of_neighbors, DOUBLE, skip_masked=True)

"""Patches of connected pixels, and distances to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.algorithms.images.bands import add_bands
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.lattice import Lattice
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics.patches import EIGHT, FOUR, Offsets
from local_earthengine.pixels.patches import Distance, PatchLabel, PatchSize
from local_earthengine.values.image import Image

_MAX_SIDE: Final = 1024
_METRICS: Final = ("squared_euclidean", "manhattan", "chebyshev")
_UNIT: Final = Lattice("EPSG:4326", (1.0, 0.0, 0.0, 0.0, 1.0, 0.0))


def _size(most: int) -> int:
    if not 1 <= most <= _MAX_SIDE:
        raise EarthEngineError(f"The size must lie between 1 and {_MAX_SIDE}, not {most}.")
    return most


def _whole(node: Node) -> Node:
    if node.kind.precision != "int":
        raise EarthEngineError("The input must be of an integer type: cast it, with toInt() say.")
    return node


@algorithm("Image.connectedPixelCount")
def connected_pixel_count(image: Image, most: int, eight: bool) -> Image:
    """Return how many pixels of the same value each is connected with, up to `maxSize`.

    Unsettled: bands of floating point are taken too, and compared exactly.
    """
    offsets = EIGHT if eight else FOUR
    return each_band(image, lambda node: PatchSize(node, _size(most), offsets))


@algorithm("Image.connectedComponents")
def connected_components(image: Image, kernel: Kernel, most: int) -> Image:
    """Return the image with a band `labels`: a number for each patch of the first band's values.

    Unsettled: patches of more than `maxSize` pixels are masked in `labels` alone. The numbers are
    not Earth Engine's: only that they differ from patch to patch is the same.
    """
    if not image.bands:
        raise EarthEngineError("The image has no bands.")
    first = image.bands[0]
    node = PatchLabel(_whole(first.node), _size(most), _offsets(kernel))
    label = image.with_bands([replace(first, name="labels", node=node)])
    return add_bands(image, label, None, False)


def _offsets(kernel: Kernel) -> Offsets:
    """Return the neighbours of weight other than 0; seen from one side only."""
    placed = kernel.on(_UNIT)
    found = [(int(r) - placed.row, int(c) - placed.col) for r, c in np.argwhere(placed.weights)]
    if any(max(abs(down), abs(right)) > 1 for down, right in found):
        raise EarthEngineError("The connectedness kernel must be 3 x 3 pixels at most.")
    halves = {max(offset, (-offset[0], -offset[1])) for offset in found if offset != (0, 0)}
    if not halves:
        raise EarthEngineError("The connectedness kernel connects nothing.")
    return sorted(halves)


@algorithm("Image.fastDistanceTransform")
def fast_distance_transform(image: Image, reach: int, units: str, metric: str) -> Image:
    """Return a band `distance` of the first band: squared pixels by default.

    Unsettled: the value where no pixel other than 0 lies within the neighborhood; here it is the
    neighborhood squared, which is beyond any distance that a program compares with.
    """
    if units != "pixels":
        raise EarthEngineError(f"The units must be 'pixels', not '{units}'.")
    if metric not in _METRICS:
        raise EarthEngineError(f"The metric must be one of {list(_METRICS)}, not '{metric}'.")
    if not image.bands:
        raise EarthEngineError("The image has no bands.")
    first = image.bands[0]
    node = Distance(first.node, _size(reach), metric)
    return image.with_bands([replace(first, name="distance", node=node)])

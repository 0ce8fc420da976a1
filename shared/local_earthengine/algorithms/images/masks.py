"""Masks: read, narrowed, set, filled."""

from __future__ import annotations

from collections.abc import Callable

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.cover import covers
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.pointwise import Inside, MaskOf, SetMask, Unmask, UpdateMask
from local_earthengine.values.image import Band, Image, constant


def beside(image: Image, other: Image, what: str) -> list[Node]:
    """Return the other image's nodes, one for each band: its single band for all, or as many."""
    if len(other.bands) == 1:
        return [other.bands[0].node] * len(image.bands)
    if len(other.bands) != len(image.bands):
        raise EarthEngineError(
            f"The {what} must have a single band, or as many as the image ({len(image.bands)}); "
            f"it has {len(other.bands)}."
        )
    return [band.node for band in other.bands]


def with_nodes(image: Image, nodes: list[Node]) -> Image:
    """Return the image with other nodes, one for each band."""
    pairs = zip(image.bands, nodes, strict=True)
    return image.with_bands([Band(b.name, n, b.projection, b.grid) for b, n in pairs])


def _masked(image: Image, mask: Image, make: Callable[[Node, Node], Node]) -> Image:
    pairs = zip(image.bands, beside(image, mask, "mask"), strict=True)
    return with_nodes(image, [make(band.node, node) for band, node in pairs])


@algorithm("Image.mask")
def mask(image: Image, new: Image | None) -> Image:
    """Return the mask as an image of 0 and 1; or the image with another mask."""
    if new is None:
        return each_band(image, MaskOf)
    return _masked(image, new, SetMask)


@algorithm("Image.updateMask")
def update_mask(image: Image, new: Image) -> Image:
    """Mask also where `new` is masked or 0."""
    return _masked(image, new, UpdateMask)


@algorithm("Image.selfMask")
def self_mask(image: Image) -> Image:
    """Mask by its own values: where it is 0, and, as by any mask, where it is below."""
    return each_band(image, lambda node: UpdateMask(node, node))


@algorithm("Image.unmask")
def unmask(image: Image, value: Image | None, same_footprint: bool) -> Image:
    """Put `value` (0 by default) where it is masked; by default no further than its footprint."""
    filling = beside(image, value or constant([0]), "value")
    footprint = image.footprint
    if same_footprint and footprint is not None:
        inside = Inside(covers(footprint))
        filling = [UpdateMask(node, inside) for node in filling]
    pairs = zip(image.bands, filling, strict=True)
    nodes: list[Node] = [
        Unmask(band.node.kind.union(node.kind), band.node, node) for band, node in pairs
    ]
    return with_nodes(image, nodes)

"""Image arithmetic: operators pair the bands of two images, functions take one.

A binary result keeps no properties, only the first image's footprint; a unary one keeps all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from local_earthengine.algorithms.images.bands import find
from local_earthengine.algorithms.values import formulas
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.pixeltype import PixelType, named
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.pointwise import Elementwise, UpdateMask
from local_earthengine.pixels.sources import Constant
from local_earthengine.values.image import Band, Image


def paired(one: Image, other: Image) -> Iterator[tuple[Band, Band]]:
    """Pair the bands of two images: one against all, else by name, else by position."""
    if bool(one.bands) != bool(other.bands):
        raise EarthEngineError(
            "If one image has no bands, the other must also have no bands. "
            f"Got {len(one.bands)} and {len(other.bands)}."
        )
    if len(one.bands) == 1 or len(other.bands) == 1:
        count = max(len(one.bands), len(other.bands))
        left = one.bands * (count if len(one.bands) == 1 else 1)
        right = other.bands * (count if len(other.bands) == 1 else 1)
        return zip(left[:count], right[:count], strict=True)
    if len(one.bands) != len(other.bands):
        raise EarthEngineError(
            "Images must have the same number of bands, or one of them a single band; "
            f"they have {len(one.bands)} and {len(other.bands)}."
        )
    if set(one.band_names) == set(other.band_names):
        by_name = {band.name: band for band in other.bands}
        return ((band, by_name[band.name]) for band in one.bands)
    return zip(one.bands, other.bands, strict=True)


def combined(one: Image, other: Image, make: Callable[[Node, Node], Node]) -> Image:
    """Return an image of a node for each pair of bands, named after the image with more of them."""
    named_after = other if len(other.bands) > len(one.bands) else one
    pairs = list(paired(one, other))
    bands = tuple(
        replace(_native(a, b), name=name, node=make(a.node, b.node))
        for (a, b), name in zip(pairs, named_after.band_names, strict=False)
    )
    return Image(bands=bands, footprint=one.footprint or other.footprint)


def _native(one: Band, other: Band) -> Band:
    """Return the band whose projection the result takes: the first that is a scene's."""
    return other if one.grid is None and other.grid is not None else one


def each_band(image: Image, make: Callable[[Node], Node]) -> Image:
    """Return the same image, properties kept, with a node over each of its bands."""
    return image.with_bands([replace(band, node=make(band.node)) for band in image.bands])


def _binary(name: str) -> Callable[[Image, Image], Image]:
    formula, kind = formulas.BINARY[name]

    def make(a: Node, b: Node) -> Node:
        """Return the node of two bands."""
        return Elementwise(formula, kind(a.kind, b.kind), [a, b])

    return lambda one, other: combined(one, other, make)


def _unary(name: str) -> Callable[[Image], Image]:
    formula, kind = formulas.UNARY[name]
    return lambda image: each_band(image, lambda n: Elementwise(formula, kind(n.kind), [n]))


def _cast(node: Node, kind: PixelType) -> Node:
    return node if node.kind == kind else Elementwise(lambda a: a, kind, [node])


def _caster(kind: PixelType) -> Callable[[Image], Image]:
    return lambda image: each_band(image, lambda node: _cast(node, kind))


for _name in formulas.BINARY:
    add(f"Image.{_name}", _binary(_name))
for _name in formulas.UNARY:
    add(f"Image.{_name}", _unary(_name))
for _old, _name in formulas.ALIASES.items():
    add(f"Image.{_old}", _binary(_name) if _name in formulas.BINARY else _unary(_name))
for _name, _kind in formulas.casts().items():
    add(f"Image.{_name}", _caster(_kind))


def _type(kind: Any) -> PixelType:
    if not isinstance(kind, (str, PixelType)):
        raise EarthEngineError(f"Expected a pixel type, not {str(kind)[:50]!r}.")
    return named(kind) if isinstance(kind, str) else kind


@algorithm("Image.cast")
def cast(image: Image, types: dict[str, Any], order: list[str] | None) -> Image:
    """Return bands as other types, by name.

    Names that are not there become bands masked everywhere.
    """
    wanted = {name: _type(kind) for name, kind in types.items()}
    bands = {
        band.name: replace(band, node=_cast(band.node, wanted.get(band.name, band.type)))
        for band in image.bands
    }
    for name, kind in wanted.items():
        bands.setdefault(name, Band(name, _transparent(kind)))
    if order is not None and sorted(order) != sorted(bands):
        raise EarthEngineError(f"'bandOrder' must name each of the bands {list(bands)} once.")
    return image.with_bands([bands[name] for name in order or bands])


def _transparent(kind: PixelType) -> Node:
    zero = Constant(kind, 0)
    return UpdateMask(zero, zero)


@algorithm("Image.clamp")
def clamp(image: Image, low: float, high: float) -> Image:
    """Raise values below `low`, and lower those above `high`, to these."""
    formula = partial(formulas.clipped, low=low, high=high)
    return each_band(image, lambda n: Elementwise(formula, n.kind, [n]))


@algorithm("Image.unitScale")
def unit_scale(image: Image, low: float, high: float) -> Image:
    """Scale so that `low` becomes 0 and `high` 1."""
    formula = formulas.double(lambda a: (a - low) / (high - low))
    return each_band(image, lambda n: Elementwise(formula, n.kind.floating, [n]))


@algorithm("Image.normalizedDifference")
def normalized_difference(image: Image, names: list[str] | None) -> Image:
    """Return (first - second) / (first + second), 0 for 0 / 0, masked where either is below 0.

    The properties are not kept.
    """
    chosen = [band for name in names for band in find(image, name)] if names else image.bands[:2]
    if len(chosen) != 2:
        raise EarthEngineError(f"Two bands are needed; there are {len(chosen)}.")

    def ratio(a: Any, b: Any) -> Any:
        """Return the normalized difference, NaN where one is negative."""
        return np.where((a < 0) | (b < 0), np.nan, formulas.BINARY["divide"][0](a - b, a + b))

    formula = formulas.double(ratio)
    nodes = [band.node for band in chosen]
    kind = nodes[0].kind.union(nodes[1].kind).floating
    band = replace(chosen[0], name="nd", node=Elementwise(formula, kind, nodes))
    return Image(bands=(band,), footprint=image.footprint)

"""Terrain: slope, aspect and shade of an elevation in metres, from the four nearest neighbours.

Unsettled: a degree of longitude has cos(latitude) times the length of one of latitude, 111,319 m;
the aspect of a flat pixel is 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.algorithms.images.bands import add_bands
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE, FLOAT, NAMED, PixelType
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.relief import Derivative, Formula, Relief
from local_earthengine.values.image import Band, Image


def _elevation(image: Image) -> Band:
    """Return the only band, or the one named `elevation`."""
    if len(image.bands) == 1:
        return image.bands[0]
    for band in image.bands:
        if band.name == "elevation":
            return band
    raise EarthEngineError("The image must have a single band, or one named 'elevation'.")


def _band(image: Image, name: str, formula: Formula, kind: PixelType = FLOAT) -> Band:
    elevation = _elevation(image)
    return replace(elevation, name=name, node=Relief(elevation.node, formula, kind))


def _steepness(east: NDArray[Any], north: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.degrees(np.arctan(np.hypot(east, north))))


def _direction(east: NDArray[Any], north: NDArray[Any]) -> NDArray[Any]:
    """Return where it falls to, from the north clockwise; 0 of a flat surface."""
    angle = np.degrees(np.arctan2(-east, -north)) % 360.0
    return np.where((east == 0) & (north == 0), 0.0, angle)


def _shade(azimuth: float, elevation: float) -> Formula:
    """Return 255 times the cosine between the light and the surface's upright, 0 in the shade."""
    light, height = math.radians(azimuth), math.radians(elevation)

    def formula(east: NDArray[Any], north: NDArray[Any]) -> NDArray[Any]:
        """Return the light on a surface of these rises per metre."""
        upright = np.sqrt(1 + east * east + north * north)
        toward = -(east * math.sin(light) + north * math.cos(light)) * math.cos(height)
        return np.asarray(np.clip(255 * (math.sin(height) + toward) / upright, 0, 255))

    return formula


@algorithm("Terrain.slope")
def slope(image: Image) -> Image:
    """Return degrees from the level."""
    return image.with_bands([_band(image, "slope", _steepness)])


@algorithm("Terrain.aspect")
def aspect(image: Image) -> Image:
    """Return degrees from the north, clockwise, of the way down; 0 where it is flat."""
    return image.with_bands([_band(image, "aspect", _direction)])


@algorithm("Terrain.hillshade")
def hillshade(image: Image, azimuth: float, elevation: float) -> Image:
    """Return bytes: 255 where light falls upright, 0 where a surface is turned away."""
    shade = _shade(azimuth, elevation)
    return image.with_bands([_band(image, "hillshade", shade, NAMED["uint8"])])


@algorithm("Terrain", "Terrain.products")
def products(image: Image) -> Image:
    """Return the image with `slope`, `aspect` and `hillshade` (light from 270 degrees, 45 up)."""
    parts = [slope(image), aspect(image), hillshade(image, 270.0, 45.0)]
    added = parts[0].with_bands([band for part in parts for band in part.bands])
    return add_bands(image, added, None, True)


@algorithm("Image.derivative")
def derivative(image: Image) -> Image:
    """Return bands `NAME_x`, `NAME_y`: half the neighbours' difference, rows counted down."""
    return image.with_bands(
        [
            replace(band, name=f"{band.name}_{axis}", node=Derivative(band.node, place))
            for band in image.bands
            for place, axis in enumerate("xy")
        ]
    )


def _component(place: int) -> Callable[[Node], Node]:
    def formula(east: NDArray[Any], north: NDArray[Any]) -> NDArray[Any]:
        """Return one of the two rises."""
        return (east, north)[place]

    return lambda node: Relief(node, formula, DOUBLE)


@algorithm("Image.gradient")
def gradient(image: Image) -> Image:
    """Return bands `x` and `y` of the first band.

    Unsettled: its rise per metre to the east and to the north.
    """
    if not image.bands:
        raise EarthEngineError("The image has no bands.")
    first = image.with_bands(image.bands[:1])
    parts = [each_band(first, _component(place)).bands[0] for place in (0, 1)]
    return image.with_bands([replace(b, name=n) for b, n in zip(parts, "xy", strict=True)])

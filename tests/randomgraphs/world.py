"""Six small scenes, once for the server and once as plain lists for the interpreter."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from pyproj import Transformer
from shapely.geometry import Polygon

from tests.randomgraphs.interpreter.collections import Collection
from tests.randomgraphs.interpreter.images import Image, Lattice, Rectangle, raster
from tests.unit.local_earthengine.world import NAME, UTM, Layer, World

WIDTH, HEIGHT = 7, 6
WEST, NORTH = 500_000.0, 8_000_000.0
# Where scenes lie: on one lattice, moved by whole pixels, by parts of one, and coarser.
_PLACES: Final = (
    (0.0, 0.0, 10.0), (0.0, 0.0, 10.0), (20.0, -10.0, 10.0),
    (-17.0, 3.0, 10.0), (0.0, 0.0, 30.0), (0.0, 0.0, 10.0),
)  # fmt: skip
DTYPES: Final = {"a": "float32", "b": "float32", "c": "uint8", "d": "int16", "e": "float64"}
# The bands of each scene; those of one collection need not agree.
_BANDS: Final = ("abcde", "abcde", "abcde", "abcde", "abcde", "ac")
PROPERTIES: Final = [{"k": k, "orbit": 10 + k % 2} for k in (3, 1, 4, 0, 5, 2)]
MARGIN: Final = 3.0


def _layer(rng: np.random.Generator, dtype: str) -> Layer:
    """Eighths, some of them 0 or below, with a quarter of them masked."""
    low = 0 if dtype == "uint8" else -24
    numbers = rng.integers(low, 40, (HEIGHT, WIDTH))
    values = numbers / 8 if dtype.startswith("float") else numbers
    return values.astype(dtype), rng.random((HEIGHT, WIDTH)) > 0.25


def _footprint(west: float, north: float, side: float) -> tuple[Polygon, Rectangle]:
    """A little more than the raster, in degrees and in metres."""
    east, south = west + side * WIDTH, north - side * HEIGHT
    area = Rectangle(UTM, west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    turn = Transformer.from_crs(UTM, "EPSG:4326", always_xy=True).transform
    corners = [(area.west, area.south), (area.east, area.south),
               (area.east, area.north), (area.west, area.north)]  # fmt: skip
    return Polygon([turn(*corner) for corner in corners]), area


def made() -> tuple[World, dict[str, Any]]:
    """The catalogue that the server has, and the one that the interpreter has."""
    world, plain, images = World(), {}, []
    rng = np.random.default_rng(20_200_101)
    for (dx, dy, side), names, properties in zip(_PLACES, _BANDS, PROPERTIES, strict=True):
        west, north = WEST + dx, NORTH + dy
        layers = {name: _layer(rng, DTYPES[name]) for name in names}
        shape, area = _footprint(west, north, side)
        asset = world.add(layers, (west, north), side, footprint=shape, **properties)
        lattice = Lattice(UTM, side, west, north, -side)
        bands = {
            name: raster(DTYPES[name], lattice, values.tolist(), valid.tolist())
            for name, (values, valid) in layers.items()
        }
        own = {"system:index": asset.rpartition("/")[2], **properties}
        images.append(Image(bands, own, (area,)))
        plain[asset] = images[-1]
    return world, {**plain, NAME: Collection(tuple(images))}

"""A small image of three classes with gaps, and a world that holds a layer."""

from __future__ import annotations

import ee
import numpy as np

from tests.unit.local_earthengine.world import Layer, World, native

SHAPE = (14, 17)
GRID = native(17, 14)


def classes(seed: int, gaps: float = 0.15) -> Layer:
    """Whole numbers from 0 to 2, and which of them are valid."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 3, SHAPE).astype("uint8"), rng.random(SHAPE) >= gaps


def world(layer: Layer, name: str = "k") -> tuple[World, ee.Image]:
    """A world with one image of one band, and the image."""
    made = World()
    return made, ee.Image(made.add({name: layer}))

"""Colours, against Python's own arithmetic of them."""

from __future__ import annotations

import colorsys

import ee
import numpy as np
import pytest

from tests.unit.local_earthengine.world import World, native, same

SHAPE = (14, 17)
GRID = native(17, 14)


def test_colours_turn_and_turn_back() -> None:
    rng = np.random.default_rng(6)
    layers = {name: (rng.random(SHAPE), np.ones(SHAPE, bool)) for name in "rgb"}
    layers["r"][0][0, :3] = layers["g"][0][0, :3] = layers["b"][0][0, :3] = [0, 0.5, 1]
    made = World()
    image = ee.Image(made.add(layers))
    found = made.pixels(image.rgbToHsv(), GRID)
    for place in np.ndindex(SHAPE):
        expected = colorsys.rgb_to_hsv(*(float(layers[n][0][place]) for n in "rgb"))
        got = [found[name][0][place] for name in ("hue", "saturation", "value")]
        assert got == pytest.approx(expected)
    back = made.pixels(image.rgbToHsv().hsvToRgb(), GRID)
    for name, old in zip(("red", "green", "blue"), "rgb", strict=True):
        same(back[name], layers[old])

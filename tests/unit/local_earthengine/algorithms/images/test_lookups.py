"""Values exchanged by a table or a line with corners, against loops over pixels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.local_earthengine.algorithms.images.few_classes import GRID, SHAPE, classes, world
from tests.unit.local_earthengine.world import same, speckle


def test_values_are_exchanged_by_a_table() -> None:
    layer = classes(4)
    made, image = world(layer)
    found = made.pixels(image.remap([2, 0], [7, -3]), GRID)["remapped"]
    table = {2: 7, 0: -3}
    expected = np.vectorize(lambda v: table.get(int(v), 0))(layer[0])
    same(found, (expected, layer[1] & (layer[0] != 1)))
    filled = made.pixels(image.remap([2, 0], [7, -3], 9), GRID)["remapped"]
    same(filled, (np.where(layer[0] == 1, 9, expected), layer[1]))


@pytest.mark.parametrize("behavior", ["extrapolate", "clamp", "input", "mask"])
def test_values_go_through_a_line_with_corners(behavior: str) -> None:
    layer = speckle(SHAPE, 5, 0.2)
    made, image = world(layer, "v")
    xs, ys = [0.4, 0.9, 1.5], [10.0, 20.0, -5.0]

    found = made.pixels(image.interpolate(xs, ys, behavior), GRID)["v"]

    expected, known = np.zeros(SHAPE), layer[1].copy()
    for place in zip(*np.nonzero(known), strict=True):
        value = float(layer[0][place])
        if xs[0] <= value <= xs[-1] or behavior == "extrapolate":
            part = 0 if value < xs[1] else 1
            slope = (ys[part + 1] - ys[part]) / (xs[part + 1] - xs[part])
            expected[place] = ys[part] + slope * (value - xs[part])
        elif behavior == "clamp":
            expected[place] = ys[0] if value < xs[0] else ys[-1]
        elif behavior == "input":
            expected[place] = value
        else:
            known[place] = False
    same(found, (np.where(known, expected, 0), known), 1e-5)

"""Entropy, against loops over the neighbours."""

from __future__ import annotations

import math
from collections import Counter

import ee
import numpy as np

from tests.unit.local_earthengine.algorithms.images.few_classes import GRID, SHAPE, classes, world
from tests.unit.local_earthengine.world import same


def test_entropy_is_that_of_how_often_values_occur() -> None:
    layer = classes(10, gaps=0.3)
    made, image = world(layer)
    found = made.pixels(image.entropy(ee.Kernel.square(1)), GRID)["k"]
    bits = np.zeros(SHAPE)
    for row, col in zip(*np.nonzero(layer[1]), strict=True):
        rows, cols = slice(max(0, row - 1), row + 2), slice(max(0, col - 1), col + 2)
        counts = Counter(layer[0][rows, cols][layer[1][rows, cols]].tolist())
        total = sum(counts.values())
        bits[row, col] = -sum(n / total * math.log2(n / total) for n in counts.values())
    same(found, (bits, layer[1]), 1e-9)

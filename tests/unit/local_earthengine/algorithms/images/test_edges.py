"""Canny's edges, against loops over the pixels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ee
import numpy as np
import pytest
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.world import Layer, World, native, same

HEIGHT, WIDTH = 26, 31
Picture = Callable[[int, int], float]
RNG = np.random.default_rng(8)
NOISE = RNG.normal(size=(HEIGHT, WIDTH))
PICTURES: dict[str, Picture] = {
    "upright": lambda _, x: float(x > 15),
    "level": lambda y, _: float(y < 12),
    "falling": lambda y, x: float(x > y),
    "rising": lambda y, x: float(x + y > 27),
    "disc": lambda y, x: float(math.hypot(x - 15, y - 13) < 8),
    "hill": lambda y, x: 3 * math.exp(-((x - 15) ** 2 + 2 * (y - 13) ** 2) / 40),
    "noise": lambda y, x: float(NOISE[y, x]),
}


def layer(picture: Picture, gap: tuple[int, int] | None = None) -> Layer:
    values = np.array([[picture(y, x) for x in range(WIDTH)] for y in range(HEIGHT)])
    valid = np.ones(values.shape, np.bool_)
    if gap is not None:
        valid[gap] = False
    return values, valid


def blurred(values: NDArray[Any], sigma: float) -> dict[tuple[int, int], float]:
    """Each pixel's mean under a Gaussian of three sigma, where all of that lies in the image."""
    reach = math.ceil(3 * sigma)
    offsets = range(-reach, reach + 1)
    weight = {d: math.exp(-d * d / (2 * sigma * sigma)) if sigma else 1.0 for d in offsets}
    total = math.fsum(weight.values()) ** 2
    return {
        (y, x): math.fsum(
            weight[dy] * weight[dx] * values[y + dy, x + dx] for dy in offsets for dx in offsets
        )
        / total
        for y in range(reach, HEIGHT - reach)
        for x in range(reach, WIDTH - reach)
    }


def slopes(data: dict[tuple[int, int], float]) -> dict[tuple[int, int], tuple[float, float]]:
    """East and south by Sobel's weights, where all eight neighbours are known."""
    found = {}
    for y, x in data:
        around = [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
        if all(place in data for place in around):
            a, b, c, d, _, f, g, h, i = (data[place] for place in around)
            found[y, x] = (c + 2 * f + i - a - 2 * d - g, g + 2 * h + i - a - 2 * b - c)
    return found


def ridges(values: NDArray[Any], threshold: float, sigma: float) -> Layer:
    """The magnitude where neither neighbour along the gradient's direction is greater."""
    known = slopes(blurred(values, sigma))
    size = {place: math.hypot(*slope) for place, slope in known.items()}
    edges, valid = np.zeros(values.shape), np.zeros(values.shape, np.bool_)
    for (y, x), (east, south) in known.items():
        if not all((y + dy, x + dx) in known for dy in (-1, 0, 1) for dx in (-1, 0, 1)):
            continue
        valid[y, x] = True
        eighth = round(math.atan2(south, east) / (math.pi / 4)) % 4
        dx, dy = [(1, 0), (1, 1), (0, 1), (-1, 1)][eighth]
        own, ahead, behind = size[y, x], size[y + dy, x + dx], size[y - dy, x - dx]
        if own > threshold and own >= ahead and own > behind:
            edges[y, x] = own
    return edges, valid


def found(picture: Layer, threshold: float, sigma: float) -> Layer:
    world = World()
    image = ee.Image(world.add({"a": picture}))
    edges = ee.Algorithms.CannyEdgeDetector(image, threshold, sigma)
    values, valid = world.pixels(edges, native(WIDTH, HEIGHT), tile=13)["a"]
    return np.where(valid, values, 0), valid


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("threshold", "sigma"), [(1, 0), (2, 0.7), (0.05, 1)])
def test_edges_are_the_ridges_of_the_gradient(name: str, threshold: float, sigma: float) -> None:
    # A picture with an axis has ridges of two equal pixels, which a blur's rounding tells apart.
    values, valid = layer(PICTURES[name])
    if sigma:
        values = values + NOISE / 1000
    expected = ridges(values, threshold, sigma)
    same(found((values, valid), threshold, sigma), expected, 1e-9)
    assert name == "hill" or expected[0].any()


@pytest.mark.parametrize("sigma", [0, 1])
def test_a_step_is_a_line_of_one_pixel_and_its_threshold_a_bound(sigma: float) -> None:
    step = layer(PICTURES["upright"])
    edges, valid = found(step, 1, sigma)
    height = edges.max()
    lines = np.count_nonzero(edges[valid.any(axis=1)], axis=1)
    assert set(lines.tolist()) == {1}
    bell = [1.0, *(math.exp(-n * n / 2) for n in (1, 2, 3))]
    share = (bell[0] + bell[1]) / (bell[0] + 2 * sum(bell[1:])) if sigma else 1
    assert height == pytest.approx(4 * share)
    assert not found(step, height, sigma)[0].any()
    assert found(step, height * 0.999, sigma)[0].any()


def test_a_gap_is_felt_as_far_as_an_edge_looks() -> None:
    valid = found(layer(PICTURES["disc"], gap=(13, 4)), 1, 0)[1]
    missing = np.argwhere(~valid[2:-2, 2:-2])
    assert missing.min(axis=0).tolist() == [9, 0]
    assert missing.max(axis=0).tolist() == [13, 4]
    assert len(missing) == 25


@pytest.mark.parametrize("sigma", [-1, 101])
def test_a_blur_that_makes_no_sense_is_refused(sigma: float) -> None:
    with pytest.raises(EarthEngineError, match="'sigma' must lie between 0 and 100"):
        found(layer(PICTURES["disc"]), 1, sigma)

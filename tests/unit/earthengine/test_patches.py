"""Patches, distances, choices and drawings, against loops over pixels."""

from __future__ import annotations

import colorsys
import math
from collections import Counter

import ee
import numpy as np
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.earthengine.world import NAME, UTM, Layer, World, native, same, speckle

SHAPE = (14, 17)
GRID = native(17, 14)
Place = tuple[int, int]


def classes(seed: int, gaps: float = 0.15) -> Layer:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 3, SHAPE).astype("uint8"), rng.random(SHAPE) >= gaps


def world(layer: Layer, name: str = "k") -> tuple[World, ee.Image]:
    made = World()
    return made, ee.Image(made.add({name: layer}))


def patch(layer: Layer, start: Place, eight: bool) -> set[Place]:
    """All pixels of one value that hang together, by flooding."""
    values, valid = layer
    found, pending = {start}, [start]
    while pending:
        row, col = pending.pop()
        for dy, dx in np.ndindex(3, 3):
            near = row + dy - 1, col + dx - 1
            straight = dy == 1 or dx == 1
            inside = 0 <= near[0] < SHAPE[0] and 0 <= near[1] < SHAPE[1]
            joined = (eight or straight) and inside and near not in found
            if joined and valid[near] and values[near] == values[start]:
                found.add(near)
                pending.append(near)
    return found


@pytest.mark.parametrize("eight", [True, False])
@pytest.mark.parametrize(("most", "tile"), [(100, 512), (5, 512), (30, 6)])
def test_connected_pixels_are_counted(eight: bool, most: int, tile: int) -> None:
    layer = classes(1)
    made, image = world(layer)

    found = made.pixels(image.connectedPixelCount(most, eight), GRID, tile)["k"]

    sizes = np.zeros(SHAPE)
    for place in zip(*np.nonzero(layer[1]), strict=True):
        sizes[place] = min(most, len(patch(layer, place, eight)))
    same(found, (sizes, layer[1]))


@pytest.mark.parametrize("tile", [512, 5])
def test_patches_have_labels_of_their_own(tile: int) -> None:
    layer = classes(2)
    made, image = world(layer)

    found = made.pixels(image.connectedComponents(ee.Kernel.plus(1), 12), GRID, tile)["labels"]

    seen: dict[int, set[Place]] = {}
    for place in zip(*np.nonzero(layer[1]), strict=True):
        members = patch(layer, place, eight=False)
        assert found[1][place] == (len(members) <= 12)
        if len(members) <= 12:
            assert seen.setdefault(int(found[0][place]), members) == members
    assert not found[1][~layer[1]].any()
    with pytest.raises(EarthEngineError, match="must be of an integer type"):
        made.pixels(image.toFloat().connectedComponents(ee.Kernel.plus(1), 12), GRID)


@pytest.mark.parametrize("metric", ["squared_euclidean", "manhattan", "chebyshev"])
@pytest.mark.parametrize(("reach", "tile"), [(256, 512), (3, 6)])
def test_distances_to_the_nearest_pixel(metric: str, reach: int, tile: int) -> None:
    rng = np.random.default_rng(3)
    values = (rng.random(SHAPE) < 0.03).astype("uint8")
    valid = rng.random(SHAPE) > 0.1
    made, image = world((values, valid))

    found = made.pixels(image.fastDistanceTransform(reach, "pixels", metric), GRID, tile)

    far, near = np.zeros(SHAPE), np.zeros(SHAPE, bool)
    marks = [tuple(place) for place in np.argwhere((values != 0) & valid)]
    for place in np.ndindex(SHAPE):
        gaps = [(abs(place[0] - r), abs(place[1] - c)) for r, c in marks]
        each = {
            "squared_euclidean": [a * a + b * b for a, b in gaps],
            "manhattan": [a + b for a, b in gaps],
            "chebyshev": [max(a, b) for a, b in gaps],
        }[metric]
        limit = reach * reach if metric == "squared_euclidean" else reach
        if min(each) <= limit:
            far[place], near[place] = min(each), True
    same(found["distance"], (far, near))


def test_the_best_image_of_each_pixel() -> None:
    made = World()
    layers = [(speckle(SHAPE, i, 0.3), speckle(SHAPE, 90 + i, 0.3)) for i in range(4)]
    for value, quality in layers:
        made.add({"v": value, "q": quality})

    found = made.pixels(ee.ImageCollection(NAME).qualityMosaic("q"), GRID)

    for place in np.ndindex(SHAPE):
        known = [(q[0][place], i) for i, (_, q) in enumerate(layers) if q[1][place]]
        assert found["q"][1][place] == bool(known)
        if known:
            values, valid = layers[max(known)[1]][0]
            assert found["v"][1][place] == valid[place]
            if valid[place]:
                assert found["v"][0][place] == values[place]


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


def test_the_upper_image_covers_the_lower() -> None:
    one, other = speckle(SHAPE, 7, 0.4), speckle(SHAPE, 8, 0.4)
    made = World()
    image = ee.Image(made.add({"a": one, "b": other}))
    found = made.pixels(image.select("a").blend(image.select("b")), GRID)["a"]
    same(found, (np.where(other[1], other[0], one[0]), one[1] | other[1]))


def test_geometries_are_painted() -> None:
    made, image = world(speckle(SHAPE, 9, 0.5), "v")
    box = [500_020, 8_000_000 - 90, 500_080, 8_000_000 - 30]
    shape = ee.Geometry.Rectangle(box, ee.Projection(UTM), False)
    features = ee.FeatureCollection([ee.Feature(shape, {"c": 5})])

    filled = made.pixels(image.paint(features, "c"), GRID)["v"]
    outline = made.pixels(ee.Image(0).paint(features, 1, 2), GRID)["constant"]

    assert (filled[0][3:9, 2:8] == 5).all()
    assert filled[1][3:9, 2:8].all()
    assert (filled[0] == 5).sum() == 36
    assert outline[0].sum() == 8 * 8 - 4 * 4
    assert outline[0][3, 2] == outline[0][2, 1] == 1
    assert outline[0][5, 5] == 0
    with pytest.raises(EarthEngineError, match="The color must be a number"):
        made.pixels(image.paint(features, "nothing"), GRID)


def test_entropy_of_the_neighbours() -> None:
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


def test_bands_are_renamed_by_a_rule() -> None:
    made = World()
    image = ee.Image([1, 2]).rename(["VV_mean", "VH_mean"])
    assert made.compute(image.regexpRename("(V.)_", "$1.").bandNames()) == ["VV.mean", "VH.mean"]
    assert made.compute(image.regexpRename("e|n", "x").bandNames()) == ["VV_mxax", "VH_mxax"]
    assert made.compute(image.regexpRename("m|n", "x", False).bandNames()) == ["VV_xean", "VH_xean"]


def test_kernels_add_up_around_their_middles() -> None:
    made = World()
    one = ee.Kernel.fixed(3, 1, [[1, 2, 3]])
    other = ee.Kernel.fixed(1, 3, [[10], [20], [30]])
    image = ee.Image(made.add({"v": speckle(SHAPE, 12)}))
    found = made.pixels(image.convolve(one.add(other)), GRID)["v"]
    apart = made.pixels(image.convolve(one).add(image.convolve(other)), GRID)["v"]
    inner = (slice(1, -1), slice(1, -1))
    np.testing.assert_allclose(found[0][inner], apart[0][inner], rtol=1e-5)

"""Patches of connected pixels and distances to them, against loops over pixels."""

from __future__ import annotations

import ee
import numpy as np
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.algorithms.images.few_classes import GRID, SHAPE, classes, world
from tests.unit.local_earthengine.world import Layer, same

Place = tuple[int, int]


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
@pytest.mark.parametrize(("reach", "tile"), [(256, 512), (3, 6), (1, 512)])
def test_a_distance_is_that_to_the_nearest_marked_pixel(metric: str, reach: int, tile: int) -> None:
    rng = np.random.default_rng(3)
    values = (rng.random(SHAPE) < 0.03).astype("uint8")
    valid = rng.random(SHAPE) > 0.1
    made, image = world((values, valid))

    found = made.pixels(image.fastDistanceTransform(reach, "pixels", metric), GRID, tile)

    distances, everywhere = found["distance"]
    assert everywhere.all()
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
            assert distances[place] == min(each)
        else:
            assert distances[place] > reach


@pytest.mark.parametrize(("reach", "steps"), [(30, 1), (30, 3), (10, 5), (4, 2), (256, 2)])
def test_an_erosion_by_distances_keeps_all_but_a_border(reach: int, steps: int) -> None:
    kept = np.ones(SHAPE, np.uint8)
    kept[2, 3] = 0
    made, image = world((kept, np.ones(SHAPE, bool)))
    distance = image.Not().unmask(0).fastDistanceTransform(reach).sqrt()

    found = made.pixels(image.updateMask(distance.gt(steps)), GRID)["k"]

    rows, cols = np.indices(SHAPE)
    near = np.hypot(rows - 2, cols - 3)
    np.testing.assert_array_equal(found[1], near > steps)
    assert found[1].any()

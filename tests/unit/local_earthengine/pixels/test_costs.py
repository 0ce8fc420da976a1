"""What pixels cost: nothing twice, memory by the tile, time in proportion to plain arrays."""

from __future__ import annotations

import time
import tracemalloc
from collections import Counter
from typing import Any

import ee
import numpy as np

from local_earthengine.engine import Engine, render
from local_earthengine.pixels.node import Node
from local_earthengine.values.image import Image
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import NAME, World, native, speckle

SCENES, SIDE = 30, 1000


def full(side: int, count: int) -> World:
    made = World()
    for seed in range(count):
        made.add({"v": speckle((side, side), seed, 0.1)})
    return made


def image_of(made: World, value: Any) -> Image:
    return Engine(made).image(ee_offline.expression(value))


def test_a_median_of_30_scenes_takes_little_longer_than_the_same_in_numpy() -> None:
    made = full(SIDE, SCENES)
    image = image_of(made, ee.ImageCollection(NAME).median())
    layers = [scene.bands[0].read(scene.bands[0].grid) for scene in made.scenes]

    rows = SIDE // 4
    begun = time.process_time()
    stack = np.stack([np.where(valid, values, np.nan)[:rows] for values, valid in layers])
    expected = np.nanmedian(stack, axis=0)
    plain = 4 * (time.process_time() - begun)
    begun = time.process_time()
    found = np.full((SIDE, SIDE), np.nan)
    grid = native(SIDE, SIDE)
    for tile, bands in render(image, grid):
        col, row = grid.offset(tile) or (0, 0)
        part = found[row : row + tile.height, col : col + tile.width]
        np.copyto(part, bands["v"].values, where=bands["v"].valid)
    ours = time.process_time() - begun

    np.testing.assert_allclose(found[:rows], expected, rtol=1e-6)
    # numpy alone takes some 3 s on two cores: far below 20, whatever the machine's load.
    assert ours < 2 * plain, (ours, plain)


def test_nothing_is_evaluated_twice_within_a_request() -> None:
    made = full(40, 4)
    evaluated: Counter[tuple[int, Any]] = Counter()
    scenes = ee.ImageCollection(NAME).map(lambda image: image.focal_median(2).log10())
    median, mean = scenes.median(), scenes.mean()
    again = ee.ImageCollection(NAME).sort("system:time_start", False).limit(2).mosaic()
    value = median.subtract(mean).addBands(median.add(again)).addBands(median.where(mean.gt(0), 1))

    image = image_of(made, value)
    _count_evaluations(image, evaluated)
    for _ in render(image, native(40, 40), tile=20):
        pass

    assert len(evaluated) > 4 * 4 * 3  # four tiles, four scenes, three steps each
    assert set(evaluated.values()) == {1}
    # A scene is read at most once a tile, for all of its filter, margin and plain use.
    assert len(made.reads) == 4 * 4


def _count_evaluations(image: Image, evaluated: Counter[tuple[int, Any]]) -> None:
    pending: list[Node] = [band.node for band in image.bands]
    seen: set[Node] = set()
    while pending:
        node = pending.pop()
        if node in seen:
            continue
        seen.add(node)
        pending.extend(node.inputs)
        node.compute = _counting(node, evaluated)  # type: ignore[method-assign]


def _counting(node: Node, evaluated: Counter[tuple[int, Any]]) -> Any:
    compute = node.compute

    def counted(view: Any, inputs: Any) -> Any:
        evaluated[id(node), view] += 1
        return compute(view, inputs)

    return counted


def test_memory_depends_on_the_tile_and_not_on_the_scenes_extent() -> None:
    def peak(side: int) -> int:
        made = full(side, 8)
        smooth = ee.ImageCollection(NAME).map(lambda image: image.focal_mean(3))
        image = image_of(made, smooth.median().add(smooth.reduce(ee.Reducer.stdDev())))
        tracemalloc.start()
        try:
            for _ in render(image, native(side, side), tile=128):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    small, large = peak(256), peak(512)

    assert large < 1.25 * small, (small, large)

"""Refined Lee, said with Earth Engine's kernels and arrays, equals plain loops."""

from __future__ import annotations

from typing import Any

import ee
import pytest

from local_earthengine.engine import Engine, render
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.stac.catalog import StacCatalog
from tests.support import offline_client as ee_offline
from tests.support.real_scenes import real_scenes
from tests.support.refined_lee import refined_lee
from tests.unit.local_earthengine.world import Layer, World, native, same, speckle


def filtered(image: Any) -> Any:
    """The filter over a power image of one band; its pixels are arrays of one element."""
    means, spreads = _moments(image, ee.Kernel.square(1, "pixels", False))
    grid = [[int(row % 2 and col % 2) for col in range(7)] for row in range(7)]
    lattice = ee.Kernel.fixed(7, 7, grid, 3, 3)
    means, spreads = means.neighborhoodToBands(lattice), spreads.neighborhoodToBands(lattice)
    direction = _direction(means)
    noise = spreads.divide(means.pow(2)).toArray().arraySort()
    noise = noise.arraySlice(0, 0, 5).arrayReduce(ee.Reducer.mean(), [0])
    mean, spread = _along(image, direction)
    wanted = spread.subtract(mean.pow(2).multiply(noise)).divide(noise.add(1))
    return mean.add(wanted.divide(spread).multiply(image.subtract(mean)))


def _moments(image: Any, kernel: Any) -> list[Any]:
    reducers = ee.Reducer.mean(), ee.Reducer.variance()
    return [image.reduceNeighborhood(reducer, kernel) for reducer in reducers]


def _direction(means: Any) -> Any:
    """The number of the steepest direction, 1 to 8."""
    centre, steps, turns = means.select(4), [], []
    for one, other in ((1, 7), (6, 2), (3, 5), (0, 8)):
        first, second = means.select(one), means.select(other)
        steps.append(first.subtract(second).abs())
        turns.append(first.subtract(centre).gt(centre.subtract(second)))
    steepest = ee.Image.cat(*steps)
    here = steepest.eq(steepest.reduce(ee.Reducer.max()))
    numbers = [turn.multiply(i + 1) for i, turn in enumerate(turns)]
    numbers += [turn.Not().multiply(i + 5) for i, turn in enumerate(turns)]
    return ee.Image.cat(*numbers).updateMask(here.addBands(here)).reduce(ee.Reducer.sum())


def _along(image: Any, direction: Any) -> list[Any]:
    """Mean and variance of the half of the window that the direction names."""
    flat = ee.Kernel.fixed(7, 7, [[int(row > 2)] * 7 for row in range(7)], 3, 3)
    slanted = ee.Kernel.fixed(7, 7, [[int(col <= row) for col in range(7)] for row in range(7)])
    kernels = [half.rotate(turn) for turn in range(4) for half in (flat, slanted)]
    moments = [_moments(image, kernel) for kernel in kernels]
    return [
        ee.Image.cat(
            *(found[which].updateMask(direction.eq(i + 1)) for i, found in enumerate(moments))
        ).reduce(ee.Reducer.sum())
        for which in (0, 1)
    ]


def _scene(gaps: float) -> tuple[World, Any, Layer]:
    made, layer = World(), speckle((22, 25), 11, gaps, "float64")
    return made, ee.Image(made.add({"v": layer})), layer


@pytest.mark.parametrize("gaps", [0.0, 0.04])
@pytest.mark.parametrize("way", ["arrayGet", "arrayFlatten", "arrayProject"])
def test_refined_lee_equals_loops(gaps: float, way: str) -> None:
    made, image, layer = _scene(gaps)
    found = filtered(image)
    scalar = {
        "arrayGet": lambda: found.arrayGet([0]),
        "arrayFlatten": lambda: found.arrayFlatten([["sum"]]),
        "arrayProject": lambda: found.arrayProject([0]).arrayFlatten([["sum"]]),
    }[way]()

    (ours,) = made.pixels(scalar, native(25, 22), tile=16).values()

    theirs = refined_lee(*layer)
    assert 0.3 < theirs[1].mean() < 1
    same(ours, theirs, 1e-9)


@pytest.mark.real_scenes
def test_refined_lee_equals_loops_on_real_scenes() -> None:
    folder = real_scenes()
    catalog = StacCatalog(folder)
    image = ee.ImageCollection("COPERNICUS/S1_GRD_FLOAT").filterDate("2021-11-25", "2021-12-10")
    image = image.filterBounds(ee.Geometry.Point(-120.612, 34.085)).first().select("VV").toDouble()
    spot = _spot(Engine(catalog).image(ee_offline.expression(image)).bands[0].grid)

    wide = _rendered(catalog, image, spot.window(-4, -4, spot.width + 8, spot.height + 8))
    ours = _rendered(catalog, filtered(image).arrayGet([0]), spot)

    values, valid = refined_lee(*wide)
    inner = slice(4, -4), slice(4, -4)
    assert valid[inner].mean() > 0.9
    same(ours, (values[inner], valid[inner]), 1e-7)


def _spot(grid: PixelGrid | None) -> PixelGrid:
    assert grid is not None
    return grid.window(grid.width // 2, grid.height // 2, 30, 24)


def _rendered(catalog: StacCatalog, image: Any, grid: PixelGrid) -> Layer:
    ((_, bands),) = render(Engine(catalog).image(ee_offline.expression(image)), grid)
    ((_, pixels),) = bands.items()
    return pixels.values, pixels.valid


def test_as_arrays_it_is_neither_a_mask_nor_exported() -> None:
    made, image, _ = _scene(0.0)
    arrays = filtered(image)
    assert made.compute(arrays.bandTypes())["sum"]["dimensions"] == 1

    with pytest.raises(EarthEngineError, match=r"Image.updateMask: The mask has array pixels"):
        made.compute(image.updateMask(arrays.gt(0)))
    with pytest.raises(EarthEngineError, match=r"Image.updateMask: The mask has array pixels"):
        made.compute(arrays.updateMask(arrays.lt(5)))
    with pytest.raises(EarthEngineError, match=r"array images is not supported: .*\[sum\]"):
        made.pixels(arrays, native(25, 22))

"""Array images, pixel by pixel, against loops over plain lists: arrays of any length, and masks."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import ee
import numpy as np
import pytest

from local_earthengine.engine import Engine
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.lattice import view_of
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.pixels.arrays import ArrayPixels
from local_earthengine.pixels.executor import Executor
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import NAME, Layer, World, native, same, speckle

SHAPE = (5, 6)
GRID = native(6, 5)
Cell = Any  # a list within lists of a pixel, a number, or None where it is masked


def cells(made: World, image: Any, grid: PixelGrid = GRID, band: int = 0) -> list[list[Cell]]:
    """What each pixel of a band holds."""
    found = Engine(made).image(ee_offline.expression(image))
    pixels = Executor([found.bands[band].node]).run(view_of(grid))[0]
    return [[_cell(pixels, row, col) for col in range(grid.width)] for row in range(grid.height)]


def _cell(pixels: Any, row: int, col: int) -> Cell:
    if not pixels.valid[row, col]:
        return None
    own = pixels.values[row, col]
    if isinstance(pixels, ArrayPixels) and pixels.lengths is not None:
        own = own[tuple(slice(0, length) for length in pixels.lengths[row, col])]
    return own.tolist()


def bands(count: int, gaps: float = 0.0) -> tuple[World, Any, list[Layer]]:
    """An image of so many bands, and their layers."""
    layers = [speckle(SHAPE, seed, gaps, "float64") for seed in range(count)]
    made = World()
    return made, ee.Image(made.add({f"b{i}": layer for i, layer in enumerate(layers)})), layers


def column(layers: list[Layer], row: int, col: int) -> list[float] | None:
    """The bands' numbers at a pixel; None if any is masked."""
    if not all(valid[row, col] for _, valid in layers):
        return None
    return [float(values[row, col]) for values, _ in layers]


def check(
    made: World, image: Any, layers: list[Layer], change: Callable[[list[float]], Cell]
) -> None:
    """Each pixel is the change of its bands' numbers; masked where any of them is."""
    found = cells(made, image)
    some = 0
    for row, col in np.ndindex(*SHAPE):
        numbers = column(layers, row, col)
        if numbers is None:
            assert found[row][col] is None
            continue
        some += 1
        expected = change(numbers)
        if expected is None:
            assert found[row][col] is None
        else:
            assert found[row][col] is not None
            expected = np.asarray(expected).tolist()
            np.testing.assert_allclose(found[row][col], expected, rtol=1e-12)
            assert np.shape(found[row][col]) == np.shape(expected)
    assert some > 5


def half(numbers: list[float]) -> list[list[float]]:
    """Two rows of a list."""
    middle = len(numbers) // 2
    return [numbers[:middle], numbers[middle:]]


def rows(image: Any, count: int, width: int) -> Any:
    return image.toArray().arrayReshape(ee.Image([count, width]).toArray(), 2)


def test_to_array_is_masked_where_any_band_is() -> None:
    made, image, layers = bands(4, 0.15)
    check(made, image.toArray(), layers, lambda n: n)
    check(made, image.toArray().toArray(1), layers, lambda n: [[v] for v in n])
    info = made.compute(image.toArray())["bands"]
    assert [(band["id"], band["data_type"]) for band in info] == [
        ("array", {"type": "PixelType", "precision": "double", "dimensions": 1})
    ]


@pytest.mark.parametrize(
    ("call", "change"),
    [
        (lambda a: a.arraySort(), sorted),
        (lambda a: a.arraySlice(0, 1, 3), lambda n: n[1:3]),
        (lambda a: a.arraySlice(0, -2), lambda n: n[-2:]),
        (lambda a: a.arraySlice(0, 0, None, 2), lambda n: n[::2]),
        (lambda a: a.arraySlice(0, 9), lambda _: []),
        (lambda a: a.arrayRepeat(0, 2), lambda n: n + n),
        (lambda a: a.arrayRepeat(1, 2), lambda n: [[v, v] for v in n]),
        (lambda a: a.arrayCat(a, 0), lambda n: n + n),
        (lambda a: a.arrayCat(a, 1), lambda n: [[v, v] for v in n]),
        (lambda a: a.arrayReduce(ee.Reducer.mean(), [0]), lambda n: [statistics.fmean(n)]),
        (lambda a: a.arrayReduce(ee.Reducer.median(), [0]), lambda n: [statistics.median(n)]),
        (lambda a: a.arraySlice(0, 9).arrayReduce(ee.Reducer.max(), [0]), lambda _: None),
        (lambda a: a.arraySlice(0, 9).arrayReduce(ee.Reducer.count(), [0]), lambda _: [0]),
        (lambda a: a.arrayAccum(0), lambda n: [sum(n[: i + 1]) for i in range(len(n))]),
        (lambda a: a.arrayAccum(0, ee.Reducer.max()),
         lambda n: [max(n[: i + 1]) for i in range(len(n))]),
        (lambda a: a.arrayPad([6], -1), lambda n: [*n, -1, -1]),
        (lambda a: a.arrayArgmax(), lambda n: [n.index(max(n))]),
        (lambda a: a.arrayLength(0), len),
        (lambda a: a.arrayLengths(), lambda n: [len(n)]),
        (lambda a: a.arrayDimensions(), lambda _: 1),
        (lambda a: a.arrayDotProduct(a), lambda n: sum(v * v for v in n)),
        (lambda a: a.arrayMask(a.gt(0.8)), lambda n: [v for v in n if v > 0.8]),
        (lambda a: a.arrayMask(a.gt(0.8)).arrayLength(0), lambda n: sum(v > 0.8 for v in n)),
        (lambda a: a.arrayMask(a.gt(0.8)).arraySort().arraySlice(0, 0, 1),
         lambda n: sorted(v for v in n if v > 0.8)[:1]),
        (lambda a: a.arrayMask(a.gt(0.8)).arrayCat(a, 0), lambda n: [v for v in n if v > 0.8] + n),
        (lambda a: a.arrayMask(a.gt(0.8)).arrayPad([4]),
         lambda n: [*(kept := [v for v in n if v > 0.8]), *[0] * (4 - len(kept))]),
        (lambda a: a.arrayMask(a.gt(0.8)).arrayReduce(ee.Reducer.min(), [0]),
         lambda n: [min(v for v in n if v > 0.8)] if max(n) > 0.8 else None),
        (lambda a: a.arrayMask(a.gt(0.8)).arrayArgmax(),
         lambda n: [[v for v in n if v > 0.8].index(max(n))] if max(n) > 0.8 else None),
        (lambda a: a.arraySort(a.multiply(-1)), lambda n: sorted(n, reverse=True)),
        (lambda a: a.arrayGet([2]), lambda n: n[2]),
        (lambda a: a.arrayGet([-1]), lambda n: n[-1]),
        (lambda a: a.arrayGet([-2]).subtract(a.arrayGet(-1)), lambda n: n[-2] - n[-1]),
        (lambda a: a.add(1).multiply(a), lambda n: [(v + 1) * v for v in n]),
        (lambda a: a.gt(1), lambda n: [int(v > 1) for v in n]),
        (lambda a: a.sqrt().toFloat().toDouble(), lambda n: [np.float32(v**0.5) for v in n]),
        (lambda a: a.subtract(10).log(), lambda n: [np.nan] * len(n)),
        (lambda a: a.subtract(10).log().arrayGet([0]), lambda _: None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("gaps", [0.0, 0.15])
def test_a_function_of_vector_pixels_is_its_loop_over_lists(
    call: Callable[[Any], Any], change: Callable[[list[float]], Cell], gaps: float
) -> None:
    made, image, layers = bands(4, gaps)
    check(made, call(image.toArray()), layers, change)


@pytest.mark.parametrize(
    ("call", "change"),
    [
        (lambda m: m, half),
        (lambda m: m.arrayTranspose(), lambda n: [list(p) for p in zip(*half(n), strict=True)]),
        (lambda m: m.arraySlice(1, 1, 2), lambda n: [row[1:2] for row in half(n)]),
        (lambda m: m.arraySlice(1, 1, 2).arrayProject([0]), lambda n: [row[1] for row in half(n)]),
        (lambda m: m.arraySlice(0, 0, 1).arrayProject([1]), lambda n: half(n)[0]),
        (lambda m: m.arrayReduce(ee.Reducer.sum(), [0]),
         lambda n: [[sum(p) for p in zip(*half(n), strict=True)]]),
        (lambda m: m.arrayReduce(ee.Reducer.sum(), [1]), lambda n: [[sum(r)] for r in half(n)]),
        (lambda m: m.arrayReduce(ee.Reducer.max(), [0, 1]), lambda n: [[max(n)]]),
        (lambda m: m.toArray(2).arrayReduce(ee.Reducer.minMax(), [1], 2),
         lambda n: [[[min(r), max(r)]] for r in half(n)]),
        (lambda m: m.arraySort(m.arraySlice(0, 0, 1)),
         lambda n: [[r[i] for i in sorted(range(3), key=lambda i: n[i])] for r in half(n)]),
        (lambda m: m.arrayMask(m.arraySlice(0, 0, 1).gt(0.8)),
         lambda n: np.array(half(n))[:, np.array(n[:3]) > 0.8]),
        (lambda m: m.arrayMask(m.arraySlice(1, 0, 1).gt(0.8)),
         lambda n: np.array(half(n))[np.array([n[0], n[3]]) > 0.8]),
        (lambda m: m.arrayReshape(ee.Image([-1]).toArray(), 1), lambda n: n),
        (lambda m: m.arrayArgmax(), lambda n: [n.index(max(n)) // 3, n.index(max(n)) % 3]),
        (lambda m: m.arrayLengths(), lambda _: [2, 3]),
        (lambda m: m.arrayDimensions(), lambda _: 2),
        (lambda m: m.arrayGet([1, 2]), lambda n: half(n)[1][2]),
        (lambda m: m.arrayGet([-1, -3]), lambda n: half(n)[-1][-3]),
        (lambda m: m.matrixMultiply(m.matrixTranspose()),
         lambda n: np.array(half(n)) @ np.array(half(n)).T),
    ],
)  # fmt: skip
def test_a_function_of_matrix_pixels_is_its_loop_over_lists(
    call: Callable[[Any], Any], change: Callable[[list[float]], Cell]
) -> None:
    made, image, layers = bands(6, 0.08)
    check(made, call(rows(image, 2, 3)), layers, change)


def test_parameters_may_differ_from_pixel_to_pixel() -> None:
    made, image, layers = bands(4)
    place = image.select("b0").multiply(3).toInt().clamp(0, 3)  # as varied as the scene
    array = image.toArray()

    def at(numbers: list[float]) -> int:
        return min(3, int(numbers[0] * 3))

    check(made, array.arrayGet(place), layers, lambda n: n[at(n)])
    check(made, array.arraySlice(0, place), layers, lambda n: n[at(n) :])
    check(made, array.arraySlice(0, 0, place), layers, lambda n: n[: at(n)])
    check(made, array.arraySlice(0, 0, place.multiply(-1)), layers,
          lambda n: n[: -at(n)] if at(n) else [])  # fmt: skip
    check(made, array.arrayRepeat(0, place), layers, lambda n: n * at(n))
    limited = place.updateMask(place.neq(2))
    check(made, array.arraySlice(0, limited), layers, lambda n: n[at(n) :] if at(n) != 2 else n)
    check(made, array.arraySlice(0, 1, limited), layers,
          lambda n: n[1 : at(n)] if at(n) != 2 else n[1:])  # fmt: skip
    check(made, array.arrayRepeat(0, limited), layers, lambda n: n * at(n) if at(n) != 2 else None)


def test_elements_become_bands_named_by_their_labels() -> None:
    made, image, layers = bands(4, 0.1)
    names = [["north", "south"], ["west", "east"]]
    found = made.pixels(rows(image, 2, 2).arrayFlatten(names), GRID)
    assert list(found) == ["north_west", "north_east", "south_west", "south_east"]
    everywhere = np.logical_and.reduce([valid for _, valid in layers])
    for (values, valid), (expected, _) in zip(found.values(), layers, strict=True):
        same((values, valid), (expected, everywhere), 1e-12)
    dashed = rows(image, 2, 2).arrayFlatten(names, "-").bandNames()
    assert made.compute(dashed)[0] == "north-west"


def test_scalar_bands_go_with_every_element() -> None:
    made, image, layers = bands(3, 0.1)
    array, scalar = image.toArray(), image.select("b1")
    check(made, array.divide(scalar), layers, lambda n: [v / n[1] for v in n])
    check(made, scalar.subtract(array), layers, lambda n: [n[1] - v for v in n])
    check(made, array.add(ee.Image(ee.Array([1, 2, 3]))), layers,
          lambda n: [n[0] + 1, n[1] + 2, n[2] + 3])  # fmt: skip


def test_whole_pixels_are_masked_filled_and_laid_over() -> None:
    made, image, layers = bands(3)
    array, first = image.toArray(), image.select("b0")
    short, kept = array.arraySlice(0, 0, 1), array.updateMask(first.gt(1))
    check(made, kept, layers, lambda n: n if n[0] > 1 else None)
    filled = kept.unmask(ee.Image(ee.Array([7])), False)
    check(made, filled, layers, lambda n: n if n[0] > 1 else [7])
    check(made, kept.mask(), layers, lambda n: int(n[0] > 1))
    check(made, array.mask(first.gt(1)), layers, lambda n: n if n[0] > 1 else None)
    over = ee.ImageCollection([short, kept]).mosaic()
    check(made, over, layers, lambda n: n if n[0] > 1 else n[:1])
    check(made, over.arrayLength(0), layers, lambda n: 3 if n[0] > 1 else 1)
    check(made, over.updateMask(first.lt(2)), layers,
          lambda n: None if n[0] >= 2 else n if n[0] > 1 else n[:1])  # fmt: skip


def test_arrays_are_moved_with_their_pixels() -> None:
    made, image, layers = bands(3)
    array = image.toArray()
    ragged = array.arrayMask(array.gt(0.8))
    apart = ragged.reproject("EPSG:32633", [20, 0, 500_000, 0, -20, 8_000_000])
    found = cells(made, apart)
    for row, col in np.ndindex(*SHAPE):
        # A coarse pixel's centre is the corner of four: the one right of and below it counts.
        y, x = row // 2 * 2 + 1, col // 2 * 2 + 1
        numbers = column(layers, y, x) if y < SHAPE[0] else None
        expected = None if numbers is None else [v for v in numbers if v > 0.8]
        assert found[row][col] == expected
    corner = cells(made, ragged, native(3, 2, 2, 1))
    assert corner == [row[2:5] for row in cells(made, ragged)[1:3]]


def test_arrays_are_read_over_windows_of_different_sizes() -> None:
    made, image, layers = bands(3)
    array = image.toArray()
    ragged = array.arrayMask(array.gt(0.8))
    wide = ragged.arraySort().arrayLength(0).focal_max(1, "square").rename("wide")
    found = made.pixels(ragged.arrayLength(0).rename("own").addBands(wide), native(3, 2, 2, 1))
    for row, col in np.ndindex(2, 3):
        around = [
            sum(v > 0.8 for v in column(layers, y, x) or [])
            for y in range(row, row + 3)
            for x in range(col + 1, col + 4)
        ]
        assert found["own"][0][row, col] == around[4]
        assert found["wide"][0][row, col] == max(around)


def collection(count: int, gaps: float = 0.4) -> tuple[World, list[list[Layer]]]:
    """So many images of two bands, with gaps of their own."""
    made, images = World(), []
    for i in range(count):
        layers = [speckle(SHAPE, 10 * i + j, gaps) for j in (0, 1)]
        made.add(dict(zip(("v", "w"), layers, strict=True)))
        images.append(layers)
    return made, images


def test_collections_become_matrices_of_the_images_that_are_valid() -> None:
    made, images = collection(4)
    found = cells(made, ee.ImageCollection(NAME).toArray())
    lengths = set()
    for row, col in np.ndindex(*SHAPE):
        lines = [line for layers in images if (line := column(layers, row, col)) is not None]
        lengths.add(len(lines))
        assert found[row][col] == (lines or None)
    assert {0, 1, 2} <= lengths


def test_a_statistic_of_a_collections_matrix_is_that_of_its_rows() -> None:
    made, images = collection(4)
    array = ee.ImageCollection(NAME).toArray()
    lowest = array.arraySort(array.arraySlice(1, 0, 1)).arraySlice(0, 0, 1).arrayProject([1])
    seen = made.pixels(lowest.arrayFlatten([["v", "w"]]).addBands(array.arrayLength(0)), GRID)
    for row, col in np.ndindex(*SHAPE):
        lines = [line for layers in images if (line := column(layers, row, col)) is not None]
        assert seen["v"][1][row, col] == bool(lines)
        if lines:
            best = min(lines)
            assert [seen[name][0][row, col] for name in ("v", "w")] == best
            assert seen["array"][0][row, col] == len(lines)


def test_collections_become_vectors_band_by_band() -> None:
    made, images = collection(3)
    strict, loose = (
        ee.ImageCollection(NAME).toArrayPerBand(0, dropMasked=drop) for drop in (False, True)
    )
    assert made.compute(strict.bandNames()) == ["v", "w"]
    for band in (0, 1):
        layers = [layers[band] for layers in images]
        tight, free = cells(made, strict, band=band), cells(made, loose, band=band)
        for row, col in np.ndindex(*SHAPE):
            known = [float(v[row, col]) for v, valid in layers if valid[row, col]]
            assert tight[row][col] == (known if len(known) == len(layers) else None)
            assert free[row][col] == (known or None)


def test_neighbourhoods_become_matrices() -> None:
    made, image, (layer,) = bands(1, 0.2)
    kernel = ee.Kernel.fixed(3, 2, [[1, 1, 1], [1, 1, 1]], 1, 0)
    found = cells(made, image.neighborhoodToArray(kernel, -5))
    values, valid = layer
    for row, col in np.ndindex(*SHAPE):
        if not valid[row, col]:
            assert found[row][col] is None
            continue
        expected = [
            [
                float(values[y, x]) if 0 <= y < 5 and 0 <= x < 6 and valid[y, x] else -5
                for x in (col - 1, col, col + 1)
            ]
            for y in (row, row + 1)
        ]
        assert found[row][col] == expected


def test_bits_become_vectors() -> None:
    numbers = np.array([[0, 1, 6, 255, 2**31, -1]], np.int64)
    made = World()
    asset = made.add({"v": (numbers.astype(np.float64), np.ones((1, 6), bool))})
    found = cells(made, ee.Image(asset).toInt64().bitsToArrayImage(), native(6, 1))
    expected = [[int(bit) for bit in reversed(f"{n:b}")] for n in (0, 1, 6, 255, 2**31)]
    assert found == [[*expected, [1] * 64]]


def test_constants_and_types_tell_their_dimensions() -> None:
    made = World()
    image = ee.Image([ee.Array([[1, 2]]), 3])
    info = made.compute(image)["bands"]
    assert [band["data_type"].get("dimensions") for band in info] == [2, None]
    assert cells(made, image, native(1, 1)) == [[[[1, 2]]]]
    assert made.compute(ee.PixelType("float", dimensions=1))["dimensions"] == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda a, _: a.arrayGet([9]), r"Image.arrayGet: Position 9 is out of range"),
        (lambda a, _: a.arrayGet([-9]), r"Image.arrayGet: Position -9 is out of range"),
        (lambda a, _: a.arrayGet([0, 0]), r"Image.arrayGet: The position must have a band"),
        (lambda a, _: a.arrayFlatten([["x"]]), r"Image.arrayFlatten: The labels are for arrays"),
        (lambda a, _: a.arrayFlatten([["x"], ["y"]]), r"Image.arrayFlatten: .*1 dimensions"),
        (lambda a, _: a.arrayProject([1]), r"Image.arrayProject: Axis 1 is out of range"),
        (lambda a, _: a.toArray(1).arrayProject([1]).arrayGet([0]),
         r"Image.arrayProject: Cannot drop"),
        (lambda a, _: a.arrayReduce(ee.Reducer.mean(), [1]), r"Image.arrayReduce: Axis 1"),
        (lambda a, s: a.arrayCat(s, 0), r"Image.arrayCat: Expected array pixels.*'b0' is scalar"),
        (lambda _, s: s.arraySort(), r"Image.arraySort: Expected array pixels"),
        (lambda a, s: a.addBands(s).toArray(), r"Image.toArray: All bands must have"),
        (lambda a, _: a.add(a.arraySlice(0, 0, 2)).arrayGet([0]), r"Arrays must have the same"),
        (lambda a, _: a.add(a.toArray(1)), r"Image.add: All bands must have"),
        (lambda a, _: a.reduceNeighborhood(ee.Reducer.mean(), ee.Kernel.square(1)),
         r"Image.reduceNeighborhood: Expected scalar"),
        (lambda a, _: a.focal_median(1), r"Image.focal_median: Expected scalar"),
        (lambda a, _: a.reduce(ee.Reducer.mean()), r"Image.reduce: Expected scalar"),
        (lambda a, _: ee.ImageCollection([a]).mean(), r"reduce.mean: Expected scalar"),
        (lambda a, _: ee.ImageCollection([a]).toArray(), r"ImageCollection.toArray: Expected sca"),
        (lambda a, s: s.updateMask(a), r"Image.updateMask: The mask has array pixels"),
        (lambda a, s: s.mask(a), r"Image.mask: The mask has array pixels"),
        (lambda a, _: a.selfMask(), r"Image.selfMask: The mask has array pixels"),
        (lambda a, _: a.unmask(0), r"Image.unmask: All bands must have"),
        (lambda a, s: s.where(a, 1), r"Image.where: Expected scalar"),
        (lambda a, _: a, r"Exporting array images is not supported: the bands \[array\]"),
        (lambda a, _: a.arrayMask(a.toArray(1)).arrayGet([0]), r"Image.arrayMask: The mask must"),
        (lambda a, _: a.arrayReshape(ee.Image([5]).toArray(), 1).arrayGet([0]),
         r"Image.arrayReshape: Arrays of shape \[3\]"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(call: Callable[..., Any], words: str) -> None:
    made, image, _ = bands(3)
    with pytest.raises(EarthEngineError, match=words) as refusal:
        made.pixels(call(image.toArray(), image.select("b0")), GRID)
    assert refusal.value.status == 400


def test_masked_scenes_make_no_arrays() -> None:
    made, image, layers = bands(3, 1.0)
    assert not any(valid.any() for _, valid in layers)
    array = image.toArray()
    for each in (array, array.arraySort().arraySlice(0, 0, 1), array.add(1), array.arrayMask(array),
                 ee.ImageCollection([image, image]).toArray()):  # fmt: skip
        assert all(cell is None for row in cells(made, each) for cell in row)


def test_the_pixels_do_not_depend_on_the_tiles() -> None:
    made, _ = collection(4)
    array = ee.ImageCollection(NAME).toArray()
    low = array.arrayReduce(ee.Reducer.median(), [0]).arrayProject([1]).arrayFlatten([["a", "b"]])
    whole, tiled = made.pixels(low, GRID), made.pixels(low, GRID, tile=2)
    for name in ("a", "b"):
        same(tiled[name], whole[name])


def test_an_array_is_computed_once_for_all_its_elements() -> None:
    made, image, _ = bands(4)
    made.pixels(image.toArray().arraySort().arrayFlatten([["a", "b", "c", "d"]]), GRID)
    assert len(made.reads) == 4

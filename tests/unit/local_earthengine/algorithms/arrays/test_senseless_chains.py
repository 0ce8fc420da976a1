"""No chain of functions of arrays, however senseless, gives anything but pixels or a refusal."""

from __future__ import annotations

import random
from typing import Any

import ee
import pytest

from local_earthengine.errors import EarthEngineError
from tests.unit.local_earthengine.algorithms.arrays.test_array_images import cells
from tests.unit.local_earthengine.world import World, native, speckle

NUMBERS = [-3, -1, 0, 1, 2, 3, 7, 2**31, 1e300, 0.5]


def steps(image: Any, other: Any, pick: random.Random) -> Any:
    """One senseless step from an image on."""
    number = pick.choice(NUMBERS)
    small = [pick.choice([-1, 0, 1, 2, 5]) for _ in range(pick.randrange(4))]
    reducer = pick.choice([ee.Reducer.mean(), ee.Reducer.first(), ee.Reducer.minMax()])
    axis = pick.choice([-1, 0, 1, 2, 9])
    return pick.choice([
        lambda: image.toArray(axis),
        lambda: image.arraySort(pick.choice([None, other, image])),
        lambda: image.arraySlice(axis, number, pick.choice(NUMBERS), pick.choice([1, 2, 0])),
        lambda: image.arrayMask(pick.choice([image.gt(0.7), other])),
        lambda: image.arrayReduce(reducer, small, pick.choice([None, 0, 1])),
        lambda: image.arrayAccum(axis),
        lambda: image.arrayProject(small),
        image.arrayTranspose,
        lambda: image.arrayPad(small, number),
        lambda: image.arrayCat(other, axis),
        lambda: image.arrayRepeat(axis, pick.choice([other, 2, -1])),
        lambda: image.arrayReshape(ee.Image(small or 3).toArray(), len(small)),
        image.arrayLengths,
        image.arrayArgmax,
        lambda: image.arrayDotProduct(other),
        lambda: image.arrayGet(small or other),
        lambda: image.matrixMultiply(other),
        lambda: image.matrixSolve(other),
        image.matrixInverse,
        image.matrixPseudoInverse,
        image.matrixToDiag,
        image.matrixDiagonal,
        image.matrixDeterminant,
        lambda: image.matrixSingularValueDecomposition().select(pick.choice("USV")),
        lambda: image.matrixLUDecomposition().select(pick.choice("LUP")),
        lambda: image.add(other),
        lambda: image.divide(number).toInt8(),
        lambda: image.updateMask(other),
        lambda: image.unmask(other, False),
        lambda: ee.ImageCollection([other, image]).mosaic(),
        lambda: ee.ImageCollection([other, image]).toArrayPerBand(0, pick.choice([True, False])),
        lambda: image.neighborhoodToArray(ee.Kernel.square(1), 0),
        lambda: image.reproject("EPSG:32633", None, 30),
    ])()  # fmt: skip


@pytest.mark.parametrize("seed", range(120))
def test_any_chain_gives_pixels_or_is_refused(seed: int) -> None:
    made = World()
    layers = {f"b{i}": speckle((3, 4), i, 0.2, "float64") for i in range(4)}
    scene = ee.Image(made.add(layers))
    vector, scalar = scene.toArray(), scene.select("b0")
    matrix = vector.arrayReshape(ee.Image([2, 2]).toArray(), 2)
    pick = random.Random(seed)  # noqa: S311 - no secret
    image = pick.choice([vector, matrix, vector.arrayMask(vector.gt(0.5))])
    for _ in range(6):
        tried = steps(image, pick.choice([vector, matrix, scalar, image]), pick)
        image = image if refused(made, tried) else tried


def refused(made: World, image: Any) -> bool:
    """Whether an image's pixels are refused, as they should be; any other error is a crash."""
    try:
        cells(made, image, native(4, 3))
    except EarthEngineError as refusal:
        return refusal.status == 400 and bool(refusal.message)
    return False

"""Pixel types: their ranges, and what they tell."""

from __future__ import annotations

from typing import Any

import ee
import numpy as np
import pytest

from tests.unit.local_earthengine.world import World, native


def compute(value: Any) -> Any:
    return World().compute(value)


TYPES = {
    "int16": (-(2**15), 2**15 - 1), "int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1),
    "uint16": (0, 2**16 - 1), "uint32": (0, 2**32 - 1),
}  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
def test_a_pixel_type_has_the_range_of_its_name(name: str) -> None:
    found = compute(getattr(ee.PixelType, name)())
    low, high = TYPES[name]
    assert (found["type"], found["precision"]) == ("PixelType", "int")
    assert (found["min"], found["max"]) == (low, high)
    assert compute(ee.PixelType.double()) == {"type": "PixelType", "precision": "double"}


SHAPE = (6, 8)


def test_pixel_types_tell_what_they_are() -> None:
    made = World()
    image = ee.Image(made.add({"v": (np.ones(SHAPE, "uint8"), np.ones(SHAPE, bool))}))
    kind = ee.PixelType(image.bandTypes().get("v"))
    assert made.compute(ee.List([kind.precision(), kind.minValue(), kind.maxValue()])) == [
        "int", 0, 255,
    ]  # fmt: skip
    assert made.compute(kind.dimensions()) == 0
    assert made.pixels(image, native(8, 6))["v"][0].dtype == np.uint8

"""Images by their ids, beside the collections that they are in."""

from __future__ import annotations

import ee

from tests.unit.local_earthengine.world import NAME, World, native, same, speckle


def test_an_image_by_its_id_is_the_collection_s_and_is_read_once() -> None:
    world = World()
    values, valid = speckle((5, 6), seed=1, gaps=0.2)
    by_id = ee.Image(world.add({"a": (values, valid)}))
    first = ee.Image(ee.ImageCollection(NAME).first())

    found = world.pixels(by_id.add(first), native(6, 5))

    same(found["a"], (values * 2, valid))
    assert len(world.reads) == 1
    assert world.compute(by_id.get("system:id")) == f"{NAME}/S0"

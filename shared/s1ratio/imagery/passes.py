"""One image a pass: the slices that a satellite's pass was cut into, put together again.

Neighbouring slices overlap. Without this, a pass would count twice there, and a filter's window
would end at the seam.
"""

from collections.abc import Callable, Sequence
from functools import cache

import ee

from s1ratio.imagery.collection import TIME
from s1ratio.imagery.mapping import Body, image_body, map_images

_SLICES = "slices"


def mosaics(scenes: ee.ImageCollection, keys: Sequence[str], body: Body) -> ee.ImageCollection:
    """Return one image a pass, whose slices have the same values of `keys`: `body` of them.

    A join finds the slices, since it compares each scene once; a filter inside `map` would search
    the collection again for each pass.
    """
    join, same = _pairing(tuple(keys))
    joined = join.apply(scenes.distinct(list(keys)), scenes, same)
    return map_images(ee.ImageCollection(joined), body)


@cache
def _pairing(keys: tuple[str, ...]) -> tuple[ee.Join, ee.Filter]:
    same = ee.Filter.And(*(ee.Filter.equals(leftField=key, rightField=key) for key in keys))
    return ee.Join.saveAll(_SLICES, TIME), same


def mosaic_body(prepare: Callable[[ee.Image], ee.Image]) -> Body:
    """Return what makes one image of a pass's slices, each of them prepared.

    Where slices overlap the later one lies on top.
    """
    prepared = image_body(prepare)

    def mosaic(first: ee.Image) -> ee.Image:
        """Return a pass as one image."""
        slices = ee.ImageCollection.fromImages(ee.List(first.get(_SLICES)))
        return map_images(slices, prepared).mosaic()

    return image_body(mosaic)

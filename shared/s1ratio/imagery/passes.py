"""One image a pass: the slices that a satellite's pass was cut into, put together again.

Neighbouring slices overlap. Without this, a pass would count twice there, and a filter's window
would end at the seam.
"""

from collections.abc import Callable, Sequence

import ee

from s1ratio.imagery.collection import TIME

_SLICES = "slices"


def mosaics(
    scenes: ee.ImageCollection, keys: Sequence[str], prepare: Callable[[ee.Image], ee.Image]
) -> ee.ImageCollection:
    """Return one image a pass, whose slices have the same values of `keys`, of them prepared.

    Where slices overlap the later one lies on top. A join finds the slices, since it compares
    each scene once; a filter inside `map` would search the collection again for each pass.
    """
    same = ee.Filter.And(*(ee.Filter.equals(leftField=key, rightField=key) for key in keys))
    join = ee.Join.saveAll(_SLICES, TIME)
    joined = join.apply(scenes.distinct(list(keys)), scenes, same)

    def mosaic(first: ee.Image) -> ee.Image:
        """Return a pass as one image."""
        slices = ee.ImageCollection.fromImages(ee.List(ee.Image(first).get(_SLICES)))
        return slices.map(prepare).mosaic()

    return ee.ImageCollection(joined).map(mosaic)

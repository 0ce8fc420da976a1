"""The image of an export task: scenes → passes → products → statistics."""

from functools import lru_cache

import ee

from s1ratio.imagery import collection, geometry, passes, products, speckle, statistics
from s1ratio.imagery.backscatter import Backscatter, positive, within_angles
from s1ratio.imagery.mapping import Body, image_body, map_images
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest, SpeckleFilter
from s1ratio.request.fields import AngleRange, Collection

# Bodies of so many different settings are kept, some 100 kB each.
_KEPT = 64


def build(request: CompositeRequest, task: ExportTask) -> ee.Image:
    """Return the task's composite: `task.bands` in order, float32, masked outside the area.

    It is lazy and unbounded; `export.params` puts it on the task's grid. Without any scene it
    has the same bands, all masked.
    """
    scenes = collection.of_pass(request, task)
    if request.follows_notebook:
        measured = _notebook_steps(request, scenes)
    else:
        keys = collection.pass_keys(request, task)
        measured = _default_steps(request, scenes, keys)
    reduced = measured.reduce(statistics.reducer(request.statistics))
    image = _nothing(task).addBands(reduced, None, True).select(list(task.bands)).toFloat()
    return image.clip(geometry.of_area(request.aoi)) if request.clip else image


def _default_steps(
    request: CompositeRequest, scenes: ee.ImageCollection, keys: list[str]
) -> ee.ImageCollection:
    """Return the products of each pass, speckle filtered in linear power.

    Power, because speckle is multiplicative there: the mean of a window in dB is biased. The
    mask of before the filter is put back: the filter fills masked pixels from their neighbours.
    """
    mosaicked = passes.mosaics(scenes, keys, _mosaic(request.collection, request.angle_range))
    return map_images(mosaicked, _measure(request.speckle, products.ranges_of(request)))


@lru_cache(_KEPT)
def _mosaic(kind: Collection, angles: AngleRange | None) -> Body:
    def prepared(scene: ee.Image) -> ee.Image:
        """Return a scene's power where it is positive and within the angles."""
        power = Backscatter.of_scene(scene, kind).power
        return within_angles(positive(power), scene, angles)

    return passes.mosaic_body(prepared)


@lru_cache(_KEPT)
def _measure(filtering: SpeckleFilter, ranges: products.Ranges) -> Body:
    def measured(power: ee.Image) -> ee.Image:
        """Return the products of a pass."""
        filtered = speckle.smooth(filtering, power).updateMask(power.mask())
        return products.of_pass(ranges, Backscatter.from_power(filtered))

    return image_body(measured)


def _notebook_steps(request: CompositeRequest, scenes: ee.ImageCollection) -> ee.ImageCollection:
    """Return the products of each scene as the notebook made them, its order kept on purpose.

    The filter runs in dB and may fill what the angles masked; slices of a pass count apart.
    """
    ranges = products.ranges_of(request)
    return map_images(
        scenes,
        _measure_as_notebook(request.collection, request.angle_range, request.speckle, ranges),
    )


@lru_cache(_KEPT)
def _measure_as_notebook(
    kind: Collection, angles: AngleRange | None, filtering: SpeckleFilter, ranges: products.Ranges
) -> Body:
    def measured(scene: ee.Image) -> ee.Image:
        """Return the products of a scene."""
        db = Backscatter.of_scene(scene, kind).db
        filtered = speckle.smooth(filtering, within_angles(db, scene, angles))
        return products.of_pass(ranges, Backscatter.from_db(filtered))

    return image_body(measured)


def _nothing(task: ExportTask) -> ee.Image:
    """Return an all masked image of the task's bands, for what there is to be laid over.

    A collection without scenes reduces to an image without bands, which can't be exported.
    """
    return _masked(task.bands)


@lru_cache(_KEPT)
def _masked(bands: tuple[str, ...]) -> ee.Image:
    return ee.Image.constant([0] * len(bands)).rename(list(bands)).selfMask()

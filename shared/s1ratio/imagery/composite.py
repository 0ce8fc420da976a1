"""The image of an export task: scenes → passes → products → statistics."""

import ee

from s1ratio.imagery import collection, geometry, passes, products, speckle, statistics
from s1ratio.imagery.backscatter import Backscatter, positive, within_angles
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest


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

    def prepared(scene: ee.Image) -> ee.Image:
        """Return a scene's power where it is positive and within the angles."""
        power = Backscatter.of_scene(scene, request.collection).power
        return within_angles(positive(power), scene, request.angle_range)

    def measured(power: ee.Image) -> ee.Image:
        """Return the products of a pass."""
        filtered = speckle.smooth(request.speckle, power).updateMask(power.mask())
        return products.of_pass(request, Backscatter.from_power(filtered))

    return passes.mosaics(scenes, keys, prepared).map(measured)


def _notebook_steps(request: CompositeRequest, scenes: ee.ImageCollection) -> ee.ImageCollection:
    """Return the products of each scene as the notebook made them, its order kept on purpose.

    The filter runs in dB and may fill what the angles masked; slices of a pass count apart.
    """

    def measured(scene: ee.Image) -> ee.Image:
        """Return the products of a scene."""
        db = Backscatter.of_scene(scene, request.collection).db
        filtered = speckle.smooth(request.speckle, within_angles(db, scene, request.angle_range))
        return products.of_pass(request, Backscatter.from_db(filtered))

    return scenes.map(measured)


def _nothing(task: ExportTask) -> ee.Image:
    """Return an all masked image of the task's bands, for what there is to be laid over.

    A collection without scenes reduces to an image without bands, which can't be exported.
    """
    return ee.Image.constant([0] * len(task.bands)).rename(list(task.bands)).selfMask()

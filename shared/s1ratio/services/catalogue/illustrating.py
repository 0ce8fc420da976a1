"""Illustrating: pictures of a composite's first band beside its item, from overviews alone."""

import logging

from s1ratio.catalogue.placing import ItemPlace
from s1ratio.errors import ObjectStoreUnavailable
from s1ratio.logevents import TROUBLE, tell
from s1ratio.pictures.scales import SCALES
from s1ratio.pictures.subject import subject_of
from s1ratio.ports import RasterLook
from s1ratio.request import CompositeRequest
from s1ratio.services.catalogue.documents import documents_of
from s1ratio.services.context import PollContext
from s1ratio.task import Task

_LOG = logging.getLogger(__name__)
_PNG = "image/png"


def write_pictures(
    context: PollContext,
    request: CompositeRequest,
    task: Task,
    place: ItemPlace,
    look: RasterLook,
) -> bool:
    """Draw and write a quicklook and a thumbnail; tell whether both are there.

    A composite that can't be drawn has none: a line of the log says why. Raises
    ObjectStoreUnavailable.
    """
    scale = SCALES.get(task.plan.bands[0])
    if scale is None:  # of another version
        return False
    try:
        from s1ratio.pictures.drawing import draw_picture  # noqa: PLC0415 - who draws nothing
        from s1ratio.pictures.thumbnail import draw_thumbnail  # noqa: PLC0415 - pays for nothing

        subject = subject_of(task.plan, request, synthetic=context.settings.synthetic)
        drawn = {
            place.quicklook: draw_picture(look.overview, scale, subject),
            place.thumbnail: draw_thumbnail(look.overview, scale),
        }
    except ObjectStoreUnavailable:
        raise
    except Exception as error:  # pictures are not worth an item
        tell(_LOG, TROUBLE, error, what=f"the pictures of {task.id} can't be drawn", task=task.id)
        return False
    for name, data in drawn.items():
        documents_of(context).put(name, data, _PNG, None)
    return True

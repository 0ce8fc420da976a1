"""What the files of a verified export are, written to their objects' metadata.

Earth Engine writes no tags into a GeoTIFF: without this a file that was passed on would not say
what its numbers are.
"""

from dataclasses import replace

from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable
from s1ratio.pictures.metadata import object_metadata
from s1ratio.pictures.subject import subject_of
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest
from s1ratio.services.context import PollContext
from s1ratio.services.verifying.verdict import Verdict
from s1ratio.task import TaskState


def describe_files(
    context: PollContext, request: CompositeRequest, plan: ExportTask, found: Verdict
) -> Verdict:
    """Describe the files of an export that did not fail, one request each; return its verdict.

    The verdict stands if that can't be done, and a note says so: the files are what they are.
    """
    if found.state is TaskState.FAILED:
        return found
    subject = subject_of(plan, request, synthetic=context.settings.synthetic)
    metadata = object_metadata(plan.bands, subject)
    try:
        for name in found.files:
            context.objects.describe(name, metadata)
    except (ObjectMissing, ObjectStoreUnavailable) as error:
        words = f"its units are not in the metadata of all its objects: {error}"
        return replace(found, notes=(*found.notes, words))
    return found

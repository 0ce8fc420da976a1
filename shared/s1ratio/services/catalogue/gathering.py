"""Gathering: what there is to tell of a task's composite: files, pixels, pictures, scenes."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from s1ratio.catalogue.facts import Facts, FileFacts, Publisher
from s1ratio.catalogue.placing import ItemPlace, place_item
from s1ratio.errors import (
    BudgetSpent,
    EarthEngineFault,
    ObjectMissing,
    RecordMissing,
    UnreadableRaster,
)
from s1ratio.inputs import Inputs, pinned_part
from s1ratio.logevents import TROUBLE, tell
from s1ratio.pixels import tell_selection
from s1ratio.ports import RasterLook, StoredObject
from s1ratio.records import RequestRecord
from s1ratio.request import CompositeRequest
from s1ratio.request.moments import instant_of
from s1ratio.request.resolved import filled_in
from s1ratio.services.catalogue.illustrating import write_pictures
from s1ratio.services.context import PollContext
from s1ratio.services.storing.requests import request_of
from s1ratio.task import Task

_LOG = logging.getLogger(__name__)

MAX_LOOKS = 8  # files of a task whose pixels are looked at
TRIES_WITH_PICTURES = 3  # a process may have died of them
TRIES_WITH_SCENES = 5


@dataclass(frozen=True)
class Asked:
    """A request, as it was taken in, and what it is as stored."""

    record: RequestRecord
    request: CompositeRequest

    def place(self, task: Task) -> ItemPlace:
        """Return where the item of one of its tasks lies."""
        request = self.request
        year = instant_of(request.start).year
        product = request.products[0].value
        return place_item(task.id, self.record.id, request.labels, product, year)

    def share_of(self, task: Task) -> float | None:
        """Return the part of the area that a task's passes cover at least, if it is known."""
        same = (task.plan.orbit, task.plan.direction)
        passes = self.record.passes or ()
        return next((one.share for one in passes if (one.orbit, one.direction) == same), None)


def read_asked(context: PollContext, request_id: str) -> Asked:
    """Return a request; raise RecordMissing, or ValueError if its rules have changed."""
    record = context.store.get_request(request_id)
    if record is None:
        raise RecordMissing(f"request {request_id} has tasks but no record in the store")
    return Asked(record, request_of(record))


def publisher_of(context: PollContext) -> Publisher:
    """Return who publishes."""
    settings = context.settings
    return Publisher(settings.deployment, settings.synthetic, is_real=settings.ee_url is None)


def find_inputs(
    context: PollContext, asked: Asked, tasks: Sequence[Task]
) -> dict[str, Inputs | None] | None:
    """Return the scenes of a request's tasks by the tasks' ids: one call for all.

    None for each where Earth Engine could not tell so often that the items go without; None in all
    if it is to be asked again later.
    """
    first = {
        (t.plan.orbit, t.plan.direction): tell_selection(asked.request, t.plan, t.pixels.digest)
        for t in reversed(tasks)
    }
    try:
        answers = context.earth_engine.find_inputs(asked.request, [*first.values()])
    except EarthEngineFault as fault:
        what = f"request {asked.record.id}: its scenes can't be listed: {fault}"
        tell(_LOG, TROUBLE, what=what, request=asked.record.id, error_class=fault.error_class)
        if max(task.catalogue.catalogue_tries for task in tasks) < TRIES_WITH_SCENES:
            return None
        return {task.id: None for task in tasks}
    found = dict(zip(first, answers, strict=True))
    return {task.id: found[task.plan.orbit, task.plan.direction] for task in tasks}


def gather_facts(
    context: PollContext,
    asked: Asked,
    task: Task,
    inputs: Inputs | None,
    until: datetime,
) -> Facts:
    """Return the facts of a VERIFIED task, its pictures written beside where its item will be.

    Raises ObjectMissing if its files are gone, ObjectStoreUnavailable.
    """
    place, late = asked.place(task), None
    if inputs is not None and task.plan.scenes is not None:
        inputs, late = pinned_part(inputs, task.plan.scenes)
    items = _find_files(context, task)
    looks = _look_at(context, task, items, until)
    first = looks[0] if looks else None
    drawn = first is not None and write_pictures(context, asked.request, task, place, first)
    files = tuple(
        _file_facts(item, looks[number] if number < len(looks) else None)
        for number, item in enumerate(items)
    )
    return Facts(
        task=task,
        request=asked.request,
        message=filled_in(json.loads(asked.record.message), asked.record.resolved),
        labels=asked.request.labels,
        place=place,
        files=files,
        publisher=publisher_of(context),
        footprint_share=asked.share_of(task),
        inputs=inputs,
        late=late if late is not None and late.scenes else None,
        has_pictures=drawn,
    )


def _find_files(context: PollContext, task: Task) -> list[StoredObject]:
    """Return the task's files as the bucket has them: they begin alike, so one list tells."""
    names = task.result.files
    prefix = names[0].removesuffix(".tif") if len(names) == 1 else _beginning(names)
    found = {item.name: item for item in context.objects.list(prefix)}
    missing = [name for name in names if name not in found]
    if missing:
        raise ObjectMissing(f"gs://{context.objects.bucket}/{missing[0]} was verified and is gone")
    return [found[name] for name in names]


def _beginning(names: Sequence[str]) -> str:
    first, last = min(names), max(names)
    same = next(
        (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first)
    )
    return first[:same]


def _look_at(
    context: PollContext, task: Task, items: Sequence[StoredObject], until: datetime
) -> list[RasterLook | None]:
    """Return what the first files' overviews show, as far as there is time and they can be read."""
    looks: list[RasterLook | None] = []
    if task.catalogue.catalogue_tries > TRIES_WITH_PICTURES:
        return looks
    for item in items[:MAX_LOOKS]:
        if context.clock.now() >= until:
            break
        try:
            looks.append(context.rasters.look(item))
        except (BudgetSpent, UnreadableRaster):
            looks.append(None)
    return looks


def _file_facts(item: StoredObject, look: RasterLook | None) -> FileFacts:
    facts = FileFacts(item.name, item.size, item.md5)
    if look is None:
        return facts
    return replace(
        facts,
        statistics=look.statistics,
        shrink=look.shrink,
        transform=look.overview.transform,
        shape=look.overview.shape,
    )

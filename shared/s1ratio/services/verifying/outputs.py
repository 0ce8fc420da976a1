"""Which objects of the bucket are the output of one attempt of an export task."""

import re
from collections.abc import Sequence
from datetime import timedelta

from s1ratio.ports import ObjectStore, StoredObject
from s1ratio.services.waiting.clocks import MAX_SKEW
from s1ratio.task import Task

# What Earth Engine's clock may be ahead of the bucket's; an older file is left from an earlier
# start. The start is dated by Earth Engine's clock, and none of ours is asked.
CLOCK_SKEW = timedelta(minutes=2)

# One file, or shards named by row and column; what Earth Engine puts before these varies. A letter
# or a digit would begin another name: an attempt `-a2`, a tile `-t0001`, a quarter `-q0`.
_REST = re.compile(r"(?:[^0-9A-Za-z/]*\d{10}-\d{10})?\.tif")


def list_outputs(task: Task, objects: ObjectStore) -> tuple[Sequence[StoredObject], int]:
    """Return the files of the task's present attempt, by name, and how many older ones there are.

    One list request. Raises ObjectStoreUnavailable.
    """
    name = task.plan.object_name(task.run.attempt)
    ours = [item for item in objects.list(name) if _REST.fullmatch(item.name[len(name) :])]
    fresh = [item for item in ours if _is_fresh(item, task)]
    return sorted(fresh, key=lambda item: item.name), len(ours) - len(fresh)


def age_notes(task: Task, items: Sequence[StoredObject]) -> list[str]:
    """Return a note on each file that is newer than the end of the attempt's operation.

    Something else has written it since: another store's operation, say, or a second one of ours.
    A note and no fault: a second one of ours wrote the same pixels, and which of them it was the
    bucket does not tell.
    """
    end = task.run.succeeded_at
    if end is None:
        return []
    return [
        f"{item.name}: it was written at {item.written:%Y-%m-%d %H:%M} UTC, though its operation "
        f"had ended at {end:%H:%M}: another one wrote it, such as another store's"
        for item in items
        if item.written > end + CLOCK_SKEW
    ]


def _is_fresh(item: StoredObject, task: Task) -> bool:
    """Tell whether a file is of the task's start.

    One without an operation is dated by a clock of ours; it was made before it was refused.
    """
    claim, tolerance = task.claim, CLOCK_SKEW
    if task.run.operation is None:
        tolerance += MAX_SKEW
    began = [at for at in (claim.starting_at, claim.awaits_list) if at is not None]
    return not began or item.written >= min(began) - tolerance

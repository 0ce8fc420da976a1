"""Which export tasks have the same pixels: a digest of all that decides them, and of no more."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from s1ratio.orbits import joins_at_node
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest, Direction, GcsDestination

# Raised whenever a golden expression changes: the same words then make other pixels. A test
# (`tests/unit/imagery/test_digests.py`) reminds of it.
GRAPH = 1

_JOINED = "across the node"

# Who asks and where it goes; of orbits and directions a task has its own; areas are compared
# as they are computed, not as they were written.
_NO_PIXELS: dict[str, Any] = {
    **dict.fromkeys(("version", "request_id", "aoi", "orbits", "direction"), True),
    **dict.fromkeys(("destination", "priority", "labels", "pin_inputs"), True),
    "grid": {"oversample"},  # the scale alone decides
}


def digests(request: CompositeRequest, tasks: Iterable[ExportTask]) -> tuple[str | None, ...]:
    """Return 40 hex for each task of a request, the same for the same pixels, wherever they go.

    None for what goes to a Drive: nobody else could refer to its files.
    """
    if not isinstance(request.destination, GcsDestination):
        return tuple(None for _ in tasks)
    words = request.model_dump(mode="json", exclude=_NO_PIXELS)
    area = [side.wkb_hex for side in request.aoi.sides]
    common = _hex([GRAPH, words, area])
    joins = joins_at_node(request, Direction.ASCENDING)
    return tuple(_hex([common, *_own(task, joins)])[:40] for task in tasks)


def tell_selection(request: CompositeRequest, task: ExportTask, digest: str | None) -> ExportTask:
    """Return a stored export with `joined` told, where an earlier version left it open.

    Near the equator it was planned for the slices that begin on its orbit, or since then for those
    of the whole pass: its stored `digest` is that of the one or the other. Without one, as of what
    goes to a Drive, it is taken for the later.
    """
    if task.joined is not None or not joins_at_node(request, task.direction):
        return task
    one_side = replace(task, joined=False)
    planned_so = digest is not None and digests(request, [one_side]) == (digest,)
    return one_side if planned_so else replace(task, joined=True)


def _own(task: ExportTask, joins: bool) -> list[Any]:
    """Return what decides the pixels of one task alone.

    Near the equator `orbit` once named the slices on one side of the ascending node: composites of
    that time are not those of the whole pass.
    """
    grid = task.grid
    place = [grid.crs, grid.size, grid.left, grid.top, grid.width, grid.height]
    joined = joins if task.joined is None else task.joined
    whole = [_JOINED] if joined and task.direction is Direction.ASCENDING else []
    pins = [] if task.scenes is None else [{"scenes": list(task.scenes)}]
    return [task.orbit, task.direction.value, list(task.bands), place, *whole, *pins]


def _hex(decides: list[Any]) -> str:
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()

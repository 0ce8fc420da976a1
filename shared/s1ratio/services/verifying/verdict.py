"""Verify: whether what an export wrote is what was planned.

It fails on what would harm whoever uses the files; what only looks odd is a note.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from s1ratio.errors import ObjectMissing, UnreadableRaster
from s1ratio.faults import Fault, capped
from s1ratio.plan import ExportTask
from s1ratio.ports import ObjectStore, RasterFile, RasterReader, StoredObject
from s1ratio.request import CompositeRequest
from s1ratio.services.verifying.coverage import Placed, area_in_crs, coverage, needed, place
from s1ratio.services.verifying.limits import limits_of
from s1ratio.services.verifying.outputs import age_notes, list_outputs
from s1ratio.services.verifying.plausibility import judge_sample
from s1ratio.services.verifying.share import judge_share
from s1ratio.services.verifying.valid_share import ValidShare, measure_valid, warn_of_gaps
from s1ratio.task import Task, TaskState

DTYPE, NO_DATA = "float32", -9999.0  # what exports ask for
_LACKING = frozenset({"missing", "coverage"})
# Faults that say no more than that something is missing: where all is, that is EMPTY.
_OF_NOTHING = frozenset({"masks"})


@dataclass(frozen=True)
class Verdict:
    """What was found: `state` is VERIFIED, EMPTY (no valid pixel) or FAILED (then with faults).

    `files` are the names of the objects that make up the output, shards among them. `rewritten`:
    one of them was written while they were read, and the faults may come of that. `seen` is how
    much of the area has data, where that can be told.
    """

    state: TaskState
    files: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    rewritten: bool = False
    seen: ValidShare | None = None

    @property
    def lacks_files(self) -> bool:
        """Whether nothing is wrong but that files, or some of them, are not there."""
        codes = {fault.code for fault in self.faults}
        # What is left of shards need not be of one cut.
        return not codes.isdisjoint(_LACKING) and codes <= {*_LACKING, "shards"}

    @property
    def error(self) -> str | None:
        """The faults in one text, or None."""
        return "; ".join(map(str, self.faults)) or None


def judge_outputs(
    task: Task,
    request: CompositeRequest,
    objects: ObjectStore,
    rasters: RasterReader,
    share: float | None = None,
) -> Verdict:
    """Judge what the task's present attempt wrote; every fault is told at once.

    The request is the task's: clipped, only the area itself must be covered. `share` is the part
    of its area that the passes cover at least, if that is known. One list request, and one more
    where there are faults. Raises ObjectStoreUnavailable, and then nothing is known.
    """
    items, older = list_outputs(task, objects)
    if not items:
        return Verdict(TaskState.FAILED, faults=(_missing(task, older),))
    files, faults = _open(items, rasters, _area(task.plan, request))
    heads = [fault for file in files for fault in _head_faults(file, task)]
    found = _judge_places(task.plan, request, files, are_all=not faults)
    found += Findings([*faults, *heads], age_notes(task, items))
    found += _judge_samples(task.plan, request, files)
    is_empty = all(file.has_data is False for file in files)
    seen = measure_valid(files)
    if is_empty:
        found = found.of_nothing()
    elif not found.faults:
        found += _judge_gaps(task.plan, request, share, files, seen)
    names = tuple(item.name for item in items)
    if found.faults:
        told, notes = capped(found.faults), tuple(found.notes)
        rewritten = list_outputs(task, objects)[0] != items
        return Verdict(TaskState.FAILED, names, told, notes, rewritten)
    return _by_content(names, files, found.notes, seen)


@dataclass(frozen=True)
class Findings:
    """What is wrong, and what is odd."""

    faults: Sequence[Fault] = ()
    notes: Sequence[str] = ()

    def __add__(self, other: "Findings") -> "Findings":
        return Findings((*self.faults, *other.faults), (*self.notes, *other.notes))

    def of_nothing(self) -> "Findings":
        """Return them as those of files without a valid pixel, which is no fault in itself."""
        odd = [fault for fault in self.faults if fault.code in _OF_NOTHING]
        left = [fault for fault in self.faults if fault.code not in _OF_NOTHING]
        return Findings(left, (*self.notes, *map(str, odd)))


def _judge_places(
    plan: ExportTask, request: CompositeRequest, files: Sequence[RasterFile], *, are_all: bool
) -> Findings:
    """Return where files don't lie as planned, and what of the area they miss if they are all."""
    places = [place(plan.grid, file) for file in files]
    faults = [found for found in places if isinstance(found, Fault)]
    if faults or not are_all:
        return Findings(faults)
    placed = [found for found in places if isinstance(found, Placed)]
    need = needed(plan.grid, request.aoi, request.clip)
    return Findings(*coverage(plan.grid, placed, need))


def _judge_samples(
    plan: ExportTask, request: CompositeRequest, files: Sequence[RasterFile]
) -> Findings:
    """Return what is wrong or odd in the pixels of those files that have the right bands."""
    found, bands = Findings(), limits_of(request)
    for file in files:
        if file.bands == plan.bands == request.bands:
            found += Findings(*judge_sample(file, bands))
    return found


def _judge_gaps(
    plan: ExportTask,
    request: CompositeRequest,
    share: float | None,
    files: Sequence[RasterFile],
    seen: ValidShare | None,
) -> Findings:
    """Return what lacks of the area: of the two things that may be said of it the clearer one."""
    lack = Findings(*judge_share(plan.grid, request, share, files, limits_of(request)))
    gaps = warn_of_gaps(request, share, seen)
    return Findings(lack.faults, gaps or lack.notes)


def _missing(task: Task, older: int) -> Fault:
    name = f"{task.plan.object_name(task.run.attempt)}.tif"
    words = f"there is no such file that is newer than the start at {task.claim.starting_at}"
    return Fault(name, "missing", f"{words}, only {older} older" if older else words)


def _area(plan: ExportTask, request: CompositeRequest) -> shapely.Geometry | None:
    """Return the area in the plan's crs, or None where that is nowhere on Earth."""
    area = area_in_crs(plan.grid.crs, request.aoi)
    return area if all(math.isfinite(bound) for bound in area.bounds) else None


def _open(
    items: Sequence[StoredObject], rasters: RasterReader, area: shapely.Geometry | None
) -> tuple[list[RasterFile], list[Fault]]:
    """Read every file; once one has data, the others need not be searched for it."""
    files: list[RasterFile] = []
    faults: list[Fault] = []
    for item in items:
        search = not any(file.has_data for file in files)
        try:
            files.append(rasters.read(item, search, len(items), area))
        except (UnreadableRaster, ObjectMissing) as error:
            faults.append(Fault(item.name, "incomplete", str(error)))
    return files, faults


def _head_faults(file: RasterFile, task: Task) -> list[Fault]:
    """Return what a file's head says that was not asked for."""
    faults = []
    if file.bands != task.plan.bands:
        words = f"its bands are {list(file.bands)}, not {list(task.plan.bands)}"
        faults.append(Fault(file.name, "bands", words))
    if file.dtype != DTYPE:
        faults.append(Fault(file.name, "dtype", f"its pixels are {file.dtype}, not {DTYPE}"))
    if file.nodata != NO_DATA:
        said = "it names no value" if file.nodata is None else f"its value is {file.nodata:g}"
        faults.append(Fault(file.name, "no_data", f"{said} for no data, not {NO_DATA:g}"))
    return faults


def _by_content(
    names: tuple[str, ...],
    files: Sequence[RasterFile],
    notes: Sequence[str],
    seen: ValidShare | None,
) -> Verdict:
    """Return EMPTY only if it is known; where the search ended early, the files stand."""
    if any(file.has_data for file in files):
        return Verdict(TaskState.VERIFIED, names, notes=tuple(notes), seen=seen)
    if all(file.has_data is False for file in files):
        return Verdict(TaskState.EMPTY, names, notes=tuple(notes), seen=seen)
    note = "no valid pixel was found as far as was searched; there may be none"
    return Verdict(TaskState.VERIFIED, names, notes=(*notes, note), seen=seen)

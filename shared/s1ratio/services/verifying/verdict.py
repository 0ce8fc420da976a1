"""Verify: whether what an export wrote is what was planned.

It fails on what would harm whoever uses the files; what only looks odd is a note.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from s1ratio.aoi import Aoi
from s1ratio.errors import ObjectMissing, UnreadableRaster
from s1ratio.faults import Fault, capped
from s1ratio.ports import ObjectStore, RasterFile, RasterReader, StoredObject
from s1ratio.services.verifying.coverage import Placed, coverage, needed, place
from s1ratio.services.verifying.outputs import age_notes, list_outputs
from s1ratio.task import Task, TaskState

DTYPE, NO_DATA = "float32", -9999.0  # what exports ask for


@dataclass(frozen=True)
class Verdict:
    """What was found: `state` is VERIFIED, EMPTY (no valid pixel) or FAILED (then with faults).

    `files` are the names of the objects that make up the output, shards among them.
    """

    state: TaskState
    files: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def lacks_files(self) -> bool:
        """Whether nothing is wrong but that files, or some of them, are not there."""
        codes = {fault.code for fault in self.faults}
        return bool(codes) and codes <= {"missing", "coverage"}

    @property
    def error(self) -> str | None:
        """The faults in one text, or None."""
        return "; ".join(map(str, self.faults)) or None


def judge_outputs(
    task: Task, aoi: Aoi, clip: bool, objects: ObjectStore, rasters: RasterReader
) -> Verdict:
    """Judge what the task's present attempt wrote; every fault is told at once.

    `aoi` and `clip` are the request's: clipped, only the area itself must be covered. Raises
    ObjectStoreUnavailable, and then nothing is known.
    """
    items, older = list_outputs(task, objects)
    if not items:
        return Verdict(TaskState.FAILED, faults=(_missing(task, older),))
    opened, faults = _open(items, rasters)
    places = [place(task.plan.grid, file) for file in opened]
    faults += [found for found in places if isinstance(found, Fault)]
    faults += [fault for file in opened if (fault := _band_fault(file, task.plan.bands))]
    notes = age_notes(task, items)
    notes += [note for file in opened for note in _file_notes(file)]
    if not faults:
        placed = [found for found in places if isinstance(found, Placed)]
        need = needed(task.plan.grid, aoi, clip)
        faults, more = coverage(task.plan.grid, placed, need)
        notes += more
    names = tuple(item.name for item in items)
    if faults:
        return Verdict(TaskState.FAILED, names, capped(faults), tuple(notes))
    return _by_content(names, opened, notes)


def _missing(task: Task, older: int) -> Fault:
    name = f"{task.plan.object_name(task.run.attempt)}.tif"
    words = f"there is no such file that is newer than the start at {task.claim.starting_at}"
    return Fault(name, "missing", f"{words}, only {older} older" if older else words)


def _open(
    items: Sequence[StoredObject], rasters: RasterReader
) -> tuple[list[RasterFile], list[Fault]]:
    """Read every file; once one has data, the others need not be searched for it."""
    files: list[RasterFile] = []
    faults: list[Fault] = []
    for item in items:
        try:
            files.append(rasters.read(item, search=not any(file.has_data for file in files)))
        except (UnreadableRaster, ObjectMissing) as error:
            faults.append(Fault(item.name, "incomplete", str(error)))
    return files, faults


def _band_fault(file: RasterFile, bands: tuple[str, ...]) -> Fault | None:
    if file.bands == bands:
        return None
    return Fault(file.name, "bands", f"its bands are {list(file.bands)}, not {list(bands)}")


def _file_notes(file: RasterFile) -> list[str]:
    notes = []
    if file.nodata is None:
        notes.append(f"{file.name}: it names no value for no data")
    elif file.nodata != NO_DATA:
        notes.append(f"{file.name}: its value for no data is {file.nodata:g}, not {NO_DATA:g}")
    if file.dtype != DTYPE:
        notes.append(f"{file.name}: its pixels are {file.dtype}, not {DTYPE}")
    return notes


def _by_content(names: tuple[str, ...], files: list[RasterFile], notes: list[str]) -> Verdict:
    """Return EMPTY only if it is known; where the search ended early, the files stand."""
    if any(file.has_data for file in files):
        return Verdict(TaskState.VERIFIED, names, notes=tuple(notes))
    if all(file.has_data is False for file in files):
        return Verdict(TaskState.EMPTY, names, notes=tuple(notes))
    note = "no valid pixel was found as far as was searched; there may be none"
    return Verdict(TaskState.VERIFIED, names, notes=(*notes, note))

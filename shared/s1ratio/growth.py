"""Growth: as much as is ever added to a record, so that what is taken in can always be updated.

What is added later has its bounds: the passes there are, the faults, errors and notes that are
cut, a number of names. A request is refused when it comes if it does not fit with all of that.
"""

from dataclasses import replace
from datetime import UTC, datetime

from s1ratio.commands.marks import MAX_MARKS
from s1ratio.errors import ErrorClass
from s1ratio.faults import MAX_CODE, MAX_ERROR, MAX_FAULTS, MAX_PATH, MAX_WORDS, Fault, cut
from s1ratio.inputs import MAX_PINNED
from s1ratio.plan import OrbitPass, PlanLimits
from s1ratio.records import MAX_MISSING, RequestRecord, Search
from s1ratio.request import Direction
from s1ratio.task import Task, TaskState

MAX_PASSES = 2 * 175  # each relative orbit in both directions
MAX_NOTES = 50
_LONGEST_SUFFIX = "-o175d-t19999-q3-q3"  # of a task's id, after its request's
_SCENE = "S1A_IW_GRDH_1SDV_20240501T052402_20240501T052427_053678_0684B1_5C3A"
PINS = '"pin_inputs":true'  # in a stored message; elsewhere in it quotes are escaped
_SOME_DAY = datetime(9999, 12, 31, tzinfo=UTC)


def fully_grown(record: RequestRecord) -> RequestRecord:
    """Return a request with all in it that is ever added to one, each as large as it may be."""
    fault = Fault("p" * MAX_PATH, "c" * MAX_CODE, "m" * MAX_WORDS)
    some_pass = OrbitPass(175, Direction.DESCENDING, 1.0, 1, joined=True)
    pins = (replace(some_pass, pinned=(_SCENE,) * MAX_PINNED),) if PINS in record.message else ()
    return replace(
        record,
        passes=(*(record.passes or (some_pass,) * MAX_PASSES), *pins),
        search=Search(parts=99, days=99_999),  # what it has found is in the passes by then
        priority=9_999,
        limits=PlanLimits(),  # numbers: each takes the same room
        idle_since=_SOME_DAY,
        line_since=_SOME_DAY,
        tallies=dict.fromkeys((state.value for state in TaskState), 1),
        missing=(record.id + _LONGEST_SUFFIX,) * MAX_MISSING,
        reasons=(fault,) * (MAX_FAULTS + 1),
        error="e" * MAX_ERROR,
        error_class=max(ErrorClass, key=len),
        cancelling="c" * MAX_ERROR,
        commands=("c" * 40,) * MAX_MARKS,
        ended_at=_SOME_DAY,
        expire_at=_SOME_DAY,
    )


def bounded_request(record: RequestRecord) -> RequestRecord:
    """Return a request whose words are cut to what `fully_grown` leaves room for."""
    return replace(record, error=_cut(record.error), cancelling=_cut(record.cancelling))


def bounded_task(task: Task) -> Task:
    """Return a task whose error, wish to end and notes are cut: each has its most."""
    trouble = replace(task.trouble, error=_cut(task.trouble.error))
    end = replace(task.end, cancelling=_cut(task.end.cancelling))
    result = replace(task.result, notes=_bounded_notes(task.result.notes))
    return replace(task, trouble=trouble, end=end, result=result)


def _bounded_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    kept = tuple(cut(note, MAX_WORDS) for note in notes[:MAX_NOTES])
    rest = len(notes) - MAX_NOTES
    return (*kept, f"and {rest} more notes") if rest > 0 else kept


def _cut(words: str | None) -> str | None:
    return None if words is None else cut(words, MAX_ERROR)

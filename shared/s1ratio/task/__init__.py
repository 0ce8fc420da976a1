"""Export tasks as data: their states, the moves between them, the names they go by.

Pure: no clock, no call. Every move is a function from a task to a new task; a store writes it
with compare-and-set.
"""

from s1ratio.task.catalogue import Catalogue
from s1ratio.task.ends import (
    cancelled,
    completed_by,
    emptied,
    failed,
    lost,
    merged,
    retried,
    split_up,
    written,
)
from s1ratio.task.groups import Claim, End, Family, Pixels, Place, Result, Run, Trouble
from s1ratio.task.model import GROUPS, Changes, Task, planned
from s1ratio.task.names import (
    description,
    ee_request_id,
    identity_in,
    make_identity,
    task_of,
)
from s1ratio.task.origin import Maker, Origin
from s1ratio.task.replans import reopened, replanned
from s1ratio.task.starts import (
    dated,
    deferred,
    id_used,
    made_by,
    missed,
    next_start,
    postponed,
    put_off,
    refused,
    released_to_start,
    requeued,
    starting,
    submitted,
    twinned,
    waiting,
)
from s1ratio.task.states import ACTIVE, MOVES, TaskState

__all__ = [
    "ACTIVE",
    "GROUPS",
    "MOVES",
    "Catalogue",
    "Changes",
    "Claim",
    "End",
    "Family",
    "Maker",
    "Origin",
    "Pixels",
    "Place",
    "Result",
    "Run",
    "Task",
    "TaskState",
    "Trouble",
    "cancelled",
    "completed_by",
    "dated",
    "deferred",
    "description",
    "ee_request_id",
    "emptied",
    "failed",
    "id_used",
    "identity_in",
    "lost",
    "made_by",
    "make_identity",
    "merged",
    "missed",
    "next_start",
    "planned",
    "postponed",
    "put_off",
    "refused",
    "released_to_start",
    "reopened",
    "replanned",
    "requeued",
    "retried",
    "split_up",
    "starting",
    "submitted",
    "task_of",
    "twinned",
    "waiting",
    "written",
]

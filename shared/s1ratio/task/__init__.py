"""Export tasks as data: their states, the moves between them, the names they go by.

Pure: no clock, no call. Every move is a function from a task to a new task; a store writes it
with compare-and-set.
"""

from s1ratio.task.again import again, reopened
from s1ratio.task.ends import cancelled, failed, lost, merged, retried, shared, split_up
from s1ratio.task.model import Task, planned
from s1ratio.task.names import description, ee_request_id, task_of
from s1ratio.task.starts import (
    held,
    id_used,
    next_start,
    postponed,
    put_back,
    set_free,
    starting,
    submitted,
    waiting,
)
from s1ratio.task.states import ACTIVE, MOVES, TaskState

__all__ = [
    "ACTIVE",
    "MOVES",
    "Task",
    "TaskState",
    "again",
    "cancelled",
    "description",
    "ee_request_id",
    "failed",
    "held",
    "id_used",
    "lost",
    "merged",
    "next_start",
    "planned",
    "postponed",
    "put_back",
    "reopened",
    "retried",
    "set_free",
    "shared",
    "split_up",
    "starting",
    "submitted",
    "task_of",
    "waiting",
]

"""Where an export task can stand, and which moves there are.

    PLANNED → STARTING → SUBMITTED → RUNNING → SUCCEEDED → VERIFIED | EMPTY
       ↑__________| queue full           |→ FAILED | retry → PLANNED (attempt + 1)
                                         |→ SPLIT → as its four children end
                                         |→ CANCELLED
                                         |→ LOST → found again, adopted, or retry

A planned task whose pixels another one is about to export waits for that one, and ends as it does.
"""

from enum import StrEnum


class TaskState(StrEnum):
    """Where an export task stands."""

    PLANNED = "PLANNED"
    STARTING = "STARTING"
    SUBMITTED = "SUBMITTED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    LOST = "LOST"  # its operation is known to Earth Engine neither by name nor in the list
    SPLIT = "SPLIT"  # its four children are under way in its place
    VERIFIED = "VERIFIED"
    EMPTY = "EMPTY"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def terminal(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in TERMINAL

    @property
    def active(self) -> bool:
        """Whether Earth Engine may hold an operation for it: it takes room in the queue."""
        return self in ACTIVE


_S = TaskState
TERMINAL = frozenset({_S.VERIFIED, _S.EMPTY, _S.FAILED, _S.CANCELLED})
ACTIVE = frozenset({_S.STARTING, _S.SUBMITTED, _S.RUNNING})

_FROM_RUNNING = frozenset(
    {_S.RUNNING, _S.SUCCEEDED, _S.EMPTY, _S.FAILED, _S.CANCELLED, _S.LOST, _S.PLANNED, _S.SPLIT}
)
MOVES: dict[TaskState, frozenset[TaskState]] = {
    _S.PLANNED: frozenset({_S.PLANNED, _S.STARTING, *TERMINAL}),
    _S.STARTING: frozenset(
        {_S.STARTING, _S.SUBMITTED, _S.SUCCEEDED, _S.PLANNED, _S.SPLIT, _S.FAILED, _S.CANCELLED}
    ),
    _S.SUBMITTED: _FROM_RUNNING | {_S.SUBMITTED},
    _S.RUNNING: _FROM_RUNNING,
    _S.SUCCEEDED: frozenset({_S.SUCCEEDED, _S.VERIFIED, _S.EMPTY, _S.FAILED, _S.PLANNED}),
    _S.LOST: _FROM_RUNNING | {_S.SUBMITTED},
    _S.SPLIT: frozenset({_S.SPLIT, *TERMINAL}),
    **dict.fromkeys(TERMINAL, frozenset[TaskState]()),
}

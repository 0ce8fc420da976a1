"""One export task as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypedDict, Unpack

from s1ratio.errors import InvalidTransition
from s1ratio.plan import ExportTask
from s1ratio.task.catalogue import Catalogue
from s1ratio.task.groups import Claim, End, Family, Pixels, Place, Result, Run, Trouble
from s1ratio.task.origin import Origin
from s1ratio.task.states import MOVES, TaskState


class Changes(TypedDict, total=False):
    """The groups that a move may change."""

    place: Place
    claim: Claim
    run: Run
    trouble: Trouble
    result: Result
    pixels: Pixels
    family: Family
    origin: Origin
    end: End
    catalogue: Catalogue


GROUPS = Changes.__optional_keys__
"""The names of a task's groups, whose fields a store keeps side by side."""


@dataclass(frozen=True)
class Task:
    """One export task as it is stored: what to export, where it stands, and its groups.

    Times are UTC. `sequence` counts its changes that were told. `version` is the store's token for
    compare-and-set and no part of what is stored.
    """

    plan: ExportTask
    state: TaskState
    created_at: datetime
    place: Place
    claim: Claim = field(default_factory=Claim)
    run: Run = field(default_factory=Run)
    trouble: Trouble = field(default_factory=Trouble)
    result: Result = field(default_factory=Result)
    pixels: Pixels = field(default_factory=Pixels)
    family: Family = field(default_factory=Family)
    origin: Origin = field(default_factory=Origin)
    end: End = field(default_factory=End)
    catalogue: Catalogue = field(default_factory=Catalogue)
    sequence: int = 0
    version: Any = field(default=None, compare=False)

    @property
    def id(self) -> str:
        """The task's deterministic id."""
        return self.plan.id

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen by itself: a terminal state, or nobody can check."""
        unchecked = self.state is TaskState.SUCCEEDED and self.result.verified is False
        return self.state.terminal or unchecked

    @property
    def in_flight(self) -> bool:
        """Whether its pixels are on their way: started, or succeeded and not looked at yet."""
        return not self.ended and self.state is not TaskState.PLANNED

    @property
    def children(self) -> tuple[str, ...]:
        """The ids of the tasks that it was split into."""
        return tuple(f"{self.id}-q{number}" for number in range(self.family.parts))

    def to(self, state: TaskState, **changes: Unpack[Changes]) -> "Task":
        """Return the task after a move, with the groups that it changes.

        Raises InvalidTransition if its state knows no such move. In another state tries are
        counted from 0.
        """
        if state not in MOVES[self.state]:
            raise InvalidTransition(f"task {self.id} can't go from {self.state} to {state}")
        after = replace(self, state=state, **changes)
        if state is self.state:
            return after
        return replace(after, trouble=replace(after.trouble, tries=0))


def planned(
    plan: ExportTask,
    now: datetime,
    priority: int,
    not_before: datetime,
    *,
    turn: int = 0,
    digest: str | None = None,
    request_digest: str | None = None,
    labels: Mapping[str, str] | None = None,
    work: str | None = None,
    passes: float | None = None,
) -> Task:
    """Return a new task that waits for its start."""
    place, origin = (
        Place(priority, not_before, turn),
        Origin(request_digest, labels=dict(labels or {})),
    )
    pixels = Pixels(digest, work=work, passes=passes)
    return Task(plan, TaskState.PLANNED, now, place, pixels=pixels, origin=origin)

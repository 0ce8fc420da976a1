"""Earth Engine as the services need it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from s1ratio.inputs import Inputs
from s1ratio.plan import ExportTask, OrbitPass, View
from s1ratio.request import CompositeRequest
from s1ratio.scenes import SceneAnswer, SceneQuestion
from s1ratio.task import Task

_LIVE = frozenset({"PENDING", "RUNNING"})


def operation_id(name: str) -> str:
    """Return the last part of an operation's name, by which alone names are compared.

    A name is `projects/PROJECT/operations/ID`, and the project may be told by its id in one answer
    and by its number in the next.
    """
    return name.strip().rstrip("/").rpartition("/")[2]


@dataclass(frozen=True)
class Operation:
    """One Earth Engine operation as the list or a get shows it. Times are UTC.

    `name` is as it was shown, to be asked and cancelled by; operations are compared by `id`.

    `destinations` are the folders it writes to, as pages of the Cloud Console's storage browser
    or of Drive; none before it has begun to write.
    """

    name: str
    state: str
    description: str
    created_at: datetime
    updated_at: datetime
    progress: float = 0.0
    error: str | None = None
    destinations: tuple[str, ...] = ()
    eecu_seconds: float | None = None

    @property
    def id(self) -> str:
        """The same in whatever way it is named."""
        return operation_id(self.name)

    def is_named(self, name: str | None) -> bool:
        """Tell whether a name is this operation's, whichever way it names the project."""
        return name is not None and operation_id(name) == self.id

    @property
    def live(self) -> bool:
        """Whether Earth Engine still works on it, or will, and nobody has asked it to end."""
        return self.state in _LIVE


class EarthEngine(Protocol):
    """Earth Engine, a call a method; each raises EarthEngineFault and has a deadline."""

    @property
    def answered_at(self) -> datetime | None:
        """When it last answered or refused a call, by its own clock; None if it has told no time.

        To the second. It is read right after a call: of one that was not answered it says nothing.
        """

    def find_passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        """Return the passes that meet the AOI in the period, with their shares of it: one call."""

    def find_view(self, request: CompositeRequest, plan: ExportTask) -> View:
        """Return what the scenes of an export see of the AOI: one call."""

    def find_inputs(
        self, request: CompositeRequest, plans: Sequence[ExportTask]
    ) -> tuple[Inputs, ...]:
        """Return the scenes that are listed now for each export: one call, none for no export."""

    def digest_graph(self, request: CompositeRequest, plan: ExportTask) -> str:
        """Return 40 hex of the expression that a start of this export would POST: no call."""

    def find_scenes(self, questions: Sequence[SceneQuestion]) -> tuple[SceneAnswer, ...]:
        """Return the scenes that each question finds, in the questions' order: one call.

        At most `MAX_QUESTIONS` of them; none is no call.
        """

    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        """Start the export of a claimed task, one POST; return the operation's name."""

    def list_operations(self) -> Iterator[Operation]:
        """Yield the project's operations, newest first, a page a request as they are drawn."""

    def get_operation(self, name: str) -> Operation:
        """Return one operation by its name; OperationUnknown if Earth Engine knows none."""

    def cancel(self, operation: str) -> None:
        """Ask for an operation to be cancelled; an ended or unknown one is left as it is."""

"""Earth Engine as the services need it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from s1ratio.plan import OrbitPass
from s1ratio.request import CompositeRequest
from s1ratio.task import Task

_LIVE = frozenset({"PENDING", "RUNNING"})


@dataclass(frozen=True)
class Operation:
    """One Earth Engine operation as the list or a get shows it. Times are UTC.

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
    def live(self) -> bool:
        """Whether Earth Engine still works on it, or will, and nobody has asked it to end."""
        return self.state in _LIVE


class EarthEngine(Protocol):
    """Earth Engine, a call a method; each raises EarthEngineFault and has a deadline."""

    def find_passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        """Return the passes that meet the AOI in the period, with their shares of it: one call."""

    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        """Start the export of a claimed task, one POST; return the operation's name."""

    def list_operations(self) -> Iterator[Operation]:
        """Yield the project's operations, newest first, a page a request as they are drawn."""

    def get_operation(self, name: str) -> Operation:
        """Return one operation by its name; OperationUnknown if Earth Engine knows none."""

    def cancel(self, operation: str) -> None:
        """Ask for an operation to be cancelled; an ended or unknown one is left as it is."""

"""Records that the store will never keep as they are, such as one that has grown too large."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from s1ratio.errors import RecordRefused
from s1ratio.ports import Store
from s1ratio.records import Event, RequestRecord
from s1ratio.task import Task


@dataclass(frozen=True)
class RefusedRecord:
    """A record, of a task or a request by its id, that is refused in one state."""

    id: str
    state: str


REFUSABLE = (
    RefusedRecord("r1-o131a", "STARTING"),
    RefusedRecord("r1-o131a", "SUBMITTED"),
    RefusedRecord("r1-o131a", "SUCCEEDED"),
    RefusedRecord("r1-o131a", "VERIFIED"),
    RefusedRecord("r1-o058a", "SPLIT"),
    RefusedRecord("r1-o058a", "VERIFIED"),
    RefusedRecord("r1", "ACCEPTED"),
    RefusedRecord("r1", "VERIFIED"),
)


class PickyStore:
    """Meets `ports.Store`: one that ships, with a record that it does not take."""

    def __init__(self, store: Store, refused: RefusedRecord, counts: "Counter[str]") -> None:
        self._store, self._refused, self._counts = store, refused, counts

    def __getattr__(self, name: str) -> Any:
        """Return what is not refused."""
        return getattr(self._store, name)

    def transition(self, task: Task, to: Task, *args: Any, **named: Any) -> Task:
        """Move a task, or refuse."""
        self._check(to.id, to.state.value)
        return self._store.transition(task, to, *args, **named)

    def update_request(
        self, record: RequestRecord, expected: Any, events: Sequence[Event] = ()
    ) -> RequestRecord:
        """Write a request, or refuse."""
        self._check(record.id, record.state.value)
        return self._store.update_request(record, expected, events)

    def _check(self, name: str, state: str) -> None:
        if self._refused == RefusedRecord(name, state):
            self._counts["refused records"] += 1
            raise RecordRefused(f"{name} is too large to be kept as {state}")

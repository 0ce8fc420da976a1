"""Change: what a person's command did to a request or a task, to be told."""

from dataclasses import asdict, dataclass

from s1ratio.records import RequestRecord
from s1ratio.task import Task


@dataclass(frozen=True)
class Change:
    """A request or a task before and after; `to_be_cancelled`: its end is still to come.

    `left` says why it was left as it is, though it was meant.
    """

    kind: str
    id: str
    request_id: str
    was: str
    now: str
    to_be_cancelled: bool = False
    left: str | None = None

    @classmethod
    def of_task(cls, before: Task, after: Task) -> "Change":
        """Return the change of a task."""
        ids = ("task", before.id, before.plan.request_id)
        return cls(*ids, before.state, after.state, after.end.cancelling is not None)

    @classmethod
    def none_of(cls, task: Task, why: str) -> "Change":
        """Return that a task was left as it is."""
        return cls("task", task.id, task.plan.request_id, task.state, task.state, left=why)

    @classmethod
    def of_request(cls, before: RequestRecord, after: RequestRecord) -> "Change":
        """Return the change of a request."""
        ids = ("request", before.id, before.id)
        return cls(*ids, before.state, after.state, after.cancelling is not None)

    def json(self) -> dict[str, object]:
        """Return it as JSON."""
        return asdict(self)

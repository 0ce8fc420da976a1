"""What every service works with: the ports, the settings, and who we are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from s1ratio.ports import Clock, EarthEngine, ObjectStore, RasterReader, Store
from s1ratio.records import Event, RequestRecord
from s1ratio.request import CompositeRequest
from s1ratio.request.reader import stored_request
from s1ratio.settings import Settings
from s1ratio.task import Task


@dataclass(frozen=True)
class Context:
    """The world of one process. `owner` names it, so that two never take each other's claims."""

    settings: Settings
    store: Store
    earth_engine: EarthEngine
    clock: Clock
    owner: str

    @property
    def lease(self) -> timedelta:
        """How long a claim on a start lives."""
        return timedelta(seconds=self.settings.start_lease_s)

    def task_event(self, task: Task) -> Event:
        """Return the event that tells of a task's new state."""
        name = f"{task.id}.{task.state.value.lower()}.a{task.attempt}"
        data: dict[str, Any] = {"task": task.id, "state": task.state.value, "attempt": task.attempt}
        if task.files:
            data["files"] = list(task.files)
        return Event(
            name, f"task.{task.state.value.lower()}", task.plan.request_id, self.clock.now(), data
        )

    def request_event(self, record: RequestRecord) -> Event:
        """Return the event that tells of a request's new state."""
        name = f"{record.id}.{record.state.value.lower()}"
        return Event(
            name,
            f"request.{record.state.value.lower()}",
            record.id,
            self.clock.now(),
            {"state": record.state.value, "tallies": dict(record.tallies)},
        )


@dataclass(frozen=True)
class PollContext(Context):
    """The same, and what came out: only the poller opens files."""

    objects: ObjectStore
    rasters: RasterReader


def request_of(record: RequestRecord) -> CompositeRequest:
    """Return the request of a record: judged by the rules of form alone, not by today's limits.

    Raises ValidationError where those rules have changed since it was stored.
    """
    return stored_request(record.message)

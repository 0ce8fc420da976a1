"""What every service works with: the ports, the settings, and who we are."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from s1ratio.ports import Clock, EarthEngine, ObjectStore, RasterReader, Store
from s1ratio.records import Event, RequestRecord, RequestState
from s1ratio.request import CompositeRequest
from s1ratio.request.reader import stored_request
from s1ratio.services.memory import Memory
from s1ratio.services.storing.log_lines import tell_request_end
from s1ratio.settings import Settings
from s1ratio.task import Task

# A late duplicate of a message must find its request as long as there is anything of it.
_LAST = timedelta(days=7)
_ALL_THERE = frozenset({RequestState.VERIFIED, RequestState.SUCCEEDED, RequestState.EMPTY})


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

    @property
    def lost_grace(self) -> timedelta:
        """How long an operation may be missing before anything is made of it."""
        return timedelta(seconds=self.settings.lost_grace_s)

    @property
    def retention(self) -> timedelta:
        """How long ended tasks are kept; their request, a while longer, goes last."""
        return timedelta(days=self.settings.retention_days)

    def task_event(self, task: Task) -> Event:
        """Return the event that tells of a task's new state."""
        attempt = task.run.attempt
        name = f"{task.id}.{task.state.value.lower()}.a{attempt}"
        data: dict[str, Any] = {"task": task.id, "state": task.state.value, "attempt": attempt}
        if task.result.files:
            data["files"] = list(task.result.files)
        return self._event(name, f"task.{task.state.value.lower()}", task.plan.request_id, data)

    def request_event(self, record: RequestRecord) -> Event:
        """Return the event that tells of a request's new state."""
        name = f"{record.id}.{record.state.value.lower()}.r{record.round}"
        data: dict[str, Any] = {"state": record.state.value, "tallies": dict(record.tallies)}
        if record.missing:
            data["missing"] = list(record.missing)
        return self._event(name, f"request.{record.state.value.lower()}", record.id, data)

    def _event(self, name: str, kind: str, request_id: str, data: dict[str, Any]) -> Event:
        now = self.clock.now()
        return Event(name, kind, request_id, now, data, expire_at=now + self.retention)


@dataclass(frozen=True)
class PollContext(Context):
    """The same, and what came out: only the poller opens files. And it remembers."""

    objects: ObjectStore
    rasters: RasterReader
    memory: Memory = field(default_factory=Memory)


def written(context: Context, before: RequestRecord, after: RequestRecord) -> RequestRecord:
    """Store what becomes of a request, and tell of its end; return it, or raise Conflict."""
    ends = after.state.terminal and not before.state.terminal
    if ends:
        now = context.clock.now()
        expire_at = now + context.retention + _LAST
        why = after.error or (None if after.state in _ALL_THERE else after.cancelling)
        after = replace(after, ended_at=now, expire_at=expire_at, cancelling=None, error=why)
    events = [context.request_event(after)] if ends else []
    stored = context.store.update_request(after, before.version, events)
    if ends:
        tell_request_end(stored, context.clock.now())
    return stored


def request_of(record: RequestRecord) -> CompositeRequest:
    """Return the request of a record: judged by the rules of form alone, not by today's limits.

    Raises ValidationError where those rules have changed since it was stored.
    """
    return stored_request(record.message)

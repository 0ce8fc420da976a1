"""The requests of tasks, each read once: a request has many tasks, and its area may be large."""

from collections.abc import Callable
from dataclasses import dataclass

from s1ratio.errors import RecordMissing
from s1ratio.records import RequestRecord, RequestState
from s1ratio.request import CompositeRequest, Direction
from s1ratio.services.context import Context
from s1ratio.services.storing.requests import request_of
from s1ratio.task import Task


class RequestCache:
    """The requests of tasks; each is read from the store once, as long as there are few."""

    _MAX_KNOWN = 50

    def __init__(self, context: Context) -> None:
        self._read: Callable[[str], _Known] = lambda key: _read(context, key)
        self._known: dict[str, _Known] = {}

    def remember(self, record: RequestRecord, request: CompositeRequest) -> None:
        """Keep what was read or stored just now: a record, and what it asks for."""
        self._known[record.id] = _known(record, request)

    def of(self, task: Task) -> CompositeRequest:
        """Return the request that a task belongs to."""
        return self._of(task).request

    def share_of(self, task: Task) -> float | None:
        """Return the part of the area that a task's passes cover at least, if it is known."""
        return self._of(task).shares.get((task.plan.orbit, task.plan.direction))

    def cancelling(self, task: Task) -> str | None:
        """Return why a task is not to be started any more, by itself or with its request."""
        known = self._of(task)
        why = task.end.cancelling or known.cancelling
        # Of a request that has ended as cancelled, a task may have come up since. One that is past
        # its first attempt was set going by a person, and the request will be.
        return why or (known.cancelled if task.run.attempt == 1 else None)

    def _of(self, task: Task) -> "_Known":
        key = task.plan.request_id
        if key not in self._known:
            if len(self._known) >= self._MAX_KNOWN:  # areas may be large
                self._known.clear()
            self._known[key] = self._read(key)
        return self._known[key]


@dataclass(frozen=True)
class _Known:
    request: CompositeRequest
    cancelling: str | None
    cancelled: str | None
    shares: dict[tuple[int, Direction], float | None]


def _read(context: Context, request_id: str) -> _Known:
    record = context.store.get_request(request_id)
    if record is None:
        raise RecordMissing(f"request {request_id} has tasks but no record in the store")
    return _known(record, request_of(record))


def _known(record: RequestRecord, request: CompositeRequest) -> _Known:
    cancelled = record.error or "cancelled" if record.state is RequestState.CANCELLED else None
    shares = {(each.orbit, each.direction): each.share for each in record.passes or ()}
    return _Known(request, record.cancelling, cancelled, shares)

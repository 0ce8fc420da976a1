"""Smoke: a deployment is asked for something tiny, and must have it VERIFIED in time.

It goes the whole way: the topic, the launch, Earth Engine, the bucket, the poller, the store.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from s1ratio.errors import StoreUnavailable
from s1ratio.ports import Clock, Publisher, Store
from s1ratio.records import Rejection, RequestRecord, RequestState
from s1ratio.request.smoke_message import smoke_message
from s1ratio.services.requesting.reject import rejection_id
from s1ratio.task import Task, TaskState

_REJECTIONS_PAGE = 50  # of the rejections, the newest


@dataclass(frozen=True)
class Smoked:
    """What became of it: the request's state (None: nobody took it), and words on what is wrong.

    `eecu_seconds` are what its exports spent, as far as Earth Engine has told.
    """

    request_id: str
    state: RequestState | None
    seconds: float
    words: str = ""
    eecu_seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the deployment works."""
        return self.state is RequestState.VERIFIED


def smoke(
    store: Store,
    publisher: Publisher,
    clock: Clock,
    request_id: str,
    *,
    wait: Callable[[], None],
    deadline: timedelta,
) -> Smoked:
    """Publish a tiny request and look, with a `wait` in between, until it ended or time is over.

    Raises PubSubError if it can't be published; a store that does not answer is asked again.
    """
    began, payload = clock.now(), json.dumps(smoke_message(request_id)).encode()
    publisher.publish(payload, {})
    record: RequestRecord | None = None
    trouble = ""
    while clock.now() < began + deadline:
        wait()
        try:
            record = store.get_request(request_id)
            rejection = None if record else _find_rejection(store, payload)
        except StoreUnavailable as error:
            trouble = str(error)
            continue
        if rejection is not None:
            words = "; ".join(map(str, rejection.reasons))
            return Smoked(request_id, RequestState.REJECTED, _since(began, clock), words)
        if record is not None and record.state.terminal:
            return _report_end(store, record, _since(began, clock))
    return Smoked(request_id, record.state if record else None, *_late(record, trouble, deadline))


def _find_rejection(store: Store, payload: bytes) -> Rejection | None:
    digest = rejection_id(payload)
    return next(
        (found for found in store.find_rejections(_REJECTIONS_PAGE) if found.id == digest), None
    )


def _report_end(store: Store, record: RequestRecord, seconds: float) -> Smoked:
    words = [record.error or "", *map(str, record.reasons)]
    if record.state is not RequestState.VERIFIED:
        said = [(task, _why(task)) for task in store.find_tasks_of(record.id)]
        words += [f"{task.id} {task.state}: {why}" for task, why in said if why]
    summary = "; ".join(filter(None, words))
    return Smoked(record.id, record.state, seconds, summary, record.eecu_seconds)


def _why(task: Task) -> str | None:
    """Return what went wrong with a task, or why there is nothing in it."""
    if task.state is TaskState.EMPTY:
        return next(iter(task.result.notes), None)
    return task.trouble.error


def _late(record: RequestRecord | None, trouble: str, deadline: timedelta) -> tuple[float, str]:
    seconds = deadline.total_seconds()
    if record is not None:
        return seconds, f"it is still {record.state} after {seconds:g} s: see the log of poll_tasks"
    words = f"nobody took the message within {seconds:g} s: see the dead letters and the log of "
    return seconds, f"{words}launch_exports{f'; {trouble}' if trouble else ''}"


def _since(began: datetime, clock: Clock) -> float:
    return round((clock.now() - began).total_seconds(), 1)

"""The events of requests, of their tasks, and of messages that were refused.

Each function takes the record as it is to be stored with it, its `sequence` raised already.
"""

import json
from collections.abc import Iterable

from s1ratio.events.data import Reason, RejectedData, RequestData, TaskData
from s1ratio.events.kinds import EventKind
from s1ratio.events.teller import Change, Teller
from s1ratio.faults import Fault
from s1ratio.labels import INCIDENT_LABEL, REGION_LABEL
from s1ratio.records import Event, Rejection, RequestRecord, RequestState
from s1ratio.task import Task, TaskState

_TASK_KINDS = {
    TaskState.SUBMITTED: EventKind.TASK_SUBMITTED,
    TaskState.RUNNING: EventKind.TASK_RUNNING,
}
_REQUEST_KINDS = {
    RequestState.ACCEPTED: EventKind.REQUEST_ACCEPTED,
    RequestState.REJECTED: EventKind.REQUEST_REJECTED,
}
_LONGEST_ID = 200


def tell_of_task(teller: Teller, task: Task) -> Event:
    """Return the event of a task that is SUBMITTED or RUNNING now, or has ended."""
    plan, result, run = task.plan, task.result, task.run
    named = task.ended and task.state is not TaskState.EMPTY
    kind = EventKind.TASK_ENDED if task.ended else _TASK_KINDS[task.state]
    data = TaskData(
        task=task.id,
        request=plan.request_id,
        state=task.state,
        attempt=run.attempt,
        orbit=plan.orbit,
        direction=plan.direction,
        bands=plan.bands,
        bucket=teller.bucket if result.files and named else None,
        files=result.files if result.files and named else None,
        same_as=result.same_as,
        valid_share=result.valid_share,
        eecu_seconds=run.eecu_seconds,
        error_class=task.trouble.error_class if task.ended else None,
        error=task.trouble.error if task.ended else None,
    )
    labels = task.origin.labels
    change = Change(kind, task.id, task.sequence, plan.request_id, plan.request_id)
    return teller.tell(change, data, _of_request(task.state, plan.request_id, labels), labels)


def tell_of_request(teller: Teller, record: RequestRecord) -> Event:
    """Return the event of a request that is ACCEPTED now, or has ended."""
    labels = labels_of(record.message)
    kind = _REQUEST_KINDS.get(record.state, EventKind.REQUEST_ENDED)
    change = Change(kind, record.id, record.sequence, record.id, record.id)
    attributes = _of_request(record.state, record.id, labels)
    if kind is EventKind.REQUEST_REJECTED:
        rejected = RejectedData(request=record.id, reasons=reasons_of(record.reasons))
        return teller.tell(change, rejected, attributes, labels)
    data = RequestData(
        request=record.id,
        state=record.state,
        tasks=record.size,
        tallies=dict(record.tallies),
        missing=record.missing or None,
        eecu_seconds=record.eecu_seconds if record.tallies else None,
        error_class=record.error_class,
        error=record.error,
        reasons=reasons_of(record.reasons) or None,
        round=record.round,
    )
    return teller.tell(change, data, attributes, labels)


def tell_of_rejection(teller: Teller, rejection: Rejection, request_id: str | None) -> Event:
    """Return the event of a message that was refused; `request_id` is the id that it names."""
    if request_id is not None and len(request_id) > _LONGEST_ID:  # nobody's
        request_id = None
    data = RejectedData(
        request=request_id,
        rejection=rejection.id,
        topic=rejection.topic,
        reasons=reasons_of(rejection.reasons),
    )
    # In an order of its own: the request of that id may be another's.
    key = f"rejection:{rejection.id}"
    change = Change(EventKind.REQUEST_REJECTED, rejection.id, 1, key, record="rejection")
    state = RequestState.REJECTED.value
    return teller.tell(change, data, {"state": state, "request": request_id})


def labels_of(message: str) -> dict[str, str]:
    """Return the labels of a stored message; of one that can't be read, none."""
    try:
        found = json.loads(message)["labels"]
        return {str(name): str(value) for name, value in found.items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return {}


def _of_request(state: str, request_id: str, labels: dict[str, str]) -> dict[str, str | None]:
    """Return what a request's and its tasks' events can be filtered by, beside the labels."""
    return {
        "state": str(state),
        "request": request_id,
        "region": labels.get(REGION_LABEL),
        "incident": labels.get(INCIDENT_LABEL),
    }


def reasons_of(faults: Iterable[Fault]) -> tuple[Reason, ...]:
    """Return faults as an event's data have them."""
    return tuple(Reason(path=one.path, code=one.code, message=one.message) for one in faults)

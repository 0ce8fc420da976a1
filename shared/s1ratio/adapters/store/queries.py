"""The queries for requests, their tasks and what goes with these, as data.

Indexes follow from them: see `schema` and `indexes`.
"""

from datetime import UTC, datetime

from s1ratio.adapters.store.database import Order, Query, Where
from s1ratio.records import RequestState
from s1ratio.task import ACTIVE, TaskState

REQUESTS = "requests"
TASKS = "tasks"
EVENTS = "events"
REJECTIONS = "rejections"
TIME_MARKS = "watermarks"
LEASES = "leases"
PIXELS = "pixels"
IDENTITY = "identity"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # SUCCEEDED moves no more: what comes after it is an end.
_MOVING = sorted({state for state in TaskState if not state.terminal} - {TaskState.SUCCEEDED})
_ACTIVE = Where("state", "in", sorted(ACTIVE))


def expandable(now: datetime, limit: int) -> Query:
    """Requests still EXPANDING whose `not_before` has come, in its order."""
    where = (Where("state", "==", RequestState.EXPANDING), Where("not_before", "<=", now))
    return Query(REQUESTS, where, (Order("not_before"),), limit)


def open_requests(limit: int, since: datetime | None = None) -> Query:
    """Requests whose tasks are all created and not all ended, made since then, oldest first."""
    states = [RequestState.ACCEPTED, RequestState.RUNNING]
    where = (Where("state", "in", states), Where("created_at", ">=", since or EPOCH))
    return Query(REQUESTS, where, (Order("created_at"),), limit)


def failed_requests(error_class: str, limit: int, since: datetime | None = None) -> Query:
    """Requests that failed before they had tasks, of a class, made since then, oldest first."""
    failed = (Where("state", "==", RequestState.FAILED), Where("error_class", "==", error_class))
    where = (*failed, Where("created_at", ">=", since or EPOCH))
    return Query(REQUESTS, where, (Order("created_at"),), limit)


def cancelling_requests(limit: int) -> Query:
    """Requests that are to be cancelled: their reasons are texts."""
    return _cancelling(REQUESTS, limit)


def cancelling_tasks(limit: int) -> Query:
    """Tasks that are to be cancelled, each for itself."""
    return _cancelling(TASKS, limit)


def _cancelling(collection: str, limit: int) -> Query:
    return Query(collection, (Where("cancelling", ">", ""),), (Order("cancelling"),), limit)


def tasks_of(request_id: str) -> Query:
    """All tasks of a request."""
    return Query(TASKS, (Where("plan.request_id", "==", request_id),))


def startable(now: datetime, limit: int, least_turn: int | None = None) -> Query:
    """Planned tasks whose `not_before` has come: by priority (high first), turn and age."""
    where = [Where("state", "==", TaskState.PLANNED), Where("not_before", "<=", now)]
    if least_turn is not None:
        where.append(Where("turn", ">=", least_turn))
    order = (
        Order("priority", descending=True),
        Order("turn"),
        Order("created_at"),
        Order("not_before"),
    )
    return Query(TASKS, tuple(where), order, limit)


def first_in_line(priority: int, now: datetime) -> Query:
    """The due task of a priority whose turn is next, without those that go before all turns."""
    where = (
        Where("state", "==", TaskState.PLANNED),
        Where("priority", "==", priority),
        Where("turn", ">", 0),
        Where("not_before", "<=", now),
    )
    return Query(TASKS, where, (Order("turn"), Order("not_before")), 1)


def stale_starts(now: datetime, limit: int) -> Query:
    """STARTING tasks whose lease is over, oldest lease first."""
    where = (Where("state", "==", TaskState.STARTING), Where("lease_until", "<=", now))
    return Query(TASKS, where, (Order("lease_until"),), limit)


def to_verify(now: datetime, limit: int) -> Query:
    """SUCCEEDED tasks without a verdict whose `not_before` has come, in its order."""
    where = (
        Where("state", "==", TaskState.SUCCEEDED),
        Where("verified", "==", None),
        Where("not_before", "<=", now),
    )
    return Query(TASKS, where, (Order("not_before"),), limit)


def lost(now: datetime, limit: int) -> Query:
    """LOST tasks whose `not_before` has come, in its order."""
    where = (Where("state", "==", TaskState.LOST), Where("not_before", "<=", now))
    return Query(TASKS, where, (Order("not_before"),), limit)


def waiting_for(task_id: str, limit: int) -> Query:
    """Tasks that wait for this one's pixels."""
    return Query(TASKS, (Where("waits_for", "==", task_id),), (), limit)


def tasks_in(state: TaskState, limit: int, since: datetime | None = None) -> Query:
    """Tasks in a state, made since then, oldest first."""
    where = (Where("state", "==", state), Where("created_at", ">=", since or EPOCH))
    return Query(TASKS, where, (Order("created_at"),), limit)


def ended(limit: int, since: datetime | None = None) -> Query:
    """Tasks that ended since then, in that order."""
    return Query(TASKS, (Where("ended_at", ">=", since or EPOCH),), (Order("ended_at"),), limit)


def started(since: datetime) -> Query:
    """Tasks whose last attempt was started since then."""
    return Query(TASKS, (Where("starting_at", ">=", since),), (Order("starting_at"),))


def to_catalogue(now: datetime, limit: int) -> Query:
    """Tasks whose items are to be written by now; only these have a `catalogue_due`."""
    where = (Where("catalogue_due", ">", EPOCH), Where("catalogue_due", "<=", now))
    return Query(TASKS, where, (Order("catalogue_due"),), limit)


def verified_of(work: str, limit: int) -> Query:
    """VERIFIED tasks of a kind of work, those that ended last first."""
    where = (Where("work", "==", work), Where("state", "==", TaskState.VERIFIED))
    return Query(TASKS, where, (Order("ended_at", descending=True),), limit)


def in_state(request_id: str, state: TaskState, limit: int | None = None) -> Query:
    """Tasks of a request in a state."""
    where = (Where("plan.request_id", "==", request_id), Where("state", "==", state))
    return Query(TASKS, where, (), limit)


def leaves(request_id: str, state: TaskState, limit: int | None = None) -> Query:
    """Tasks of a request in a state that were not split."""
    where = (*in_state(request_id, state).where, Where("parts", "==", 0))
    return Query(TASKS, where, (), limit)


def moving(request_id: str) -> Query:
    """Tasks of a request that may come into any other state, back or forth: in one count."""
    where = (Where("plan.request_id", "==", request_id), Where("state", "in", _MOVING))
    return Query(TASKS, where)


def unchecked(request_id: str) -> Query:
    """Tasks of a request that succeeded and can't be verified."""
    where = (*in_state(request_id, TaskState.SUCCEEDED).where, Where("verified", "==", False))
    return Query(TASKS, where)


def spent(request_id: str) -> Query:
    """Tasks of a request by what they spent: to be summed, never read."""
    return Query(TASKS, tasks_of(request_id).where, (Order("eecu_seconds"),))


def active() -> Query:
    """Tasks that take room in Earth Engine's queue."""
    return Query(TASKS, (_ACTIVE,))


def planned() -> Query:
    """Tasks that wait for their start."""
    return Query(TASKS, (Where("state", "==", TaskState.PLANNED),))


def oldest_start() -> Query:
    """The active task that was started first."""
    where = (_ACTIVE, Where("starting_at", ">", EPOCH))  # null would sort before every time
    return Query(TASKS, where, (Order("starting_at"),), 1)


def rejections(limit: int, since: datetime | None = None) -> Query:
    """Rejections, made since then, newest first."""
    where = (Where("at", ">=", since or EPOCH),)
    return Query(REJECTIONS, where, (Order("at", descending=True),), limit)


def events_of(request_id: str) -> Query:
    """Events of a request, as they were committed."""
    return Query(EVENTS, (Where("request_id", "==", request_id),))


def unsent(limit: int, since: datetime | None = None) -> Query:
    """Events that nobody has published, committed since then, the oldest first."""
    where = (Where("unsent_since", ">=" if since else ">", since or EPOCH),)
    return Query(EVENTS, where, (Order("unsent_since"),), limit)


def unsent_of(key: str) -> Query:
    """Events of a key that nobody has published."""
    where = (Where("key", "==", key), Where("unsent_since", ">", EPOCH))
    return Query(EVENTS, where, (Order("unsent_since"),))


QUERIES = (
    expandable(EPOCH, 1),
    open_requests(1),
    cancelling_requests(1),
    cancelling_tasks(1),
    tasks_of(""),
    startable(EPOCH, 1),
    startable(EPOCH, 1, 0),
    failed_requests("", 1),
    first_in_line(0, EPOCH),
    stale_starts(EPOCH, 1),
    to_verify(EPOCH, 1),
    lost(EPOCH, 1),
    waiting_for("", 1),
    tasks_in(TaskState.PLANNED, 1),
    ended(1),
    started(EPOCH),
    to_catalogue(EPOCH, 1),
    verified_of("", 1),
    in_state("", TaskState.SPLIT),
    leaves("", TaskState.PLANNED),
    moving(""),
    unchecked(""),
    spent(""),
    active(),
    planned(),
    oldest_start(),
    rejections(1),
    events_of(""),
    unsent(1),
    unsent_of(""),
)

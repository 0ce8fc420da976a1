"""The store as the services need it: where requests, tasks and rejections live."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from s1ratio.ports.alerts import AlertStore
from s1ratio.ports.commands import CommandStore
from s1ratio.ports.events import EventStore
from s1ratio.ports.reading import ReadingStore
from s1ratio.ports.regions import RegionStore
from s1ratio.ports.watches import WatchStore
from s1ratio.records import Event, PixelClaim, Rejection, RequestRecord, Tallies
from s1ratio.task import Task, TaskState
from s1ratio.time_marks import TimeMark


class RequestStore(Protocol):
    """The part of a Store that keeps requests."""

    def create_request(self, record: RequestRecord) -> RequestRecord:
        """Store a new request; return it as stored, or the one that had the id already.

        Raises RecordRefused if it could not be kept with all that will be added to it.
        """

    def create_accepted(
        self, record: RequestRecord, tasks: Sequence[Task], events: Sequence[Event] = ()
    ) -> tuple[RequestRecord, Sequence[Task]]:
        """Store a new request with all of its tasks, at most 100, in one commit; return both.

        Raises AlreadyExists if one of the ids is taken, RecordRefused as `create_request` does.
        """

    def get_request(self, request_id: str) -> RequestRecord | None:
        """Return a request, or None."""

    def get_requests(self, request_ids: Iterable[str]) -> dict[str, RequestRecord]:
        """Return the requests of these ids that exist, by id."""

    def update_request(
        self, record: RequestRecord, expected: Any, events: Sequence[Event] = ()
    ) -> RequestRecord:
        """Compare-and-set a request together with its outgoing events; return it as stored."""

    def find_expandable(self, now: datetime, limit: int) -> Sequence[RequestRecord]:
        """Return requests still EXPANDING whose `not_before` has come, in its order."""

    def find_open_requests(
        self, limit: int, since: datetime | None = None
    ) -> Sequence[RequestRecord]:
        """Return requests that are ACCEPTED or RUNNING, made at `since` or later, oldest first."""

    def find_failed_requests(
        self, error_class: str, limit: int, since: datetime | None = None
    ) -> Sequence[RequestRecord]:
        """Return requests that FAILED of a class before they had tasks, made at `since` or later.

        Oldest first.
        """

    def find_cancelling_requests(self, limit: int) -> Sequence[RequestRecord]:
        """Return requests that are to be cancelled and have not ended yet."""


class TaskStore(Protocol):
    """The part of a Store that keeps export tasks, and the claims on their pixels."""

    def create_tasks(self, tasks: Sequence[Task]) -> None:
        """Create tasks, each only if its id is new, in commits of at most 500 and 2 MiB."""

    def get_task(self, task_id: str) -> Task | None:
        """Return a task, or None."""

    def get_tasks(self, task_ids: Iterable[str]) -> dict[str, Task]:
        """Return the tasks of these ids that exist, by id."""

    def find_tasks_of(self, request_id: str) -> Sequence[Task]:
        """Return all tasks of a request, by id."""

    def find_tasks_of_in(self, request_id: str, state: TaskState, limit: int) -> Sequence[Task]:
        """Return tasks of a request that are in a state."""

    def count_tasks_of(self, request_id: str) -> Tallies:
        """Return a request's tasks in numbers, counted where they lie: none of them is read."""

    def transition(
        self,
        task: Task,
        to: Task,
        expected: Any,
        events: Sequence[Event] = (),
        *,
        children: Sequence[Task] = (),
        claim: PixelClaim | None = None,
    ) -> Task:
        """Compare-and-set a task; return it as stored.

        In the same commit go its outgoing events, the children that it is split into, and its
        claim on its pixels, itself a compare-and-set.
        """

    def find_startable(
        self, now: datetime, limit: int, least_turn: int | None = None
    ) -> Sequence[Task]:
        """Return planned tasks whose `not_before` has come: by priority (high first), then turn.

        With `least_turn` none whose turn is below it.
        """

    def find_first_in_line(self, priority: int, now: datetime) -> Task | None:
        """Return the planned task of a priority, due, with the lowest turn above 0, or None."""

    def find_stale_starts(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return STARTING tasks whose lease is over, oldest lease first."""

    def find_to_verify(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return SUCCEEDED tasks without a verdict whose `not_before` has come, in its order."""

    def find_lost(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return LOST tasks whose `not_before` has come, in its order."""

    def find_waiting_for(self, task_id: str, limit: int) -> Sequence[Task]:
        """Return planned tasks that wait for this one's pixels."""

    def find_cancelling_tasks(self, limit: int) -> Sequence[Task]:
        """Return tasks that are to be cancelled, each for itself, and have not ended yet."""

    def find_tasks_in(
        self, state: TaskState, limit: int, since: datetime | None = None
    ) -> Sequence[Task]:
        """Return tasks in a state, made at `since` or later, oldest first."""

    def find_ended(self, limit: int, since: datetime | None = None) -> Sequence[Task]:
        """Return tasks that ended at `since` or later, in that order."""

    def find_to_catalogue(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return tasks whose items are due, in the order in which they are."""

    def find_verified_of(self, work: str, limit: int) -> Sequence[Task]:
        """Return VERIFIED tasks of a kind of work, those that ended last first."""

    def count_active(self) -> int:
        """Return how many tasks take room in Earth Engine's queue."""

    def count_planned(self) -> int:
        """Return how many tasks wait for their start, whatever holds them back."""

    def count_started(self, since: datetime) -> int:
        """Return how many tasks had their last attempt started at `since` or later."""

    def find_oldest_start(self) -> datetime | None:
        """Return the earliest `starting_at` of the active tasks, or None without any."""

    def get_pixel_claim(self, digest: str) -> PixelClaim | None:
        """Return which task exports the pixels of a digest, or did last, or None."""


class IdentifiedStore(Protocol):
    """The part of a Store that tells it from others under one deployment's name."""

    def identify(self, fresh: str, now: datetime) -> str:
        """Return the store's identity: the one it has, or `fresh`, which is its own from then on.

        A copy, or what lies elsewhere by now, gets a fresh one: both may be in use. Costs one
        document.
        """


class Store(
    RequestStore,
    TaskStore,
    RegionStore,
    AlertStore,
    WatchStore,
    ReadingStore,
    CommandStore,
    EventStore,
    IdentifiedStore,
    Protocol,
):
    """Where requests, tasks, regions, alerts, commands and rejections live.

    Every write is one commit: all of it or nothing. Compare-and-set raises Conflict when the
    stored version is another one; StoreUnavailable says that nothing is known of the write;
    RecordRefused that no store will ever keep the record as it is.
    Returned records carry the version to give back as `expected`. Lists pass over documents that
    can't be read, with an error in the log, lest one of them block all others.
    """

    def close(self) -> None:
        """Let go of connections and files; nothing is asked of the store afterwards."""

    def reject(self, rejection: Rejection, events: Sequence[Event] = ()) -> bool:
        """Store a rejection with its outgoing events; the same one again changes nothing.

        Tell whether it is new.
        """

    def find_rejections(self, limit: int, since: datetime | None = None) -> Sequence[Rejection]:
        """Return rejections, made at `since` or later, newest first."""

    def get_rejection(self, rejection_id: str) -> Rejection | None:
        """Return a rejection, or None."""

    def get_time_mark(self, mark: TimeMark) -> datetime | None:
        """Return the point in time that a mark stands at, or None if it was never set."""

    def get_time_marks(self, marks: Iterable[TimeMark]) -> dict[TimeMark, datetime]:
        """Return where those of these marks stand that were ever set, in one round trip."""

    def set_time_mark(self, mark: TimeMark, at: datetime) -> None:
        """Set a mark to a point in time, be it past or to come."""

    def take_lease(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take a lease that nobody holds, or hold it longer; tell whether it is `owner`'s now.

        One that ends over a quarter of an hour after `until` was taken by a clock that is ahead:
        it counts as over.
        """

    def give_back(self, name: str, owner: str) -> None:
        """End a lease, if it is `owner`'s."""

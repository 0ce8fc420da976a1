"""What the services need of the world, as Protocols; adapters are what meets them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from s1ratio.plan import OrbitPass
from s1ratio.records import Event, Rejection, RequestRecord
from s1ratio.request import CompositeRequest
from s1ratio.task import Task


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


class EarthEngine(Protocol):
    """Earth Engine, a call a method; each raises EarthEngineFault and has a deadline."""

    def passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        """Return the passes that meet the AOI in the period, with their shares of it: one call."""

    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        """Start the export of a claimed task, one POST; return the operation's name."""

    def operations(self) -> Iterator[Operation]:
        """Yield the project's operations, newest first, a page a request as they are drawn."""

    def cancel(self, operation: str) -> None:
        """Ask for an operation to be cancelled; an ended or unknown one is left as it is."""


@dataclass(frozen=True)
class StoredObject:
    """One object of a bucket: name, size in bytes, time of its last change (UTC)."""

    name: str
    size: int
    updated: datetime


class ObjectStore(Protocol):
    """The bucket the exports go to; each call raises ObjectStoreUnavailable and has a deadline."""

    bucket: str

    def list(self, prefix: str) -> Sequence[StoredObject]:
        """Return the objects whose names begin with `prefix`."""

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return up to `length` bytes of an object from offset `start`; or raise ObjectMissing."""


@dataclass(frozen=True)
class RasterFile:
    """What one GeoTIFF says of itself, and whether any band but `count` ones has valid pixels.

    `transform` is (xScale, xShear, xOrigin, yShear, yScale, yOrigin); `shape` (height, width).
    `has_data` is None where nobody looked, or the bytes to look at were spent without a find.
    """

    name: str
    crs: str
    transform: tuple[float, float, float, float, float, float]
    shape: tuple[int, int]
    bands: tuple[str, ...]
    dtype: str
    nodata: float | None
    has_data: bool | None


class RasterReader(Protocol):
    """Opens GeoTIFFs where they lie, by ranged reads of at most 16 MB a file."""

    def read(self, item: StoredObject, search: bool = True) -> RasterFile:
        """Return what a file says; without `search` nobody looks for data.

        Raises UnreadableRaster if it is no complete GeoTIFF, with words that follow on its name;
        ObjectMissing; ObjectStoreUnavailable.
        """


class Clock(Protocol):
    """Time, so that tests can set it."""

    def now(self) -> datetime:
        """Return the time in UTC."""


class Store(Protocol):
    """Where requests, tasks and rejections live.

    Every write is one commit: all of it or nothing. Compare-and-set raises Conflict when the
    stored version is another one; StoreUnavailable says that nothing is known of the write.
    Returned records carry the version to give back as `expected`.
    """

    def close(self) -> None:
        """Let go of connections and files; nothing is asked of the store afterwards."""

    def create_request(self, record: RequestRecord) -> RequestRecord:
        """Store a new request; return it as stored, or the one that had the id already."""

    def request(self, request_id: str) -> RequestRecord | None:
        """Return a request, or None."""

    def update_request(
        self, record: RequestRecord, expected: Any, events: Sequence[Event] = ()
    ) -> RequestRecord:
        """Compare-and-set a request together with its outgoing events; return it as stored."""

    def expandable(self, now: datetime, limit: int) -> Sequence[RequestRecord]:
        """Return requests still EXPANDING whose `not_before` has come, in its order."""

    def open_requests(self, limit: int, since: datetime | None = None) -> Sequence[RequestRecord]:
        """Return requests that are ACCEPTED or RUNNING, made at `since` or later, oldest first."""

    def create_tasks(self, tasks: Sequence[Task]) -> None:
        """Create tasks, each only if its id is new, in commits of at most 500 and 2 MiB."""

    def task(self, task_id: str) -> Task | None:
        """Return a task, or None."""

    def tasks(self, task_ids: Iterable[str]) -> dict[str, Task]:
        """Return the tasks of these ids that exist, by id."""

    def tasks_of(self, request_id: str) -> Sequence[Task]:
        """Return all tasks of a request, by id."""

    def transition(self, task: Task, to: Task, expected: Any, events: Sequence[Event] = ()) -> Task:
        """Compare-and-set a task together with its outgoing events; return it as stored."""

    def startable(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return planned tasks whose `not_before` has come: by priority (high first), then age."""

    def stale_starts(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return STARTING tasks whose lease is over, oldest lease first."""

    def to_verify(self, now: datetime, limit: int) -> Sequence[Task]:
        """Return SUCCEEDED tasks without a verdict whose `not_before` has come, in its order."""

    def count_active(self) -> int:
        """Return how many tasks take room in Earth Engine's queue."""

    def oldest_start(self) -> datetime | None:
        """Return the earliest `starting_at` of the active tasks, or None without any."""

    def reject(self, rejection: Rejection) -> None:
        """Store a rejection; the same one again changes nothing."""

    def rejections(self, limit: int) -> Sequence[Rejection]:
        """Return rejections, newest first."""

    def watermark(self, name: str) -> datetime | None:
        """Return a stored point in time, such as how far operations have been read."""

    def set_watermark(self, name: str, at: datetime) -> None:
        """Store a point in time."""

    def events_of(self, request_id: str) -> Sequence[Event]:
        """Return the events of a request, in the order they were committed."""

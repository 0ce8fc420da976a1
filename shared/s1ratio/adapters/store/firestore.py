"""The store in Firestore.

Every deployment has collections of its own, `{deployment}-tasks` and so on, so that several share
a database while each owns its indexes. Compare-and-set is an update-time precondition on a batch:
transactions would make the pollers wait for each other.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from google.api_core import exceptions as api
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore import Client, DocumentReference
from google.cloud.firestore_v1.base_document import DocumentSnapshot
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.types import CommitRequest
from typing_extensions import override

from s1ratio.adapters.store.database import Database, Document, Home, Query, Stored, Write
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.firestore_writes import write_message
from s1ratio.errors import AlreadyExists, Conflict, RecordRefused, StoreError, StoreUnavailable

ResultT = TypeVar("ResultT")

DEADLINE_S = 20.0
_GET_PAGE = 300
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,399}")
_ONCE = Retry(predicate=if_exception_type())  # None would break the client's streams
# A write that changes nothing keeps its document's update time, and two writers with the same
# change would both win: so each write leaves a mark. It begins with its place in the commit.
_MARK = "write_mark"


class FirestoreStore(DocumentStore):
    """A Store in the Firestore database of `client`.

    No round trip takes longer than `deadline_s`; large batches take several.
    """

    def __init__(self, client: Client, deployment: str, deadline_s: float = DEADLINE_S) -> None:
        super().__init__(FirestoreDatabase(client, deployment, deadline_s))


def open_store(project: str, database: str, deployment: str, deadline_s: float) -> FirestoreStore:
    """Return the store in a project's database, for the account of this environment.

    Raises StoreUnavailable where there is no account, or none that can be told.
    """
    try:
        client = Client(project=project, database=database)
    except GoogleAuthError as error:
        raise StoreUnavailable(f"Firestore can't be reached: {error}") from error
    return FirestoreStore(client, deployment, deadline_s)


def collection_name(deployment: str, collection: str) -> str:
    """Return what Firestore calls a deployment's collection."""
    return f"{deployment}-{collection}"


class FirestoreDatabase(Database):
    """A Database; see there. Reads are tried again while half the deadline lasts, writes never."""

    def __init__(self, client: Client, deployment: str, deadline_s: float) -> None:
        self._client = client
        self._deployment = deployment
        self._deadline_s = deadline_s

    @property
    @override
    def home(self) -> Home:
        """The database's full name; an emulator bears it, too, and is another store."""
        kind = "emulator" if self._client._emulator_host else "cloud"
        return Home(self._client._database_string, (kind,))

    @override
    def close(self) -> None:
        self._client.close()  # type: ignore[no-untyped-call]

    @override
    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Stored]:
        names = {self._reference(collection, name): name for name in ids}
        found: dict[str, Stored] = {}
        rest = iter(names)
        while chunk := list(islice(rest, _GET_PAGE)):
            for snapshot in self._read(self._client.get_all, chunk):
                if snapshot.exists:
                    found[names[snapshot.reference]] = _stored(snapshot)
        return found

    @override
    def commit(self, writes: Sequence[Write]) -> list[Any]:
        request = CommitRequest.pb()(database=self._client._database_string)
        for place, write in enumerate(writes):
            document = {**write.document, _MARK: f"{place:03d}-{secrets.token_hex(8)}"}
            name = self._reference(write.collection, write.id)._document_path
            request.writes.append(write_message(write, name, document))
        with _writing():
            answer = self._client._firestore_api.commit(
                request=CommitRequest.wrap(request),
                metadata=self._client._rpc_metadata,
                retry=None,
                timeout=self._deadline_s,
            )
        return [result.update_time for result in answer.write_results]

    @override
    def find(self, query: Query) -> list[Stored]:
        asked = self._filtered(query)
        for order in query.order:
            direction = "DESCENDING" if order.descending else "ASCENDING"
            asked = asked.order_by(order.field, direction=direction)
        if query.limit is not None:
            asked = asked.limit(query.limit)
        snapshots = self._read(asked.stream)
        if not query.order:
            snapshots.sort(key=_place)
        return [_stored(snapshot) for snapshot in snapshots]

    @override
    def count(self, query: Query) -> int:
        counted = self._read(self._filtered(query).count().get)
        return int(counted[0][0].value)

    @override
    def total(self, query: Query, field: str) -> float:
        summed = self._read(self._filtered(query).sum(field).get)
        return float(summed[0][0].value)

    def _filtered(self, query: Query) -> Any:
        asked: Any = self._client.collection(self._name(query.collection))
        for where in query.where:
            asked = asked.where(filter=FieldFilter(where.field, where.op, where.value))
        return asked

    def _name(self, collection: str) -> str:
        return collection_name(self._deployment, collection)

    def _reference(self, collection: str, name: str) -> DocumentReference:
        return self._client.collection(self._name(collection)).document(_document_id(name))

    def _read(self, call: Callable[..., Iterable[ResultT]], *args: Any) -> list[ResultT]:
        """Return all that a call yields, in at most the deadline: half to try, half to end."""
        half = self._deadline_s / 2
        unavailable = if_exception_type(api.ServiceUnavailable)
        again = Retry(predicate=unavailable, initial=0.1, maximum=1.0, timeout=half)
        with _reading():
            return again(lambda: list(call(*args, retry=_ONCE, timeout=half)))()


def _stored(snapshot: DocumentSnapshot[Any]) -> Stored:
    document: Document = snapshot.to_dict() or {}
    return Stored(document, snapshot.update_time, _place(snapshot))


def _place(snapshot: DocumentSnapshot[Any]) -> tuple[Any, str]:
    """Return what sorts as documents were created: of one commit as they stood in it."""
    document = snapshot.to_dict() or {}
    return snapshot.create_time, str(document.get(_MARK, ""))


def _document_id(name: str) -> str:
    """Return an id as Firestore takes it: what it can't, such as a slash, is known by digest."""
    if _PLAIN_ID.fullmatch(name):
        return name
    return f"~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (api.InvalidArgument, api.FailedPrecondition) as error:  # such as a missing index
        raise StoreError(f"Firestore refused a read: {error}") from error
    except api.GoogleAPIError as error:
        raise StoreUnavailable(f"Firestore did not answer: {error}") from error


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except api.AlreadyExists as error:
        raise AlreadyExists(str(error)) from error
    except (api.Aborted, api.FailedPrecondition, api.NotFound) as error:
        raise Conflict(str(error)) from error
    except api.InvalidArgument as error:
        raise RecordRefused(f"Firestore refused a write: {error}") from error
    except api.GoogleAPIError as error:
        raise StoreUnavailable(f"Firestore did not answer a write: {error}") from error

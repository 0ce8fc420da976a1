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
from typing import Any

from google.api_core import exceptions as api
from google.api_core.retry import Retry, if_exception_type
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore import Client
from google.cloud.firestore_v1.types import firestore as messages
from typing_extensions import override

from s1ratio.adapters.store.database import Database, Home, Query, Stored, Write
from s1ratio.adapters.store.document_store import DocumentStore
from s1ratio.adapters.store.firestore_queries import count_message, query_message, total_message
from s1ratio.adapters.store.firestore_reads import WRITE_MARK, place_of, stored_document, version_of
from s1ratio.adapters.store.firestore_wire import FirestoreWire
from s1ratio.adapters.store.firestore_writes import write_message
from s1ratio.errors import AlreadyExists, Conflict, RecordRefused, StoreError, StoreUnavailable

DEADLINE_S = 20.0
_GET_PAGE = 300
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,399}")
_COMMIT, _GET = messages.CommitRequest.pb(), messages.BatchGetDocumentsRequest.pb()
_FIND, _AGGREGATE = messages.RunQueryRequest.pb(), messages.RunAggregationQueryRequest.pb()


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


def home_of(client: Client) -> Home:
    """Return a database's full name; an emulator bears it, too, and is another store."""
    kind = "emulator" if client._emulator_host else "cloud"
    return Home(client._database_string, (kind,))


class FirestoreDatabase(Database):
    """A Database; see there. Reads are tried again while half the deadline lasts, writes never."""

    def __init__(self, client: Client, deployment: str, deadline_s: float) -> None:
        self._client = client
        self._deployment = deployment
        self._deadline_s = deadline_s
        self._wire = FirestoreWire(client)
        unavailable = if_exception_type(api.ServiceUnavailable)
        half = deadline_s / 2  # to try, and to end
        self._half_s = half
        self._again = Retry(predicate=unavailable, initial=0.1, maximum=1.0, timeout=half)

    @property
    @override
    def home(self) -> Home:
        return home_of(self._client)

    @override
    def close(self) -> None:
        self._wire.close()
        self._client.close()  # type: ignore[no-untyped-call]

    @override
    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Stored]:
        names = {self._path(collection, name): name for name in ids}
        found: dict[str, Stored] = {}
        rest = iter(names)
        while chunk := list(islice(rest, _GET_PAGE)):
            request = _GET(database=self._client._database_string, documents=chunk)
            for answer in self._read(self._wire.get, request):
                if answer.HasField("found"):
                    found[names[answer.found.name]] = stored_document(answer.found)
        return found

    @override
    def commit(self, writes: Sequence[Write]) -> list[Any]:
        request = _COMMIT(database=self._client._database_string)
        token = secrets.token_hex(8)
        for place, write in enumerate(writes):
            document = {**write.document, WRITE_MARK: f"{place:03d}-{token}"}
            name = self._path(write.collection, write.id)
            request.writes.append(write_message(write, name, document))
        with _writing():
            answer = self._wire.commit(request, self._deadline_s)
        return [version_of(result.update_time) for result in answer.write_results]

    @override
    def find(self, query: Query) -> list[Stored]:
        after = query.after and self._path(query.collection, query.after[1])
        asked = query_message(query, self._name(query.collection), after)
        request = _FIND(parent=self._wire.documents, structured_query=asked)
        answers = self._read(self._wire.find, request)
        found = [answer.document for answer in answers if answer.HasField("document")]
        if not query.order:
            found.sort(key=place_of)
        return [stored_document(document) for document in found]

    @override
    def count(self, query: Query) -> int:
        counted = self._aggregate(count_message(query, self._name(query.collection)))
        return int(counted.integer_value)

    @override
    def total(self, query: Query, field: str) -> float:
        summed = self._aggregate(total_message(query, self._name(query.collection), field))
        return float(summed.integer_value or summed.double_value)

    def _aggregate(self, asked: Any) -> Any:
        """Return the one value of an aggregation, as Firestore's message."""
        request = _AGGREGATE(parent=self._wire.documents, structured_aggregation_query=asked)
        answers = self._read(self._wire.aggregate, request)
        values = [
            value
            for answer in answers
            if answer.HasField("result")
            for value in answer.result.aggregate_fields.values()
        ]
        if len(values) != 1:
            raise StoreUnavailable(f"Firestore answered an aggregation with {len(values)} values")
        return values[0]

    def _name(self, collection: str) -> str:
        return collection_name(self._deployment, collection)

    def _path(self, collection: str, name: str) -> str:
        return f"{self._wire.documents}/{self._name(collection)}/{_document_id(name)}"

    def _read(self, call: Callable[[Any, float], list[Any]], request: Any) -> list[Any]:
        """Return a call's answers, in at most the deadline: half to try, half to end."""
        with _reading():
            answers: list[Any] = self._again(lambda: call(request, self._half_s))()
            return answers


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

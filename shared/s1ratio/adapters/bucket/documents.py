"""The catalogue's objects in Cloud Storage: each write holds to the generation that was read."""

from collections.abc import Callable
from typing import TypeVar

from google.api_core.exceptions import NotFound, PreconditionFailed
from google.cloud.storage import Client
from google.cloud.storage.retry import DEFAULT_RETRY
from typing_extensions import override

from s1ratio.adapters.bucket.objects import DEADLINE_S, TROUBLES
from s1ratio.adapters.deadline import within
from s1ratio.errors import Conflict, ObjectStoreUnavailable
from s1ratio.ports import DocumentStore, StoredDocument

T = TypeVar("T")


class GcsDocuments(DocumentStore):
    """Documents of one bucket; each call takes `deadline_s` at most."""

    def __init__(self, client: Client, bucket: str, deadline_s: float = DEADLINE_S) -> None:
        self._client, self._bucket, self._deadline_s = client, bucket, deadline_s
        # As in `objects`: together the deadline.
        self._timeout = deadline_s / 3
        self._retry = DEFAULT_RETRY.with_timeout(deadline_s * 2 / 3)

    @override
    def get(self, name: str) -> StoredDocument | None:
        return self._asked(f"read {name}", lambda: self._get(name))

    @override
    def put(self, name: str, data: bytes, kind: str, expected: int | None) -> None:
        self._asked(f"write {name}", lambda: self._put(name, data, kind, expected))

    @override
    def names(self, prefix: str) -> tuple[str, ...]:
        return self._asked(f"list {prefix}", lambda: self._names(prefix))

    def _get(self, name: str) -> StoredDocument | None:
        blob = self._client.bucket(self._bucket).blob(name)
        try:
            # The answer tells the generation of these very bytes.
            data: bytes = blob.download_as_bytes(timeout=self._timeout, retry=self._retry)
        except NotFound:
            return None
        return StoredDocument(data, int(blob.generation))

    def _put(self, name: str, data: bytes, kind: str, expected: int | None) -> None:
        blob = self._client.bucket(self._bucket).blob(name)
        try:
            blob.upload_from_string(
                data,
                content_type=kind,
                if_generation_match=expected,
                timeout=self._timeout,
                retry=self._retry,
            )
        except PreconditionFailed as error:
            raise Conflict(f"gs://{self._bucket}/{name} was written meanwhile") from error

    def _names(self, prefix: str) -> tuple[str, ...]:
        found = self._client.list_blobs(
            self._bucket,
            prefix=prefix,
            fields="items(name),nextPageToken",
            timeout=self._timeout,
            retry=self._retry,
        )
        return tuple(blob.name for blob in found)

    def _asked(self, what: str, call: Callable[[], T]) -> T:
        try:
            return within(self._deadline_s, call)
        except TROUBLES as error:
            words = f"gs://{self._bucket}: can't {what}: {type(error).__name__}: {error}"
            raise ObjectStoreUnavailable(words) from error

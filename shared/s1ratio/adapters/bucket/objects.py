"""Cloud Storage as an `ObjectStore`: a list, a ranged read, metadata, each with a deadline.

The client honours `STORAGE_EMULATOR_HOST` by itself and asks for no credentials then.
"""

import http.client
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import requests
import urllib3
from google.api_core.exceptions import GoogleAPIError, NotFound, RequestRangeNotSatisfiable
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage import Client
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse
from google.cloud.storage.retry import DEFAULT_RETRY
from typing_extensions import override

from s1ratio.adapters.deadline import within
from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable
from s1ratio.ports import ObjectStore, StoredObject

T = TypeVar("T")
DEADLINE_S = 30.0
_LISTED = "items(name,size,timeCreated,md5Hash),nextPageToken"
TROUBLES = (
    GoogleAPIError,
    GoogleAuthError,
    DataCorruption,
    InvalidResponse,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
)
# From 3.17 on the client asks for the bucket's metadata in a thread of its own, to adorn traces
# that nobody takes: a right and a request for nothing, and without our deadline.
_NO_BUCKET_METADATA = "DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA"


def make_client(project: str) -> Client:
    """Return a client; it looks for credentials unless `STORAGE_EMULATOR_HOST` is set."""
    os.environ.setdefault(_NO_BUCKET_METADATA, "true")
    client = Client(project=project)
    client._http.hooks["response"].append(_drained)
    return client


def _drained(response: requests.Response, **_: Any) -> None:
    """Read a refusal to its end: the client's downloads don't, and lose the connection."""
    if response.status_code >= 400:
        response.content  # noqa: B018 - reading it is the point


class GcsObjectStore(ObjectStore):
    """One bucket. A request that fails for a passing reason is tried again within `deadline_s`."""

    def __init__(self, client: Client, bucket: str, deadline_s: float = DEADLINE_S) -> None:
        self.bucket = bucket
        self._client = client
        self._deadline_s = deadline_s
        # A try takes a third at most and none begins after two thirds: together the deadline.
        # A server that drips is not held to that: the deadline is.
        self._timeout = deadline_s / 3
        self._retry = DEFAULT_RETRY.with_timeout(deadline_s * 2 / 3)

    @override
    def list(self, prefix: str) -> Sequence[StoredObject]:
        return self._asked(f"list {prefix}", lambda: self._list(prefix))

    @override
    def read(self, name: str, start: int, length: int) -> bytes:
        if length <= 0:
            return b""
        return self._asked(f"read {name}", lambda: self._read(name, start, length))

    @override
    def describe(self, name: str, metadata: Mapping[str, str]) -> None:
        self._asked(f"describe {name}", lambda: self._describe(name, metadata))

    def _describe(self, name: str, metadata: Mapping[str, str]) -> None:
        blob = self._client.bucket(self.bucket).blob(name)
        blob.metadata = dict(metadata)
        try:
            # Twice is as good as once: it is tried again without a precondition.
            blob.patch(timeout=self._timeout, retry=self._retry)
        except NotFound as error:
            raise ObjectMissing(f"gs://{self.bucket}/{name} is not there") from error

    def _list(self, prefix: str) -> Sequence[StoredObject]:
        blobs = self._client.list_blobs(
            self.bucket,
            prefix=prefix,
            fields=_LISTED,
            timeout=self._timeout,
            retry=self._retry,
        )
        return [
            StoredObject(blob.name, blob.size, blob.time_created, blob.md5_hash) for blob in blobs
        ]

    def _read(self, name: str, start: int, length: int) -> bytes:
        try:
            data: bytes = (
                self._client.bucket(self.bucket)
                .blob(name)
                .download_as_bytes(
                    start=start,
                    end=start + length - 1,
                    raw_download=True,  # bytes as stored: offsets mean nothing after decoding
                    checksum=None,  # there is none for a range
                    timeout=self._timeout,
                    retry=self._retry,
                )
            )
        except RequestRangeNotSatisfiable:
            return b""
        except NotFound as error:
            raise ObjectMissing(f"gs://{self.bucket}/{name} is not there") from error
        return data

    def _asked(self, what: str, call: Callable[[], T]) -> T:
        try:
            return within(self._deadline_s, call)
        except TROUBLES as error:
            words = f"gs://{self.bucket}: can't {what}: {type(error).__name__}: {error}"
            raise ObjectStoreUnavailable(words) from error

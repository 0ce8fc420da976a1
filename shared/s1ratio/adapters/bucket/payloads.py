"""Large payloads of alerts in the bucket: written whole, read whole.

The client is made by the first call: most payloads are small, and stay in the store.
"""

from functools import cached_property

from google.api_core.exceptions import NotFound
from google.cloud.storage import Bucket
from typing_extensions import override

from s1ratio.adapters.bucket.objects import TROUBLES, make_client
from s1ratio.adapters.deadline import within
from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable
from s1ratio.ports import PayloadStore


class BucketPayloads(PayloadStore):
    """Payloads in a bucket; each call takes `deadline_s` at most."""

    def __init__(self, project: str, bucket: str, deadline_s: float) -> None:
        self._project, self._name, self._deadline_s = project, bucket, deadline_s

    @cached_property
    def _bucket(self) -> Bucket:
        return make_client(self._project).bucket(self._name)

    @override
    def put(self, name: str, payload: bytes) -> None:
        try:
            within(self._deadline_s, lambda: self._put(name, payload))
        except TROUBLES as error:
            raise self._unavailable(f"write {name}", error) from error

    @override
    def get(self, name: str) -> bytes:
        try:
            return within(self._deadline_s, lambda: self._get(name))
        except NotFound as error:
            raise ObjectMissing(f"gs://{self._name}/{name} is not there") from error
        except TROUBLES as error:
            raise self._unavailable(f"read {name}", error) from error

    def _put(self, name: str, payload: bytes) -> None:
        blob = self._bucket.blob(name)
        kind = "application/octet-stream"
        blob.upload_from_string(payload, content_type=kind, timeout=self._deadline_s)

    def _get(self, name: str) -> bytes:
        found: bytes = self._bucket.blob(name).download_as_bytes(timeout=self._deadline_s)
        return found

    def _unavailable(self, what: str, error: Exception) -> ObjectStoreUnavailable:
        return ObjectStoreUnavailable(
            f"gs://{self._name}: can't {what}: {type(error).__name__}: {error}"
        )

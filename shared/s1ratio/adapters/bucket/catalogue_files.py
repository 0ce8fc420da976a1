"""The catalogue's files in the bucket. The client is made by the first call: few calls read one."""

from functools import cached_property

from typing_extensions import override

from s1ratio.adapters.bucket.objects import GcsObjectStore, make_client
from s1ratio.ports import ObjectStore
from s1ratio.ports.catalogue_files import CatalogueFiles


class BucketCatalogue(CatalogueFiles):
    """The catalogue in a bucket; each call takes `deadline_s` at most."""

    def __init__(self, project: str, bucket: str, deadline_s: float) -> None:
        self._project, self._bucket, self._deadline_s = project, bucket, deadline_s

    @cached_property
    def _objects(self) -> ObjectStore:
        return GcsObjectStore(make_client(self._project), self._bucket, self._deadline_s)

    @override
    def read(self, name: str, most: int) -> bytes:
        return self._objects.read(name, 0, most)

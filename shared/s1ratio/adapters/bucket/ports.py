"""All that the poller needs of one bucket, over one client: its objects, rasters and documents."""

from typing import TypedDict

from s1ratio.adapters.bucket.documents import GcsDocuments
from s1ratio.adapters.bucket.objects import GcsObjectStore, make_client
from s1ratio.adapters.bucket.raster import GcsRasterReader
from s1ratio.ports import DocumentStore, ObjectStore, RasterReader


class BucketPorts(TypedDict):
    """The ports to a bucket, by their names in the poller's context."""

    objects: ObjectStore
    rasters: RasterReader
    documents: DocumentStore


def open_bucket(project: str, bucket: str, deadline_s: float) -> BucketPorts:
    """Return the ports to a bucket; each call to them takes `deadline_s` at most."""
    client = make_client(project)
    objects = GcsObjectStore(client, bucket, deadline_s)
    documents = GcsDocuments(client, bucket, deadline_s)
    return BucketPorts(objects=objects, rasters=GcsRasterReader(objects), documents=documents)

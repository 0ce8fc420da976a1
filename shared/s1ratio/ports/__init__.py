"""What the services need of the world, as Protocols; adapters are what meets them."""

from s1ratio.ports.alerts import AlertStore, Answer, Feeds, PayloadStore
from s1ratio.ports.clock import Clock
from s1ratio.ports.documents import DocumentStore, StoredDocument
from s1ratio.ports.earth_engine import EarthEngine, Operation, operation_id
from s1ratio.ports.events import EventPublisher, EventStore, KeyedMessages, OutgoingMessage
from s1ratio.ports.looks import RasterLook
from s1ratio.ports.messages import BatchPublisher, DeadLetter, DeadLetters, Publisher
from s1ratio.ports.objects import ObjectStore, RasterFile, RasterReader, StoredObject
from s1ratio.ports.regions import RegionStore
from s1ratio.ports.samples import AreaSample, BandSample, BlockSample, LevelMatch, RasterSample
from s1ratio.ports.store import IdentifiedStore, RequestStore, Store, TaskStore

__all__ = [
    "AlertStore",
    "Answer",
    "AreaSample",
    "BandSample",
    "BatchPublisher",
    "BlockSample",
    "Clock",
    "DeadLetter",
    "DeadLetters",
    "DocumentStore",
    "EarthEngine",
    "EventPublisher",
    "EventStore",
    "Feeds",
    "IdentifiedStore",
    "KeyedMessages",
    "LevelMatch",
    "ObjectStore",
    "Operation",
    "OutgoingMessage",
    "PayloadStore",
    "Publisher",
    "RasterFile",
    "RasterLook",
    "RasterReader",
    "RasterSample",
    "RegionStore",
    "RequestStore",
    "Store",
    "StoredDocument",
    "StoredObject",
    "TaskStore",
    "operation_id",
]

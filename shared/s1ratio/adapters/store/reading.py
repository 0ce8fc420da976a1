"""Pages of lists, of documents that are read as far as a list shows them."""

from collections.abc import Sequence

from typing_extensions import override

from s1ratio.adapters.store import reading_queries as queries
from s1ratio.adapters.store.base import Documents
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.tasks import TASK
from s1ratio.ports.reading import (
    IncidentFilter,
    IncidentOverview,
    Place,
    ReadingStore,
    RegionOverview,
    RejectionOverview,
    RequestFilter,
    RequestOverview,
)
from s1ratio.regions.states import RegionState
from s1ratio.task import Task

_REQUEST = Codec(RequestOverview)
_REGION = Codec(RegionOverview)
_INCIDENT = Codec(IncidentOverview)
_REJECTION = Codec(RejectionOverview)


class PagedDocuments(Documents, ReadingStore):
    """The part of a Store that is read by page; see there."""

    @override
    def list_requests(
        self, wanted: RequestFilter, limit: int, after: Place | None = None
    ) -> Sequence[RequestOverview]:
        return self._readable(_REQUEST, queries.list_requests(wanted, limit, after))

    @override
    def list_tasks(self, request_id: str, limit: int, after: str | None = None) -> Sequence[Task]:
        return self._readable(TASK, queries.list_tasks(request_id, limit, after))

    @override
    def list_regions(
        self, state: RegionState | None, limit: int, after: str | None = None
    ) -> Sequence[RegionOverview]:
        return self._readable(_REGION, queries.list_regions(state, limit, after))

    @override
    def list_incidents(
        self, wanted: IncidentFilter, limit: int, after: Place | None = None
    ) -> Sequence[IncidentOverview]:
        return self._readable(_INCIDENT, queries.list_incidents(wanted, limit, after))

    @override
    def list_rejections(
        self, limit: int, after: Place | None = None
    ) -> Sequence[RejectionOverview]:
        return self._readable(_REJECTION, queries.list_rejections(limit, after))

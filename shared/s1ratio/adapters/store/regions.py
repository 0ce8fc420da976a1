"""Regions as documents, with their requests and their history."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from typing_extensions import override

from s1ratio.adapters.store import region_queries as queries
from s1ratio.adapters.store.base import Documents, compare_and_set, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Put, Query, Write
from s1ratio.adapters.store.region_queries import HISTORY, REFRESHES, REGIONS
from s1ratio.ports.regions import RegionStore
from s1ratio.records import Event
from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord

_REGION = Codec(RegionRecord)
_REFRESH = Codec(RefreshRecord)
_ENTRY = Codec(HistoryEntry)


class RegionDocuments(Documents, RegionStore):
    """The part of a Store that keeps regions; see there."""

    @override
    def get_region(self, region_id: str) -> RegionRecord | None:
        return record_in(_REGION, REGIONS, region_id, self._database.get(REGIONS, [region_id]))

    @override
    def get_regions(self, region_ids: Iterable[str]) -> dict[str, RegionRecord]:
        found = self._database.get(REGIONS, region_ids)
        read = {name: record_in(_REGION, REGIONS, name, found) for name in found}
        return {name: record for name, record in read.items() if record is not None}

    @override
    def find_due_regions(self, now: datetime, limit: int) -> Sequence[RegionRecord]:
        return self._readable(_REGION, queries.due_regions(now, limit))

    @override
    def find_regions(self, limit: int, since: datetime | None = None) -> Sequence[RegionRecord]:
        return self._readable(_REGION, queries.regions(limit, since))

    @override
    def get_refreshes(self, request_ids: Iterable[str]) -> dict[str, RefreshRecord]:
        found = self._database.get(REFRESHES, request_ids)
        read = {name: self._read(_REFRESH, REFRESHES, item) for name, item in found.items()}
        return {name: refresh for name, refresh in read.items() if refresh is not None}

    @override
    def find_due_refreshes(self, now: datetime, limit: int) -> Sequence[RefreshRecord]:
        return self._refreshes(queries.due_refreshes(now, limit))

    @override
    def find_open_refreshes(self, region_id: str, limit: int) -> Sequence[RefreshRecord]:
        return self._refreshes(queries.open_refreshes(region_id, limit))

    @override
    def find_refreshes_of(
        self, region_id: str, limit: int, since: datetime | None = None
    ) -> Sequence[RefreshRecord]:
        return self._refreshes(queries.refreshes_of(region_id, limit, since))

    @override
    def find_history_of(self, region_id: str, limit: int) -> Sequence[HistoryEntry]:
        return self._readable(_ENTRY, queries.history_of(region_id, limit))

    @override
    def commit_regions(
        self,
        regions: Sequence[RegionRecord] = (),
        refreshes: Sequence[RefreshRecord] = (),
        entries: Sequence[HistoryEntry] = (),
        events: Sequence[Event] = (),
    ) -> None:
        writes: list[Write] = [
            *(compare_and_set(_REGION, REGIONS, one.id, one, one.version) for one in regions),
            *(compare_and_set(_REFRESH, REFRESHES, one.id, one, one.version) for one in refreshes),
            *(Put(HISTORY, one.id, _ENTRY.document(one)) for one in entries),
        ]
        if writes:
            self._commit(writes[0], events, *writes[1:])

    def _refreshes(self, query: Query) -> list[RefreshRecord]:
        return self._readable(_REFRESH, query)

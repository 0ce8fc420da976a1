"""Regions as the services need them: where they live, with their requests and their history."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from s1ratio.records import Event
from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord


class RegionStore(Protocol):
    """The part of a Store that keeps regions."""

    def get_region(self, region_id: str) -> RegionRecord | None:
        """Return a region, or None."""

    def get_regions(self, region_ids: Iterable[str]) -> dict[str, RegionRecord]:
        """Return the regions of these ids that exist, by id."""

    def find_due_regions(self, now: datetime, limit: int) -> Sequence[RegionRecord]:
        """Return ACTIVE regions whose `due_at` has come, in its order."""

    def find_regions(self, limit: int, since: datetime | None = None) -> Sequence[RegionRecord]:
        """Return regions, made at `since` or later, oldest first."""

    def get_refreshes(self, request_ids: Iterable[str]) -> dict[str, RefreshRecord]:
        """Return what is kept of regions' requests of these ids, by id."""

    def find_due_refreshes(self, now: datetime, limit: int) -> Sequence[RefreshRecord]:
        """Return regions' requests whose `due_at` has come, in its order."""

    def find_open_refreshes(self, region_id: str, limit: int) -> Sequence[RefreshRecord]:
        """Return a region's requests that have not ended, as far as it is known."""

    def find_refreshes_of(
        self, region_id: str, limit: int, since: datetime | None = None
    ) -> Sequence[RefreshRecord]:
        """Return a region's requests, made at `since` or later, newest first."""

    def find_history_of(self, region_id: str, limit: int) -> Sequence[HistoryEntry]:
        """Return what happened to a region, newest first."""

    def commit_regions(
        self,
        regions: Sequence[RegionRecord] = (),
        refreshes: Sequence[RefreshRecord] = (),
        entries: Sequence[HistoryEntry] = (),
        events: Sequence[Event] = (),
    ) -> None:
        """Write all of it in one commit, or nothing: each record in the place of its version.

        A record without a version is new. Raises Conflict where another writer came first.
        """

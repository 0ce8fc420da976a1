"""History: what happened to a region, as entries of the store. Pure."""

from datetime import datetime, timedelta

from s1ratio.regions.due import Skip
from s1ratio.regions.records import HistoryEntry

KEPT = timedelta(days=400)


def entry(
    region_id: str,
    now: datetime,
    kind: str,
    why: str = "",
    *,
    by: str = "",
    was: str = "",
    became: str = "",
    request_id: str | None = None,
    at: datetime | None = None,
) -> HistoryEntry:
    """Return an entry of a moment; several of one moment are given numbers of their own."""
    return HistoryEntry(
        id=f"{region_id}.{now:%Y%m%dT%H%M%S%f}.{kind}",
        region_id=region_id,
        at=now,
        kind=kind,
        by=by,
        why=str(why),
        was=str(was),
        became=str(became),
        request_id=request_id,
        first=at,
        last=at,
        expire_at=now + KEPT,
    )


def skipped(region_id: str, now: datetime, skip: Skip) -> HistoryEntry:
    """Return the entry of firings, or of a pass, that led to no request."""
    return HistoryEntry(
        id=f"{region_id}.{now:%Y%m%dT%H%M%S%f}.skipped",
        region_id=region_id,
        at=now,
        kind="skipped",
        why=str(skip.why),
        became=skip.words,
        request_id=skip.request_id,
        first=skip.first,
        last=skip.last,
        count=skip.count,
        expire_at=now + KEPT,
    )

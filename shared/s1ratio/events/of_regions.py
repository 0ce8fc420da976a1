"""The events of regions: the record is as it is to be stored, its `sequence` raised already."""

from collections.abc import Iterable

from s1ratio.events.data import RegionData
from s1ratio.events.kinds import EventKind
from s1ratio.events.teller import Change, Teller
from s1ratio.records import Event
from s1ratio.regions.records import RegionRecord


def tell_of_region(teller: Teller, record: RegionRecord, changes: Iterable[str]) -> Event:
    """Return the event of a region that somebody or something changed, as its history has it."""
    data = RegionData(
        region=record.id,
        state=record.state,
        changes=tuple(changes),
        by=record.by or None,
        why=record.why or None,
        held=record.held,
    )
    change = Change(EventKind.REGION_CHANGED, record.id, record.sequence, key_of_region(record.id))
    return teller.tell(change, data, {"state": record.state.value, "region": record.id})


def key_of_region(region_id: str) -> str:
    """Return the ordering key of a region's events: a request may have the same id."""
    return f"region:{region_id}"

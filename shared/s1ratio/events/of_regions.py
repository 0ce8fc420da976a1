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
    change = Change(EventKind.REGION_CHANGED, record.id, record.sequence, f"region:{record.id}")
    return teller.tell(change, data, {"state": record.state.value, "region": record.id})

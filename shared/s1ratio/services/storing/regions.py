"""Regions: a change is stored in one place, with its history and what is told of it."""

from collections.abc import Sequence
from dataclasses import replace

from s1ratio.events.of_regions import tell_of_region
from s1ratio.records import Event
from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord
from s1ratio.services.event_world import EventWorld, teller_of

# What of a region's history is told; requests and skips tell of themselves, or can be looked up.
_TOLD = ("created", "edited", "state", "held", "run", "backfill")


def commit_regions(
    world: EventWorld,
    regions: Sequence[RegionRecord] = (),
    refreshes: Sequence[RefreshRecord] = (),
    entries: Sequence[HistoryEntry] = (),
) -> None:
    """Write all of it in one commit, or nothing, and tell of regions whose history says more.

    Raises Conflict where another writer came first.
    """
    teller, events, records = teller_of(world), list[Event](), list[RegionRecord]()
    for record in regions:
        said = {one.kind for one in entries if one.region_id == record.id}
        changes = [kind for kind in _TOLD if kind in said]
        after = replace(record, sequence=record.sequence + bool(changes))
        if changes:
            events.append(tell_of_region(teller, after, changes))
        records.append(after)
    world.store.commit_regions(records, refreshes, entries, events)
    world.outbox.note(events)

"""Commands on regions: what somebody wants is stored, with who it was; the next tick does it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from s1ratio.commands.marks import marked
from s1ratio.errors import Conflict, UnknownRecord
from s1ratio.faults import Fault
from s1ratio.ports import RegionStore
from s1ratio.regions.differences import differences
from s1ratio.regions.model import Region
from s1ratio.regions.moves import Change, created, current_text, edited
from s1ratio.regions.records import RegionRecord
from s1ratio.services.event_world import EventWorld
from s1ratio.services.storing.regions import commit_regions

_MAX_ROUNDS = 5


@dataclass(frozen=True)
class Proposal:
    """What a file would change of one region: `fields` that differ, as they were and would be.

    `change` None: nothing.
    """

    region_id: str
    is_new: bool
    fields: tuple[tuple[str, str, str], ...]
    change: Change | None


def propose(
    store: RegionStore, regions: Sequence[Region], now: datetime, by: str
) -> list[Proposal]:
    """Return what regions of a file would change; nothing is written."""
    known = store.get_regions([region.id for region in regions])
    return [_proposal(known.get(region.id), region, now, by) for region in regions]


def _proposal(record: RegionRecord | None, region: Region, now: datetime, by: str) -> Proposal:
    if record is None:
        fields = tuple(differences(None, region.text))
        return Proposal(region.id, True, fields, created(region, now, by))
    fields = tuple(differences(current_text(record), region.text))
    return Proposal(region.id, False, fields, edited(record, region, now, by))


def apply(world: EventWorld, proposals: Sequence[Proposal]) -> None:
    """Store what was proposed in one commit: all of it, or nothing.

    Raises Conflict where a region was changed since it was read.
    """
    changes = [one.change for one in proposals if one.change is not None]
    if not changes:
        return
    commit_regions(
        world,
        [change.after for change in changes],
        entries=[said for change in changes for said in change.entries],
    )


def change_region(
    world: EventWorld,
    region_id: str,
    change: Callable[[RegionRecord], Change],
    command: str | None = None,
) -> RegionRecord:
    """Store what `change` makes of a region, anew where another writer came first; return it.

    What a `command` of this id has changed is left as it has become since. Raises InvalidRequest
    where there is no such region, or its state forbids it.
    """
    for _ in range(_MAX_ROUNDS):
        record = world.store.get_region(region_id)
        if record is None:
            words = f"no region {region_id} is known: see `s1ratio regions list`"
            raise UnknownRecord([Fault("", "unknown", words)])
        if command in record.commands:
            return record
        found = change(record)
        after = replace(found.after, commands=marked(record.commands, command))
        with suppress(Conflict):
            commit_regions(world, [after], entries=found.entries)
            return after
    raise Conflict(f"region {region_id} is written by others again and again: try once more")

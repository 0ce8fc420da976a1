"""Events that are in the store before a schedule begins, drawn by its seed: of what was deleted."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random

from s1ratio.events.kinds import EventKind
from s1ratio.records import Event
from tests.support.simulated.clock import BEGIN

_MOST = 5  # of a record's changes


def leftovers(seed: int, request_ids: Iterable[str]) -> tuple[Event, ...]:
    """Return the events that were left, of the ids that changes to come will take: mostly none."""
    random = Random(f"leftovers {seed}")  # noqa: S311 - a simulation
    if random.random() < 0.75:
        return ()
    found = []
    for id_ in request_ids:
        names = [f"{id_}-o{orbit:03d}a" for orbit in (58, 131)]
        found += [_left(EventKind.TASK_ENDED, name, id_) for name in names]
        found += [_left(EventKind.REQUEST_ENDED, id_, id_)]
    every = [event for several in found for event in several]
    return tuple(event for event in every if random.random() < 0.7)


def _left(kind: EventKind, name: str, request_id: str) -> list[Event]:
    """Return events of long ago, of another content than is told under their ids by now."""
    at = BEGIN - timedelta(days=3)
    return [
        Event(
            f"{kind.record}:{name}.{number}",
            kind.value,
            request_id,
            at,
            {"state": "ELSE"},
            subject=name,
            sequence=number,
            attributes={"state": "ELSE"},
        )
        for number in range(1, _MOST)
    ]

"""Events that are in the store before a schedule begins, drawn by its seed: of what was deleted."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from s1ratio.records import Event
from tests.support.simulated.clock import BEGIN

_TASKS, _REQUESTS = ("verified", "failed", "cancelled"), ("verified", "partial", "failed")


def leftovers(seed: int, request_ids: Iterable[str]) -> tuple[Event, ...]:
    """Return the events that were left, of the ids that ends to come will take: mostly none."""
    random = Random(f"leftovers {seed}")  # noqa: S311 - a simulation
    if random.random() < 0.75:
        return ()
    found = []
    for id_ in request_ids:
        found += [_task(random, id_, orbit, state) for orbit in (58, 131) for state in _TASKS]
        found += [_request(random, id_, state) for state in _REQUESTS]
    return tuple(event for event in found if random.random() < 0.7)


def _task(random: Random, id_: str, orbit: int, state: str) -> Event:
    name = f"{id_}-o{orbit:03d}a"
    data: dict[str, Any] = {"task": name, "state": state.upper(), "attempt": 1}
    if state == "verified":
        data["files"] = [f"composites/{id_}/{name}.tif"]
    return _left(random, f"{name}.{state}.a1", f"task.{state}", id_, data)


def _request(random: Random, id_: str, state: str) -> Event:
    data = {"state": state.upper(), "tallies": {state.upper(): 2}}
    return _left(random, f"{id_}.{state}.r1", f"request.{state}", id_, data)


def _left(random: Random, name: str, kind: str, id_: str, data: dict[str, Any]) -> Event:
    """Return an event of long ago: as it would be told again, or of another content."""
    content = data if random.random() < 0.5 else {"state": "ELSE"}
    return Event(name, kind, id_, BEGIN - timedelta(days=3), content)

"""Events: each change that counts was told, once, in its order; whatever was left under its id."""

from collections.abc import Iterator

from s1ratio.records import Event
from tests.simulation.world.site import Site


def judge_events(site: Site) -> Iterator[str]:
    """Tell of changes that were not told, or twice, or not as the record says."""
    left = {event.id for event in site.leftovers}
    for id_ in site.valid:
        own: dict[str, list[Event]] = {}
        for event in site.store.find_events_of(id_):
            if event.id not in left:
                own.setdefault(event.subject, []).append(event)
        record = site.records.get(id_)
        if record is not None:
            yield from _judge(own.get(id_, []), id_, record.sequence, record.state.value)
        for task in site.tasks.values():
            if task.plan.request_id == id_:
                state = task.state.value
                yield from _judge(own.get(task.id, []), task.id, task.sequence, state)


def _judge(events: list[Event], name: str, sequence: int, state: str) -> Iterator[str]:
    numbers = [event.sequence for event in events]
    if numbers != list(range(1, sequence + 1)):
        yield f"{name} has {sequence} changes to tell, told were {numbers}"
    elif not events or events[-1].attributes["state"] != state:
        yield f"the end of {name} is {state}, and was not told"

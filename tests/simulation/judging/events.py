"""Events: each end was told, once; beside what was left under its id with another content."""

from collections.abc import Iterator

from tests.simulation.world.site import Site


def judge_events(site: Site) -> Iterator[str]:
    """Tell of ends that were not told, or not by an event of their own."""
    told = [event.id for id_ in site.valid for event in site.store.find_events_of(id_)]
    if len(told) != len(set(told)):
        yield f"events were told twice: {sorted(told)}"
    tasks, records = site.tasks.values(), site.records.values()
    ends = {f"{task.id}.{task.state.value.lower()}.a{task.run.attempt}" for task in tasks}
    ends |= {f"{one.id}.{one.state.value.lower()}.r{one.round}" for one in records}
    if not ends <= set(told):
        yield f"not told: {sorted(ends - set(told))}"
    else_ = {event.id for event in site.leftovers if event.data == {"state": "ELSE"}}
    hidden = [id_ for id_ in ends & else_ if not any(name.startswith(f"{id_}.2") for name in told)]
    if hidden:
        yield f"told by what was left alone: {sorted(hidden)}"

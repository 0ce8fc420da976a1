"""Operations: one survives for each attempt, none lives that nobody follows, ceilings hold."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.simulation.fates.fated_operation import FatedOperation
from tests.simulation.world.site import Site

Attempt = tuple[str, int]


def operations_of(site: Site) -> dict[Attempt, list[FatedOperation]]:
    """Return the operations that a site made, oldest first, by task and attempt."""
    made: dict[Attempt, list[FatedOperation]] = defaultdict(list)
    for op in site.around.ee.fated():
        if op.origin.site == site.plot.name:
            made[op.origin.task_id, op.origin.attempt].append(op)
    return made


def judge_operations(site: Site) -> Iterator[str]:
    """Tell of attempts with several survivors, of live orphans, of too many starts in a day."""
    tasks = site.tasks
    for (id_, attempt), ops in operations_of(site).items():
        live = [op.name for op in ops if op.live]
        if live:
            yield f"{id_} a{attempt}: {live} still lives, its task is {tasks.get(id_)}"
        if id_ not in tasks and _is_of_this_life(site, ops[-1]):
            yield f"{ops[-1].name} is of no task: {id_}"
        for life in {op.origin.life for op in ops}:
            own = [op for op in ops if op.origin.life == life]
            survivors = _survivors(own)
            if len(survivors) > 1:
                yield f"{id_} a{attempt} has {len(survivors)} survivors: {survivors}"
            for one, later in pairwise(own):
                if one.counts_at(later.created_at):
                    yield f"{id_} a{attempt}: {later.name} was made though there was {one.name}"
    yield from _days(site)


def _is_of_this_life(site: Site, op: FatedOperation) -> bool:
    """Tell whether an operation was made since the store was set back, or its request deleted."""
    return op.origin.life == (site.set_backs, site.deletions[op.origin.request_id])


def _survivors(ops: list[FatedOperation]) -> list[str]:
    """Return the names of those that something came of, though nobody asked for their end."""
    return [op.name for op in ops if op.survives and op.unwanted_at is None]


def _days(site: Site) -> Iterator[str]:
    if site.set_backs or site.deletions:  # a day's starts are counted by what the store holds
        return
    most = site.plot.kinds.most_a_day
    for day, names in site.witness.started.items():
        # Each launch, and a tick, may have counted before the others' starts.
        if most is not None and len(names) > most * (1 + len(site.valid)):
            yield f"{len(names)} tasks were started on {day}, at most {most} may be"

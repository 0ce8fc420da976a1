"""Graphs: a task tells which graph its files were made of, whoever made them."""

from collections.abc import Iterator

from s1ratio.task import Task, TaskState
from tests.simulation.fates.fated_operation import FatedOperation
from tests.simulation.judging.operations import operations_of
from tests.simulation.world.site import Site


def judge_graphs(site: Site) -> Iterator[str]:
    """Tell of tasks that are VERIFIED, by whose record another graph made their files."""
    tasks, made = site.tasks, operations_of(site)
    for task in tasks.values():
        if task.state is not TaskState.VERIFIED or task.family.parts:
            continue
        told = {maker.graph for maker in task.origin.made_by}
        graphs = {op.origin.graph for op in _written(made, tasks, task)}
        if graphs and not graphs & told:
            yield f"{task.id} was made of {graphs}, and tells of {told}"


def _written(
    made: dict[tuple[str, int], list[FatedOperation]], tasks: dict[str, Task], task: Task
) -> list[FatedOperation]:
    """Return the operations that may have written a task's files: its own, or its leader's."""
    name = task.result.same_as or task.id
    leader = tasks.get(name)
    if leader is not None and leader.family.parts:
        return []
    attempts = [ops for (id_, _), ops in made.items() if id_ == name]
    if name == task.id:
        attempts = [made.get((task.id, task.run.attempt), [])]
    return [op for ops in attempts for op in ops if op.state == "SUCCEEDED"]

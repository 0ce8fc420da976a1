"""Making: what a start will POST is told with its claim, before the POST.

So the record is right whoever dies in between: an operation that is found later was made by one of
those that claimed its attempt.
"""

from dataclasses import replace

from s1ratio import task as tasks
from s1ratio.errors import EarthEngineFault
from s1ratio.pixels import tell_selection
from s1ratio.request import CompositeRequest
from s1ratio.services.context import Context
from s1ratio.task import Maker, Task


def with_maker(
    context: Context, request: CompositeRequest, claimed: Task, alone: bool = True
) -> Task:
    """Return a claim that tells what this process is to POST for it.

    `alone`: no POST of the attempt came before whose fate is unknown. The graph of what can't be
    built is unknown: its start says why.
    """
    told = with_selection(request, claimed)
    try:
        graph = context.earth_engine.digest_graph(request, told.plan)
    except EarthEngineFault:
        graph = None
    maker = Maker(context.software, graph, told.origin.request_digest)
    return tasks.made_by(told, maker, alone)


def with_selection(request: CompositeRequest, task: Task) -> Task:
    """Return a task whose export tells which slices it is made of, as it was planned."""
    plan = tell_selection(request, task.plan, task.pixels.digest)
    return task if plan == task.plan else replace(task, plan=plan)

"""Planning: a plan's export tasks as they are stored, each with its turn and its digest."""

from datetime import datetime

from s1ratio import task as tasks
from s1ratio.estimate import passes_of, work_of
from s1ratio.pixels import digests
from s1ratio.plan import Plan
from s1ratio.records import RequestRecord
from s1ratio.request import CompositeRequest
from s1ratio.task import Task


def make_tasks(
    record: RequestRecord,
    request: CompositeRequest,
    plan: Plan,
    now: datetime,
    *,
    priority: int,
    first_turn: int,
) -> list[Task]:
    """Return the new tasks of a request; the first of them has `first_turn`, and so on."""
    work, count = work_of(request), passes_of(request)
    return [
        tasks.planned(
            task,
            now,
            priority,
            plan.not_before,
            turn=turn,
            digest=digest,
            request_digest=record.digest,
            labels=request.labels,
            work=work,
            passes=count,
        )
        for turn, (task, digest) in enumerate(
            zip(plan.tasks, digests(request, plan.tasks), strict=True), first_turn
        )
    ]

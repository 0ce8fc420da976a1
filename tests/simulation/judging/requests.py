"""Requests: none is lost, each ends as its tasks did; and what is none is rejected, once."""

from collections.abc import Iterator

from s1ratio.records import RequestRecord, RequestState
from s1ratio.services.requesting.reject import rejection_id
from s1ratio.task import TaskState
from tests.simulation.world.site import Site

_THERE = {TaskState.VERIFIED, TaskState.EMPTY}


def judge_requests(site: Site) -> Iterator[str]:
    """Tell of each request that was lost, or is not what its tasks are."""
    records = site.records
    for id_ in site.valid:
        if id_ not in records:
            yield f"request {id_} was lost"
        else:
            yield from _request(site, records[id_])


def _request(site: Site, record: RequestRecord) -> Iterator[str]:
    tasks = list(site.store.find_tasks_of(record.id))
    wanted = _state({task.state for task in tasks if not task.family.parts})
    if not tasks and site.was_cancelled(record.id):  # before it had any
        wanted = RequestState.CANCELLED
    refused = site.plot.kinds.refused
    if refused is not None and refused.id == record.id and record.error_class == "unexpected":
        wanted = RequestState.FAILED
    if record.state is not wanted:
        states = {task.id: task.state.value for task in tasks}
        yield f"request {record.id} is {record.state}, not {wanted}: {states}, {record.error}"
    if len(tasks) < record.size:
        yield f"request {record.id} has {len(tasks)} tasks of {record.size}"


def _state(states: set[TaskState]) -> RequestState | None:
    """Return what a request of ended tasks comes to."""
    if not states or any(not state.terminal for state in states):
        return None
    if states <= _THERE:
        verified = TaskState.VERIFIED in states
        return RequestState.VERIFIED if verified else RequestState.EMPTY
    if TaskState.VERIFIED in states:
        return RequestState.PARTIAL
    failed = TaskState.FAILED in states
    return RequestState.FAILED if failed else RequestState.CANCELLED


def judge_rejections(site: Site) -> Iterator[str]:
    """Tell if other messages are recorded as rejected than must be."""
    found = {rejection.id for rejection in site.store.find_rejections(100)}
    if found != set(map(rejection_id, site.rejectable)):
        yield f"{len(found)} rejections are recorded of {len(site.rejectable)}"

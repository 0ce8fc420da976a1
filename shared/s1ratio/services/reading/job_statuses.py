"""What a request's state is in the words of OGC API - Processes, and what can be said of it."""

from enum import StrEnum

from s1ratio.ports.reading import RequestOverview
from s1ratio.records import RequestState
from s1ratio.task import TaskState


class JobStatus(StrEnum):
    """The status of a job, as the standard has it."""

    ACCEPTED = "accepted"
    RUNNING = "running"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    DISMISSED = "dismissed"


# What came to less than all that was asked for has failed: nobody is to take it for the whole.
STATUS_OF = {
    RequestState.EXPANDING: JobStatus.ACCEPTED,
    RequestState.ACCEPTED: JobStatus.ACCEPTED,
    RequestState.RUNNING: JobStatus.RUNNING,
    RequestState.VERIFIED: JobStatus.SUCCESSFUL,
    RequestState.SUCCEEDED: JobStatus.SUCCESSFUL,
    RequestState.EMPTY: JobStatus.SUCCESSFUL,
    RequestState.PARTIAL: JobStatus.FAILED,
    RequestState.FAILED: JobStatus.FAILED,
    RequestState.REJECTED: JobStatus.FAILED,
    RequestState.CANCELLED: JobStatus.DISMISSED,
}
_ENDED = (TaskState.VERIFIED, TaskState.EMPTY, TaskState.FAILED, TaskState.CANCELLED)


def states_of(status: JobStatus) -> tuple[RequestState, ...]:
    """Return the states that are told as a status."""
    return tuple(state for state, told in STATUS_OF.items() if told is status)


def progress_of(request: RequestOverview) -> int:
    """Return how much of a request has ended, 0 to 100; only one that has ended is at 100."""
    if request.state.terminal:
        return 100
    every = sum(request.tallies.values())
    ended = sum(request.tallies.get(state, 0) for state in _ENDED)
    return min(99, 100 * ended // every) if every else 0


def message_of(request: RequestOverview) -> str:
    """Return in a sentence how a request stands."""
    if request.error:
        return request.error
    if request.state is RequestState.EXPANDING:
        return "its passes are to be found"
    counts = ", ".join(f"{number} {state}" for state, number in sorted(request.tallies.items()))
    wanted = "to be cancelled; " if request.cancelling and not request.state.terminal else ""
    return f"{wanted}its export tasks: {counts}" if counts else f"{wanted}{request.state.value}"

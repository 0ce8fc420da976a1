"""What tasks will cost, by the last like ones in the store: one query, of a bounded cost."""

from collections.abc import Sequence

from s1ratio.estimate import Estimate, Sample, estimate, passes_of, sample_of, work_of
from s1ratio.plan import ExportTask
from s1ratio.ports import TaskStore
from s1ratio.request import CompositeRequest

# Documents that are read at most: the last like tasks.
MAX_READ = 200


def estimate_tasks(
    store: TaskStore, request: CompositeRequest, tasks: Sequence[ExportTask]
) -> Estimate | None:
    """Return what export tasks of a request will cost, None if there is no history to tell by."""
    passes = passes_of(request)
    return estimate([task.grid.pixels * passes for task in tasks], find_samples(store, request))


def find_samples(store: TaskStore, request: CompositeRequest) -> list[Sample]:
    """Return what the last tasks like those of a request came to, by one query."""
    found = store.find_verified_of(work_of(request), MAX_READ)
    return [sample for task in found if (sample := sample_of(task)) is not None]

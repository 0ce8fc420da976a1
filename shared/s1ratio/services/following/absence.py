"""Absence: when it is certain that a refused start has no operation.

Another request id makes a second operation if the first has one after all, and a list may omit an
operation, or show it late. So it takes two lists without it, some time apart, both drawn a grace
after the refusal at least, and a bucket without its files. All of these are times of Earth Engine's
clock, kept with the claim: our workers' clocks may differ, and no lease or pause of ours is proof.
"""

from datetime import timedelta

from s1ratio import task as tasks
from s1ratio.errors import ErrorClass, ObjectStoreUnavailable
from s1ratio.request import DriveDestination
from s1ratio.services.context import PollContext
from s1ratio.services.operations.listing import A_SECOND, Listing
from s1ratio.services.starting.request_cache import RequestCache
from s1ratio.services.storing.tasks import commit_or_reload
from s1ratio.services.verifying import verdict
from s1ratio.services.waiting.backoff import pause
from s1ratio.task import Task, TaskState

# Between the two lists.
SECOND_LOOK = timedelta(minutes=1)


def look_again(context: PollContext, task: Task, listing: Listing) -> Task | None:
    """Return a refused start as waiting for another list; None if it need not wait for one.

    `listing` does not show its operation.
    """
    claim, now = task.claim, context.clock.now()
    refused_at = claim.awaits_list
    if refused_at is None:
        return None
    early = refused_at + context.list_grace - listing.drawn_at
    if early >= A_SECOND:
        return tasks.put_off(task, now + early)
    if claim.missed_at is None or claim.missed_at < refused_at + context.list_grace - A_SECOND:
        return tasks.missed(task, listing.drawn_at, now + SECOND_LOOK)
    early = claim.missed_at + SECOND_LOOK - listing.drawn_at
    return tasks.put_off(task, now + early) if early >= A_SECOND else None


def judge_bucket(context: PollContext, requests: RequestCache, task: Task) -> Task | None:
    """Return a refused start as SUCCEEDED if its files are all there, else None.

    Files that another store's operation may have written are not taken for its own. Raises
    ObjectStoreUnavailable; the start is then put off.
    """
    request = requests.of(task)
    claim, to_drive = task.claim, isinstance(request.destination, DriveDestination)
    if claim.awaits_list is None or claim.has_twin or to_drive:
        return None
    try:
        share = requests.share_of(task)
        found = verdict.judge_outputs(task, request, context.objects, context.rasters, share)
    except ObjectStoreUnavailable as error:
        later = context.clock.now() + pause(task.trouble.tries + 1, task.id)
        commit_or_reload(context, task, tasks.deferred(task, later, ErrorClass.BUCKET, str(error)))
        raise
    if found.state is TaskState.FAILED:
        return None
    # Dated as its files were compared.
    times = [at for at in (claim.starting_at, claim.awaits_list) if at is not None]
    return tasks.written(tasks.dated(task, min(times, default=None)), context.clock.now())

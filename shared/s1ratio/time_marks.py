"""Time marks: the points in time that the store keeps under a name."""

from enum import StrEnum


class TimeMark(StrEnum):
    """A point in time that the store keeps under a name; some lie in the future."""

    OPERATIONS = "operations"  # how far the operations' changes are applied
    RECONCILED = "reconciled"  # when all of them were looked at last
    LATE = "late"  # since when operations may come to light that no task has
    ROUND = "round"  # when the last round of looking at everything began
    ROUND_SPLIT = "round.split"  # how far each leg of a round has come that is under way
    ROUND_REQUESTS = "round.requests"
    ROUND_SUBMITTED = "round.submitted"
    ROUND_RUNNING = "round.running"
    ROUND_PLANNED = "round.planned"
    ROUND_STARTING = "round.starting"
    ROUND_SUCCEEDED = "round.succeeded"
    INCIDENTS_KEYED = "incidents.keyed"  # since when all incidents are found by their keys
    ROUND_LOST = "round.lost"
    STARTS_QUEUE = "starts-queue"  # until when a full queue holds up all starts
    STARTS_QUOTA = "starts-quota"  # … a used up quota
    STARTS_OUTAGE = "starts-outage"  # … an outage
    STARTS_REFUSED = "starts-refused"  # … a refusal of all
    IDLE_CLOCK = "idle-clock"  # how long work was possible, counted from 1970
    LINE_CLOCK = "line-clock"  # … a start was possible
    IDLE_LOOKED = "idle-looked"  # when these were counted last
    STARTS_FULL = "starts-full"  # when tasks last waited for want of room
    BUCKET_SILENT = "bucket-silent"  # when the bucket last did not answer

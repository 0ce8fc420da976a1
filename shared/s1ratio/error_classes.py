"""The one vocabulary of the classes of errors."""

from enum import StrEnum


class ErrorClass(StrEnum):
    """Why something went wrong, or waits: one word in store, log, metrics and commands."""

    QUEUE = "queue"  # Earth Engine's queue is full
    QUOTA = "quota"  # its quota is used up
    OUTAGE = "outage"  # it does not answer anybody
    REFUSED = "refused"  # it lets nobody start anything, or not this task
    CEILING = "ceiling"  # our own: as many tasks were started today as a day may have
    TRANSIENT = "transient"  # may go better the next time
    PARKED = "parked"  # its starts break time after time, and it is tried on
    REQUEST_ID_USED = "request_id_used"
    RESOURCES = "resources"  # memory or time of a computation
    TOO_BIG = "too_big"  # more pixels than an export may have
    EMPTY = "empty"  # not one valid pixel: no error of a task, but its end
    UNKNOWN_OPERATION = "unknown_operation"
    TERMINAL = "terminal"  # no retry mends it
    LOST = "lost"  # its operation can't be found any more
    VERIFICATION = "verification"  # what was written is not what was planned
    CANCELLING = "cancelling"  # a broken start that only waits for the list
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # nothing has become of it for so long that it is given up
    BUCKET = "bucket"
    STORE = "store"
    PUBSUB = "pubsub"
    INVALID = "invalid"  # what was asked for breaks the rules
    SETTINGS = "settings"  # the environment does
    UNEXPECTED = "unexpected"  # what nobody had foreseen

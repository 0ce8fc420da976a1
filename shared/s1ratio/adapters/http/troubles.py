"""What goes wrong while a call is answered: told in the log, and to who calls what to do next."""

import logging

from s1ratio.errors import (
    InvalidSettings,
    ObjectStoreUnavailable,
    PubSubUnavailable,
    StoreUnavailable,
)
from s1ratio.logevents import TROUBLE, UNEXPECTED, tell
from s1ratio.services.reading.call import Problem

_LOG = logging.getLogger(__name__)
_RETRY_AFTER_S = 10
_SILENT = {
    StoreUnavailable: "the store did not answer in time",
    ObjectStoreUnavailable: "the bucket did not answer in time",
    PubSubUnavailable: "Pub/Sub did not answer in time: it is not known whether it was told",
    TimeoutError: "it took too long",
}


def describe_trouble(error: Exception, what: str) -> Problem:
    """Return the problem that an error is answered with: its words are for the log alone."""
    words = next((words for kind, words in _SILENT.items() if isinstance(error, kind)), None)
    if words is not None:
        tell(_LOG, TROUBLE, what=f"{what}: {error}")
        again = f"{words}: try again in {_RETRY_AFTER_S} s"
        return Problem(503, "Unavailable", again, retry_after_s=_RETRY_AFTER_S)
    tell(_LOG, UNEXPECTED, error, what=f"answering {what}")
    told = "it is set up wrongly" if isinstance(error, InvalidSettings) else "the log tells more"
    return Problem(500, "Internal error", told)

"""Cancel: an operation that no task names is stopped."""

import logging

from s1ratio.errors import EarthEngineFault
from s1ratio.services.context import Context

_LOG = logging.getLogger(__name__)


def cancelled(context: Context, operation: str) -> bool:
    """Ask for an operation's end; tell whether Earth Engine took it.

    Where it did not, the poller finds the operation and asks again.
    """
    try:
        context.earth_engine.cancel(operation)
    except EarthEngineFault as fault:
        _LOG.warning("operation %s can't be cancelled now: %s", operation, fault)
        return False
    return True

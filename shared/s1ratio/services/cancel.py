"""Cancel: an operation that no task names is stopped."""

import logging

from s1ratio.errors import EarthEngineFault
from s1ratio.logevents import TROUBLE, tell
from s1ratio.services.context import Context

_LOG = logging.getLogger(__name__)


def cancelled(context: Context, operation: str) -> bool:
    """Ask for an operation's end; tell whether Earth Engine took it.

    Where it did not, the poller finds the operation and asks again.
    """
    try:
        context.earth_engine.cancel(operation)
    except EarthEngineFault as fault:
        what = f"operation {operation} can't be cancelled now: {fault}"
        tell(_LOG, TROUBLE, what=what, error_class=fault.error_class)
        return False
    return True

"""Cancellation: an operation that nobody wants is cancelled."""

import logging

from s1ratio.errors import EarthEngineFault
from s1ratio.logevents import TROUBLE, tell
from s1ratio.services.context import Context

_LOG = logging.getLogger(__name__)


def request_cancel(context: Context, operation: str) -> bool:
    """Ask for an operation's end; tell whether Earth Engine took it.

    Where it did not, the poller finds the operation and asks again.
    """
    try:
        context.earth_engine.cancel(operation)
    except EarthEngineFault as fault:
        tell_refusal(operation, fault)
        return False
    return True


def tell_refusal(operation: str, fault: EarthEngineFault) -> None:
    """Log that an operation goes on for now."""
    what = f"operation {operation} can't be cancelled now: {fault}"
    tell(_LOG, TROUBLE, what=what, error_class=fault.error_class)

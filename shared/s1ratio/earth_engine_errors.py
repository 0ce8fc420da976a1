"""What Earth Engine's words mean: an error message as one of our classes of faults.

The client keeps only the message of an error, and a failed operation has nothing else; the
phrases are those that Earth Engine is known to use.
"""

from s1ratio.errors import (
    AccessRefused,
    EarthEngineFault,
    ExportTooLarge,
    OperationUnknown,
    QueueFull,
    QuotaExceeded,
    RequestIdUsed,
    ResourcesExceeded,
    TerminalFault,
    TransientFault,
)

# In this order: the first phrase found decides.
_PHRASES: tuple[tuple[str, type[EarthEngineFault]], ...] = (
    ("already started with the given request_id", RequestIdUsed),
    ("requested entity already exists", RequestIdUsed),
    ("too many tasks already in the queue", QueueFull),
    ("exceeded the custom quota", QuotaExceeded),
    ("export too large", ExportTooLarge),
    ("user memory limit exceeded", ResourcesExceeded),
    ("computation timed out", ResourcesExceeded),
    ("too many concurrent aggregations", TransientFault),
    ("internal error", TransientFault),
    ("deadline exceeded", TransientFault),
    ("timed out", TransientFault),
    ("timeout", TransientFault),
    ("service unavailable", TransientFault),
    ("currently unavailable", TransientFault),
)
_TOO_MANY_REQUESTS = 429
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_REFUSALS = frozenset({401, 403, 409})


def fault_of(message: str, status: int | None = None) -> EarthEngineFault:
    """Return the fault that a message means; `status` is the HTTP status where there was one."""
    text = message.lower()
    for phrase, fault in _PHRASES:
        if phrase in text:
            return fault(message)
    return _of_status(status)(message)


def _of_status(status: int | None) -> type[EarthEngineFault]:
    if status == _TOO_MANY_REQUESTS:
        return QueueFull
    if status in _REFUSALS:
        return AccessRefused
    if status == _NOT_FOUND:
        return OperationUnknown
    if status is not None and (status >= 500 or status == _REQUEST_TIMEOUT):
        return TransientFault
    return TerminalFault

"""What Earth Engine's words mean: an error message as one of our classes of faults.

The client keeps only the message of an error, and a failed operation has nothing else. The table
has the phrases that Earth Engine is known to use, each with who met it.
"""

from dataclasses import dataclass

from s1ratio.errors import (
    AccessRefused,
    EarthEngineFault,
    ExportTooLarge,
    NothingExported,
    OperationUnknown,
    OutOfMemory,
    QueueFull,
    QuotaExceeded,
    RequestIdUsed,
    ResourcesExceeded,
    TerminalFault,
    TookTooLong,
    TransientFault,
)

_GUIDE = "Earth Engine's guides"
_MANAGERS = "public task managers"
_GOOGLE = "Google's API servers"


@dataclass(frozen=True)
class Wording:
    """A phrase of Earth Engine's, in small letters, the fault that it means, and its source.

    A source is a repository's thread or file, or a kind of place.
    """

    phrase: str
    fault: type[EarthEngineFault]
    source: str


# In this order: the first phrase found decides.
WORDINGS: tuple[Wording, ...] = (
    Wording("already started with the given request_id", RequestIdUsed, _MANAGERS),
    Wording("requested entity already exists", RequestIdUsed, _GOOGLE),
    Wording("too many tasks already in the queue", QueueFull, _MANAGERS),
    Wording("request rate or concurrency limit was exceeded", QueueFull, _MANAGERS),
    Wording("concurrency limit was exceeded", QueueFull, _GUIDE),
    Wording(
        "quota exceeded for quota metric", QueueFull, "gee-community/qgis-earthengine-plugin#202"
    ),
    Wording("user rate limit exceeded", AccessRefused, _GOOGLE),
    Wording("rate limit exceeded", QueueFull, _GOOGLE),
    Wording("exceeded the custom quota", QuotaExceeded, _GUIDE),
    Wording("no valid (un-masked) pixels", NothingExported, "allenai/rslearn#233"),
    Wording("export region contains no valid", NothingExported, _MANAGERS),
    Wording("export too large", ExportTooLarge, "google/earthengine-api#9"),
    Wording("reprojection output too large", ExportTooLarge, _MANAGERS),
    Wording("execution failed; out of memory", OutOfMemory, "r-spatial/rgee#220"),
    Wording("user memory limit exceeded", ResourcesExceeded, "gee-community/geemap#1465"),
    Wording("computation timed out", ResourcesExceeded, _GUIDE),
    Wording("computed value is too large", ResourcesExceeded, _GUIDE),
    Wording(
        "output of image computation is too large", ResourcesExceeded, "leftfield-geospatial/geedim"
    ),
    Wording("collection query aborted after accumulating", ResourcesExceeded, _GUIDE),
    Wording("earth engine memory capacity exceeded", TransientFault, "openearth/hydro-engine#35"),
    Wording("earth engine capacity exceeded", TransientFault, "Open-ET/openet-ssebop"),
    Wording("too many concurrent aggregations", TransientFault, "sepal-contrib/se.plan#102"),
    Wording("internal error", TransientFault, "davemlz/eemont#84"),
    Wording("internal server error", TransientFault, _MANAGERS),
    Wording("deadline exceeded", TookTooLong, _GOOGLE),
    Wording("timed out", TookTooLong, _GOOGLE),
    Wording("timeout", TookTooLong, _GOOGLE),
    Wording("service unavailable", TransientFault, _GOOGLE),
    Wording("currently unavailable", TransientFault, _GOOGLE),
    Wording("please try again", TransientFault, _MANAGERS),
)
_TOO_MANY_REQUESTS = 429
_NOT_FOUND = 404
_REQUEST_TIMEOUT, _GATEWAY_TIMEOUT = 408, 504
_REFUSALS = frozenset({401, 403, 409})


def fault_of(message: str, status: int | None = None) -> EarthEngineFault:
    """Return the fault that a message means; `status` is the HTTP status where there was one."""
    text = message.lower()
    for wording in WORDINGS:
        if wording.phrase in text:
            return wording.fault(message)
    return _of_status(status)(message)


def _of_status(status: int | None) -> type[EarthEngineFault]:
    if status == _TOO_MANY_REQUESTS:
        return QueueFull
    if status in _REFUSALS:
        return AccessRefused
    if status == _NOT_FOUND:
        return OperationUnknown
    if status in {_REQUEST_TIMEOUT, _GATEWAY_TIMEOUT}:
        return TookTooLong
    if status is not None and status >= 500:
        return TransientFault
    return TerminalFault

"""Every error the product raises on purpose.

A class knows what its catcher must do: `retry` says that the same call may succeed later,
`reject` that the message itself is at fault and will never succeed.

    S1RatioError
    ├── InvalidRequest          reject   the message breaks the rules; carries every fault
    │   └── RequestIdConflict   reject   a known request_id came with another digest
    ├── InvalidSettings                  the environment is wrong; carries every fault
    ├── InvalidTransition                a task was asked to make a move its state does not know
    ├── StoreError
    │   ├── StoreUnavailable    retry    the store did not answer in time
    │   └── Conflict            retry    a compare-and-set lost: read again
    ├── ObjectStoreUnavailable  retry    the bucket did not answer in time
    ├── ObjectMissing                    an object that was there is gone
    ├── UnreadableRaster                 a file is no complete GeoTIFF
    ├── PubSubError                      Pub/Sub refused a call: unknown topic, permission, size
    │   └── PubSubUnavailable   retry    Pub/Sub did not answer in time
    └── EarthEngineFault                 Earth Engine refused or failed; `error_class` names why
        ├── QueueFull           retry    wait; costs no attempt
        ├── QuotaExceeded       retry    park until the quota resets
        ├── TransientFault      retry    internal error, 5xx, timeout: back off
        ├── RequestIdUsed                look for the operation by its description
        ├── ResourcesExceeded            memory or time of the computation: a smaller area may do
        ├── ExportTooLarge               more pixels than allowed: a smaller area will do
        ├── OperationUnknown             no operation of that name is known (any more)
        └── TerminalFault                bad band or parameter, permission: never retry
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (a path such as `aoi.coordinates[0]`), a code, and words.

    The words tell whoever wrote the value what to change.
    """

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        """Return `path: message`, or the message alone where there is no path."""
        return f"{self.path}: {self.message}" if self.path else self.message


MAX_FAULTS = 50


def capped(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return at most `MAX_FAULTS` faults, the rest as a count in one closing fault."""
    if len(faults) <= MAX_FAULTS:
        return tuple(faults)
    rest = len(faults) - MAX_FAULTS
    return (*faults[:MAX_FAULTS], Fault("", "more_faults", f"and {rest} more faults"))


class S1RatioError(Exception):
    """Root of the tree."""

    retry: ClassVar[bool] = False
    reject: ClassVar[bool] = False


class _Faulty(S1RatioError):
    """An error made of faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = capped(faults)
        super().__init__("; ".join(map(str, self.faults)))


class InvalidRequest(_Faulty):
    """The message breaks the rules and is rejected, with every reason."""

    reject = True


class RequestIdConflict(InvalidRequest):
    """A known `request_id` came again with another message."""


class InvalidSettings(_Faulty):
    """The environment is wrong; every fault of it at once."""


class InvalidTransition(S1RatioError):
    """A task was asked to make a move that its state does not know."""


class StoreError(S1RatioError):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """The store did not answer in time; nothing is known of the write."""

    retry = True


class Conflict(StoreError):
    """A compare-and-set lost against another writer: read again."""

    retry = True


class ObjectStoreUnavailable(S1RatioError):
    """The bucket did not answer in time."""

    retry = True


class ObjectMissing(S1RatioError):
    """There is no object of that name (any more)."""


class UnreadableRaster(S1RatioError):
    """A file is no complete GeoTIFF."""


class PubSubError(S1RatioError):
    """Pub/Sub refused a call: the same call never succeeds."""


class PubSubUnavailable(PubSubError):
    """Pub/Sub did not answer in time; it is not known whether the call took effect."""

    retry = True


class EarthEngineFault(S1RatioError):
    """Earth Engine refused a call or failed an operation; `error_class` is what is stored."""

    error_class: ClassVar[str] = "terminal"


class QueueFull(EarthEngineFault):
    """Too many tasks wait in the project's queue."""

    retry = True
    error_class = "queue"


class QuotaExceeded(EarthEngineFault):
    """A custom quota of the project is used up until it resets."""

    retry = True
    error_class = "quota"


class TransientFault(EarthEngineFault):
    """Internal error, 5xx, timeout or a cut connection; it is not known whether it took effect."""

    retry = True
    error_class = "transient"


class RequestIdUsed(EarthEngineFault):
    """The Earth Engine request id was used before, by us or by a start that was refused."""

    error_class = "request_id_used"


class ResourcesExceeded(EarthEngineFault):
    """The computation ran out of memory or time."""

    error_class = "resources"


class ExportTooLarge(EarthEngineFault):
    """The export has more pixels than allowed."""

    error_class = "too_big"


class OperationUnknown(EarthEngineFault):
    """Earth Engine knows no operation of that name (any more)."""

    error_class = "unknown_operation"


class TerminalFault(EarthEngineFault):
    """Bad band, bad parameter, permission denied: the same call never succeeds."""

    error_class = "terminal"

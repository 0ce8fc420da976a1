"""Every error the product raises on purpose, and the class that it is stored and counted by.

`retry` says that the same call may succeed later, `reject` that the message itself is at fault.

    S1RatioError                         unexpected
    ├── InvalidRequest          reject   invalid           the message breaks the rules: every fault
    │   ├── RequestIdConflict   reject   invalid           a known request_id, another digest
    │   ├── UnreadableEnvelope  reject   invalid           a delivery without a message in it
    │   └── UnknownRecord       reject   invalid           a request or task nobody knows was named
    ├── InvalidSettings                  settings          the environment is wrong: every fault
    ├── InvalidTransition                unexpected        a move that a task's state does not know
    ├── StoreError                       store             the store refused
    │   ├── StoreUnavailable    retry    store             it did not answer in time
    │   ├── RecordRefused                store             no store will keep it: too large, say
    │   ├── RecordMissing                store             what a record belongs to is gone
    │   └── Conflict            retry    store             a compare-and-set lost: read again
    │       └── AlreadyExists   retry    store             an id to create is taken
    ├── ObjectStoreUnavailable  retry    bucket            the bucket did not answer in time
    ├── ObjectMissing                    bucket            an object that was there is gone
    ├── UnreadableRaster                 verification      a file is no complete GeoTIFF
    ├── BudgetSpent                      verification      a file takes more reading than allowed
    │   └── OutOfTime                    verification      … or longer
    ├── PubSubError                      pubsub            Pub/Sub refused: topic, right, size
    │   ├── MessageRefused               pubsub            … for what is in a message
    │   └── PubSubUnavailable   retry    pubsub            it did not answer in time
    ├── ServiceError                     unexpected        whoever serves what is read refused
    │   └── ServiceUnavailable  retry    unexpected        it did not answer in time
    ├── FunctionFailed                   unexpected        an embedded function answered an error
    └── EarthEngineFault                 terminal          Earth Engine refused or failed
        ├── QueueFull           retry    queue             wait; costs no attempt
        ├── QuotaExceeded       retry    quota             park until the quota resets
        ├── TransientFault      retry    transient         internal error, 5xx, cut wire: back off
        │   └── TookTooLong     retry    transient         … timeout: less may be done in time
        ├── AccessRefused       retry    refused           401, 403, 409: whom it means, who knows
        ├── RequestIdUsed                request_id_used   look for the operation
        ├── ResourcesExceeded            resources         memory or time: a smaller area may do
        │   └── OutOfMemory              resources         … of one machine: another may have it
        ├── ExportTooLarge               too_big           too many pixels: a smaller area will do
        ├── NothingExported              empty             all of the export's pixels are masked
        ├── OperationUnknown             unknown_operation no operation of that name is known
        └── TerminalFault                terminal          bad band or parameter
"""

from s1ratio.error_classes import ErrorClass as ErrorClass
from s1ratio.errors.root import S1RatioError as S1RatioError
from s1ratio.errors.root import _Faulty
from s1ratio.faults import Fault


class InvalidRequest(_Faulty):
    """The message breaks the rules and is rejected, with every reason."""

    reject = True
    error_class = ErrorClass.INVALID


class RequestIdConflict(InvalidRequest):
    """A known `request_id` came again with another message."""


class UnreadableEnvelope(InvalidRequest):
    """A delivery without a readable message in it; `copy` is what came instead, or its start."""

    def __init__(self, words: str, copy: bytes, code: str, message_id: str | None) -> None:
        self.copy, self.message_id = copy, message_id
        super().__init__([Fault("", code, words)])


class UnknownRecord(InvalidRequest):
    """A request or a task that was named is not in the store."""


class InvalidSettings(_Faulty):
    """The environment is wrong; every fault of it at once."""

    error_class = ErrorClass.SETTINGS


class InvalidTransition(S1RatioError):
    """A task was asked to make a move that its state does not know."""


class StoreError(S1RatioError):
    """The store could not do what was asked."""

    error_class = ErrorClass.STORE


class StoreUnavailable(StoreError):
    """The store did not answer in time; nothing is known of the write."""

    retry = True


class Conflict(StoreError):
    """A compare-and-set lost against another writer: read again."""

    retry = True


class AlreadyExists(Conflict):
    """A commit would have created a document whose id is taken; nothing of it was written."""


class RecordRefused(StoreError):
    """A record is one that the store will never keep as it is, such as one that is too large."""


class RecordMissing(StoreError):
    """A record belongs to another one that is not in the store (any more)."""


class ObjectStoreUnavailable(S1RatioError):
    """The bucket did not answer in time."""

    retry = True
    error_class = ErrorClass.BUCKET


class ObjectMissing(S1RatioError):
    """There is no object of that name (any more)."""

    error_class = ErrorClass.BUCKET


class UnreadableRaster(S1RatioError):
    """A file is no complete GeoTIFF."""

    error_class = ErrorClass.VERIFICATION


class BudgetSpent(S1RatioError):
    """The next read of an object would take more bytes off the wire than allowed."""

    error_class = ErrorClass.VERIFICATION


class OutOfTime(BudgetSpent):
    """The next read of an object would begin after the time allowed."""


class FunctionFailed(S1RatioError):
    """An embedded function answered that it could not do what it was called for."""


class PubSubError(S1RatioError):
    """Pub/Sub refused a call: the same call never succeeds."""

    error_class = ErrorClass.PUBSUB


class MessageRefused(PubSubError):
    """Pub/Sub refused a message for what it is: another one may be taken."""


class PubSubUnavailable(PubSubError):
    """Pub/Sub did not answer in time; it is not known whether the call took effect."""

    retry = True


class ServiceError(S1RatioError):
    """The service that is read from by HTTP refused a call, or is none of ours."""


class ServiceUnavailable(ServiceError):
    """The service did not answer in time, or could not."""

    retry = True


class EarthEngineFault(S1RatioError):
    """Earth Engine refused a call or failed an operation."""

    error_class = ErrorClass.TERMINAL


class QueueFull(EarthEngineFault):
    """Too many tasks wait in the project's queue."""

    retry = True
    error_class = ErrorClass.QUEUE


class QuotaExceeded(EarthEngineFault):
    """A custom quota of the project is used up until it resets."""

    retry = True
    error_class = ErrorClass.QUOTA


class TransientFault(EarthEngineFault):
    """Internal error, 5xx, timeout or a cut connection; it is not known whether it took effect."""

    retry = True
    error_class = ErrorClass.TRANSIENT
    unreadable: bool = False  # whether an answer came that makes no sense to us


class TookTooLong(TransientFault):
    """A call did not come to its end in time: it may be busy, or too much was asked for."""


class AccessRefused(EarthEngineFault):
    """A right, or a limit on calls, forbids it now: no fault of one task if it meets others."""

    retry = True
    error_class = ErrorClass.REFUSED


class RequestIdUsed(EarthEngineFault):
    """The Earth Engine request id was used before, by us or by a start that was refused."""

    error_class = ErrorClass.REQUEST_ID_USED


class ResourcesExceeded(EarthEngineFault):
    """The computation ran out of memory or time."""

    error_class = ErrorClass.RESOURCES


class OutOfMemory(ResourcesExceeded):
    """The machine that a batch task ran on had no memory left: the same export may do yet."""


class ExportTooLarge(EarthEngineFault):
    """The export has more pixels than allowed."""

    error_class = ErrorClass.TOO_BIG


class NothingExported(EarthEngineFault):
    """The export has not one valid pixel: Earth Engine fails it, and writes nothing."""

    error_class = ErrorClass.EMPTY


class OperationUnknown(EarthEngineFault):
    """Earth Engine knows no operation of that name (any more)."""

    error_class = ErrorClass.UNKNOWN_OPERATION


class TerminalFault(EarthEngineFault):
    """Bad band, bad parameter: the same call never succeeds."""

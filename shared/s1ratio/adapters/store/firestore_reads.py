"""Documents out of Firestore's own messages, without the wrapping that its client makes of them."""

from datetime import UTC
from typing import Any

from proto.datetime_helpers import DatetimeWithNanoseconds

from s1ratio.adapters.store.database import Document, Stored

# A write that changes nothing keeps its document's update time, and two writers with the same
# change would both win: so each write leaves a mark. It begins with its place in the commit.
WRITE_MARK = "write_mark"


def stored_document(message: Any) -> Stored:
    """Return a document as it was read, its version the time of its last update."""
    return Stored(plain_document(message), version_of(message.update_time), place_of(message))


def place_of(message: Any) -> tuple[int, int, str]:
    """Return what sorts as documents were created: of one commit as they stood in it."""
    at = message.create_time
    return at.seconds, at.nanos, message.fields[WRITE_MARK].string_value


def plain_document(message: Any) -> Document:
    """Return a document's fields as plain values."""
    return {name: plain_value(value) for name, value in message.fields.items()}


def version_of(message: Any) -> DatetimeWithNanoseconds:
    """Return the time of a write as a version, to the nanosecond."""
    return DatetimeWithNanoseconds.from_timestamp_pb(message)


def plain_value(message: Any) -> Any:
    """Return a plain value; what a store of ours never writes stays Firestore's message."""
    kind = message.WhichOneof("value_type")
    match kind:
        case "string_value" | "integer_value" | "boolean_value" | "double_value":
            return getattr(message, kind)
        case "null_value":
            return None
        case "timestamp_value":
            return message.timestamp_value.ToDatetime(UTC)
        case "map_value":
            return {name: plain_value(value) for name, value in message.map_value.fields.items()}
        case "array_value":
            return [plain_value(value) for value in message.array_value.values]
        case _:
            return message

"""Writes as Firestore's own messages, without the wrapping that its client makes of every value.

That wrapping was a quarter of what a launch costs. What is written is what the client's batches
write: `create`, `set`, and `update` with a precondition on the time of the last update.
"""

from datetime import datetime
from typing import Any

from google.cloud.firestore_v1.types import Value
from google.cloud.firestore_v1.types import Write as WriteMessage
from google.protobuf.timestamp_pb2 import Timestamp

from s1ratio.adapters.store.database import Create, Document, Replace, Write
from s1ratio.errors import Conflict

_WRITE, _VALUE = WriteMessage.pb(), Value.pb()


def write_message(write: Write, name: str, document: Document) -> Any:
    """Return the message that writes a document under its full name; raise Conflict.

    A `Replace` changes the fields that the document has: those of a later version stay.
    """
    message = _WRITE()
    message.update.name = name
    fields = message.update.fields
    for key, value in document.items():
        _fill(fields[key], value)
    if isinstance(write, Create):
        message.current_document.exists = False
    elif isinstance(write, Replace):
        if write.expected is None:
            place = f"{write.collection}/{write.id}"
            raise Conflict(f"{place} was never read: no version to expect")
        message.current_document.update_time.CopyFrom(_timestamp(write.expected))
        message.update_mask.field_paths.extend(sorted(document))
    return message


def _timestamp(version: datetime) -> Any:
    """Return a version, which Firestore gives to the nanosecond, as its message."""
    exact = getattr(version, "timestamp_pb", None)
    if exact is not None:
        return exact()
    made = Timestamp()
    made.FromDatetime(version)
    return made


def value_message(value: Any) -> Any:
    """Return a plain value as Firestore's message; its times are aware."""
    message = _VALUE()
    _fill(message, value)
    return message


def _fill(message: Any, value: Any) -> None:
    """Put a plain value into a message. What is frequent, or quickly told, is asked first."""
    if isinstance(value, str):
        message.string_value = value
    elif value is None:
        message.null_value = 0
    elif isinstance(value, bool):
        message.boolean_value = value
    elif isinstance(value, int):
        message.integer_value = value
    elif isinstance(value, float):
        message.double_value = value
    elif isinstance(value, datetime):
        message.timestamp_value.FromDatetime(value)
    elif isinstance(value, dict):
        message.map_value.SetInParent()
        for key, inner in value.items():
            _fill(message.map_value.fields[key], inner)
    elif isinstance(value, list):
        message.array_value.SetInParent()
        for inner in value:
            _fill(message.array_value.values.add(), inner)
    else:
        raise TypeError(f"{type(value).__name__} is no value of a document")

"""From what a program holds to the JSON of a message."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.request.moments import message_text_of, read_moment


def payload_of(message: Mapping[str, Any]) -> bytes:
    """Return a message as JSON; raise InvalidRequest for a value that JSON has no words for.

    Days and aware date-times are written as messages have them, and what has a
    `__geo_interface__`, such as a shapely geometry, as its GeoJSON.
    """
    try:
        return json.dumps(dict(message), default=_plain, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        words = f"the message can't be written as JSON: {error}"
        raise InvalidRequest([Fault("", "not_json", words)]) from error


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return message_text_of(read_moment(value))
    if isinstance(value, Mapping):
        return dict(value)
    geometry = getattr(value, "__geo_interface__", None)
    if geometry is None:
        raise TypeError(f"{type(value).__name__} {str(value)[:40]!r} is no value of a message")
    return geometry

"""Cursors: where the next page begins, as a text that is nobody's business but ours."""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

from s1ratio.ports.reading import Place

MAX_ASKED_BYTES = 1_500  # of a text that Firestore compares: it refuses a query with a longer one
_WORDS = "is no cursor of such a list: take it from the link to the next page"


def cursor_of(*parts: str | datetime) -> str:
    """Return the cursor of a place."""
    texts = [part.isoformat() if isinstance(part, datetime) else part for part in parts]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode().rstrip("=")


def read_place(text: str) -> Place:
    """Return the place of a cursor in a list in the order of time; raise ValueError in words."""
    try:
        at, name = _parts(text, 2)
        moment = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(_WORDS) from error
    return Place(moment, name)


def read_name(text: str) -> str:
    """Return the place of a cursor in a list in the order of names; raise ValueError in words."""
    return _parts(text, 1)[0]


def _parts(text: str, count: int) -> list[str]:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise ValueError(_WORDS) from error
    if not isinstance(found, list) or len(found) != count:
        raise ValueError(_WORDS)
    if not all(isinstance(one, str) and one.isprintable() for one in found):
        raise ValueError(_WORDS)
    if any(len(one.encode()) > MAX_ASKED_BYTES for one in found):
        raise ValueError(_WORDS)
    return found

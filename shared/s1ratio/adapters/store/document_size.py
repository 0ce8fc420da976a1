"""How many bytes Firestore counts for a document, and how many one may have.

By Firestore's page on storage sizes: a text is its bytes in UTF-8 and one more, a number or a time
8, a truth value or null 1, a list the sum of its values, a map the names and values of its fields
and 32 more; so is a document, with its name. What SQLite keeps is counted the same. The emulator
counts just so, but for the 32 of a map within a document, which it leaves out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from s1ratio.adapters.store.database import Document

# The document's name (16 bytes, those of its collection and its id, 400 characters at most) and the
# mark of the write, which the Firestore store adds: 475 bytes together.
_RESERVE = 1_024
MAX_BYTES = 1_048_576 - _RESERVE  # Firestore's 1 MiB

_MAP = 32


def document_bytes(document: Document) -> int:
    """Return how many bytes Firestore counts for a document, without its name."""
    return _bytes(document)


def _bytes(value: Any) -> int:
    match value:
        case str():
            return _text_bytes(value)
        case bool() | None:
            return 1
        case int() | float() | datetime():
            return 8
        case list() | tuple():
            return sum(map(_bytes, value))
        case dict() | Mapping():  # to ask whether it is a Mapping is slow
            return _MAP + sum(_text_bytes(name) + _bytes(item) for name, item in value.items())
        case _:
            raise TypeError(f"a {type(value).__name__} can't be stored")


def _text_bytes(text: str) -> int:
    return (len(text) if text.isascii() else len(text.encode())) + 1

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
    """Return the bytes of a value. What is frequent, or quickly told, is asked first."""
    if isinstance(value, str):
        return (len(value) if value.isascii() else len(value.encode())) + 1
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, int | float | datetime):
        return 8
    if isinstance(value, list | tuple):
        return sum(map(_bytes, value))
    if isinstance(value, Mapping):
        return _map_bytes(value)
    raise TypeError(f"a {type(value).__name__} can't be stored")


def _map_bytes(fields: Mapping[str, Any]) -> int:
    total = _MAP
    for name, value in fields.items():
        total += (len(name) if name.isascii() else len(name.encode())) + 1
        total += 1 if value is None else _bytes(value)
    return total

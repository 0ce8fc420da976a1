"""Documents of the catalogue as they are changed: read, changed, written if nobody else wrote.

Whoever comes too late reads again, so that of several writers none undoes what another one did.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from s1ratio.catalogue.placing import ItemPlace
from s1ratio.errors import Conflict, ObjectStoreUnavailable
from s1ratio.ports import DocumentStore
from s1ratio.services.context import PollContext

Document = dict[str, Any]
JSON, GEOJSON = "application/json", "application/geo+json"
_MAX_ROUNDS = 8


@dataclass(frozen=True)
class Written:
    """An item that stands in the bucket, and where."""

    place: ItemPlace
    item: Mapping[str, Any]


def documents_of(context: PollContext) -> DocumentStore:
    """Return where the catalogue lies; there must be such a place."""
    if context.documents is None:
        raise ValueError("there is no place for a catalogue here")
    return context.documents


def change_document(
    documents: DocumentStore,
    name: str,
    change: Callable[[Document | None], Document | None],
    kind: str = JSON,
) -> bool:
    """Write what `change` makes of a document, None being none; tell whether it was written.

    What is left as it is, or made None of, is not written. Raises Conflict if others write it
    again and again, ObjectStoreUnavailable.
    """
    for _ in range(_MAX_ROUNDS):
        found = documents.get(name)
        before = _decoded(name, found.data) if found is not None else None
        after = change(before)
        if after is None or after == before:
            return False
        try:
            documents.put(name, encode(after), kind, found.generation if found else 0)
        except Conflict:
            continue
        return True
    raise Conflict(f"{name} is written by others again and again: the next tick goes on")


def encode(document: Document) -> bytes:
    """Return a document as JSON in UTF-8, always the same bytes for the same one."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _decoded(name: str, data: bytes) -> Document:
    try:
        found = json.loads(data)
    except ValueError as error:
        words = f"{name} is no JSON ({error}): delete it, and it is made anew of what lies below it"
        raise ObjectStoreUnavailable(words) from error
    if not isinstance(found, dict) or not isinstance(found.get("links"), list):
        words = f"{name} is no document of a catalogue: delete it, and it is made anew"
        raise ObjectStoreUnavailable(words)
    return found

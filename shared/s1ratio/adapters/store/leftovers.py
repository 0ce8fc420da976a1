"""Leftovers: what a commit would create is there already, though its record says it is not.

A record was deleted by hand, or restored as it was before, and its events or parts were not. None
of them may hold up the record for good: that would look like a race lost again and again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from s1ratio.adapters.store.database import Create, Document, Stored

# What an event says, whenever it was said.
_CONTENT = ("kind", "request_id", "data")


@dataclass(frozen=True)
class Beside:
    """What to create beside leftovers, and in words where an event takes a further id."""

    creates: tuple[Create, ...]
    told: tuple[str, ...] = ()


def find_missing(parts: Iterable[Create], found: Mapping[str, Stored]) -> tuple[Create, ...]:
    """Return those of a split task's parts that are not there yet: the others go on as they are."""
    return tuple(part for part in parts if part.id not in found)


def tell_beside(events: Sequence[Create], found: Mapping[str, Stored]) -> Beside:
    """Return what is to be told though `found` is there already.

    An event of the same content is told; one of another content stays, and the new one takes a
    further id, its own with its time.
    """
    creates, told = list[Create](), list[str]()
    for event in events:
        left = found.get(event.id)
        if left is None:
            creates.append(event)
        elif not _says_the_same(event.document, left.document):
            creates.append(_with_further_id(event))
            told.append(
                f"event {event.id} is in the store already, of another content: "
                f"the new one is {creates[-1].id}"
            )
    return Beside(tuple(creates), tuple(told))


def _says_the_same(one: Document, other: Document) -> bool:
    return all(one.get(name) == other.get(name) for name in _CONTENT)


def _with_further_id(event: Create) -> Create:
    at: datetime = event.document["at"]
    further = f"{event.id}.{at:%Y%m%dT%H%M%S%f}"
    return replace(event, id=further, document={**event.document, "id": further})

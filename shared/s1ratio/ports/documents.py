"""Small objects of the bucket that several writers read, change and write: the catalogue's."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class StoredDocument:
    """An object's bytes, and the generation that they are of."""

    data: bytes
    generation: int


class DocumentStore(Protocol):
    """The bucket as the catalogue needs it; each call has a deadline.

    Past it, or where the bucket refuses, it raises ObjectStoreUnavailable. An object takes about
    one write a second.
    """

    def get(self, name: str) -> StoredDocument | None:
        """Return an object, or None if there is none."""

    def put(self, name: str, data: bytes, kind: str, expected: int | None) -> None:
        """Write an object of a media type in the place of the generation `expected`.

        0: there must be none; None: whatever is there. Raises Conflict if another one is
        there; it may be this very writing, whose answer was lost.
        """

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with `prefix`, in their order."""

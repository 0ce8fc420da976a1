"""The catalogue's objects in memory: each write is a new generation, and holds to the one read."""

import json
from collections import Counter
from threading import Lock
from typing import Any

from s1ratio.errors import Conflict, ObjectStoreUnavailable
from s1ratio.ports import StoredDocument


class SimulatedDocuments:
    """Meets `ports.DocumentStore`. `writes` counts them by name; while `down` none is answered."""

    def __init__(self) -> None:
        self.down = False
        self.writes: Counter[str] = Counter()
        self._kept: dict[str, StoredDocument] = {}
        self._generation = 0
        self._lock = Lock()

    def get(self, name: str) -> StoredDocument | None:
        """Return an object, or None."""
        self._check()
        return self._kept.get(name)

    def put(self, name: str, data: bytes, kind: str, expected: int | None) -> None:
        """Write an object in the place of a generation."""
        assert kind in {"application/json", "application/geo+json", "image/png"}
        self._check()
        with self._lock:
            there = self._kept.get(name)
            if expected is not None and expected != (there.generation if there else 0):
                raise Conflict(f"{name} was written meanwhile")
            self._generation += 1
            self.writes[name] += 1
            self._kept[name] = StoredDocument(data, self._generation)

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the names that begin with a prefix."""
        self._check()
        return tuple(sorted(name for name in self._kept if name.startswith(prefix)))

    def json(self, name: str) -> dict[str, Any]:
        """Return a document that must be there."""
        found: dict[str, Any] = json.loads(self._kept[name].data)
        return found

    def delete(self, name: str) -> None:
        """Take an object away."""
        del self._kept[name]

    def _check(self) -> None:
        if self.down:
            raise ObjectStoreUnavailable("the bucket did not answer")

"""The catalogue's files, wherever they lie, and nothing else of what lies there."""

from typing import Protocol


class CatalogueFiles(Protocol):
    """Where the catalogue's files are read; each call has a deadline."""

    def read(self, name: str, most: int) -> bytes:
        """Return the first `most` bytes of a file, by its name such as `stac/catalog.json`.

        Raises ObjectMissing without one, ObjectStoreUnavailable.
        """

"""Where a VERIFIED task's item is in the catalogue, and whether it is still to be written."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True)
class Catalogue:
    """What the catalogue knows of a task: `item` is the object's name of its item.

    `catalogue_due` is when the item is to be written next; there only while it is to be. Until then
    whoever writes it has it to himself. `catalogue_tries` counts how often that was begun.
    `catalogued_at` is when it was done. All are None or 0 in records of earlier versions.
    """

    item: str | None = None
    catalogue_due: datetime | None = None
    catalogue_tries: int = 0
    catalogued_at: datetime | None = None

    def wanted(self, now: datetime) -> "Catalogue":
        """Return it with an item to be written: an earlier one stays until then."""
        return replace(self, catalogue_due=now, catalogue_tries=0)

    def begun(self, until: datetime) -> "Catalogue":
        """Return it as being written, by nobody else until then."""
        return replace(self, catalogue_due=until, catalogue_tries=self.catalogue_tries + 1)

    def done(self, item: str, now: datetime) -> "Catalogue":
        """Return it as written."""
        return Catalogue(item, None, self.catalogue_tries, now)

    def unwanted(self) -> "Catalogue":
        """Return it with nothing to be written."""
        return replace(self, catalogue_due=None, catalogue_tries=0)

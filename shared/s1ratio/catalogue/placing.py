"""Where the catalogue's documents lie in the bucket, and which of them are of one composite.

stac/catalog.json                            the root
stac/{collection}/collection.json            region-{id}, incident-{id} or product-{name}
stac/{collection}/{year}/catalog.json        of the year (UTC) in which the periods begin
stac/{collection}/{year}/{task}.json         an item, beside it {task}.png, {task}-thumbnail.png
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ROOT: Final = "stac"
CATALOGUE: Final = "catalog.json"
COLLECTION: Final = "collection.json"
ROOT_CATALOGUE: Final = f"{ROOT}/{CATALOGUE}"

_REGION, _INCIDENT = "region", "incident"  # labels, and what their collections begin with
_PRODUCT = "product"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_REVISION = re.compile(r"(?P<base>.+)-r(?P<number>[1-9]\d{0,2})")


@dataclass(frozen=True)
class ItemPlace:
    """Where an item lies: its collection, its year, and its id, which is the task's.

    `base` is the id of the request of which this is a `revision`, 1 being the request itself, and
    `suffix` the rest of the task's id. Requests that have no revisions are their own base.
    """

    collection: str
    year: int
    item_id: str
    base: str
    suffix: str
    revision: int = 1

    @property
    def folder(self) -> str:
        """The folder of the year."""
        return f"{ROOT}/{self.collection}/{self.year:04d}"

    @property
    def item(self) -> str:
        """The object's name of the item."""
        return f"{self.folder}/{self.item_id}.json"

    @property
    def quicklook(self) -> str:
        """… of its picture with a legend."""
        return f"{self.folder}/{self.item_id}.png"

    @property
    def thumbnail(self) -> str:
        """… of its small picture."""
        return f"{self.folder}/{self.item_id}-thumbnail.png"

    @property
    def year_catalogue(self) -> str:
        """… of the catalogue that names it."""
        return f"{self.folder}/{CATALOGUE}"

    @property
    def collection_document(self) -> str:
        """… of its collection."""
        return f"{ROOT}/{self.collection}/{COLLECTION}"

    @property
    def is_revised(self) -> bool:
        """Whether its request may have revisions: those of regions and incidents."""
        return not self.collection.startswith(f"{_PRODUCT}-")

    def revision_in(self, name: str) -> int | None:
        """Return which revision of the same composite the item of this name is; None if none."""
        pattern = rf"{re.escape(self.base)}(?:-r([1-9]\d{{0,2}}))?{re.escape(self.suffix)}\.json"
        found = re.fullmatch(pattern, name.removeprefix(f"{self.folder}/"))
        return int(found[1] or 1) if found else None


def place_item(
    task_id: str, request_id: str, labels: Mapping[str, str], product: str, year: int
) -> ItemPlace:
    """Return where the item of a task lies. `product` is its first."""
    collection = _collection_of(request_id, labels) or f"{_PRODUCT}-{product}"
    suffix = task_id.removeprefix(request_id)
    found = _REVISION.fullmatch(request_id)
    if collection.startswith(f"{_PRODUCT}-") or found is None:
        return ItemPlace(collection, year, task_id, request_id, suffix)
    return ItemPlace(collection, year, task_id, found["base"], suffix, int(found["number"]))


def _collection_of(request_id: str, labels: Mapping[str, str]) -> str | None:
    """Return the collection of a region's or an incident's request, None of any other.

    A publisher's own labels may have these names: its ids are none of theirs.
    """
    region, incident = labels.get(_REGION, ""), labels.get(_INCIDENT, "")
    if _NAME.fullmatch(region) and request_id.startswith(f"r-{region}-"):
        return f"{_REGION}-{region}"
    stem = incident.removeprefix("i-")
    if _NAME.fullmatch(incident) and request_id.startswith(f"w-{stem}-"):
        return f"{_INCIDENT}-{incident}"
    return None


def relative(name: str, beside: str) -> str:
    """Return the link from one object to another, such as `../../a/b.tif` or `./c.json`."""
    here, there = beside.split("/")[:-1], name.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    up = "../" * (len(here) - common)
    return f"{up or './'}{'/'.join(there[common:])}"

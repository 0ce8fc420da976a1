"""Writing: items first, then the documents that name them, each once for all items of a tick.

What broke in between is done by the next tick: all of it may be done again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from s1ratio.catalogue.collections import collection_with, root_with, year_with
from s1ratio.catalogue.facts import Publisher
from s1ratio.catalogue.placing import (
    CATALOGUE,
    COLLECTION,
    ROOT,
    ROOT_CATALOGUE,
    ItemPlace,
)
from s1ratio.catalogue.versions import versioned
from s1ratio.ports import DocumentStore
from s1ratio.services.catalogue.documents import GEOJSON, Document, Written, change_document


def write_item(documents: DocumentStore, place: ItemPlace, item: Document) -> Written:
    """Write an item in the place of what is there, and link the other revisions of it."""
    chain = _find_revisions(documents, place)
    mine = versioned(item, place.revision, chain)
    change_document(documents, place.item, lambda _: mine, GEOJSON)
    for number, name in chain.items():
        if number != place.revision:
            _relink(documents, number, chain, name)
    return Written(place, mine)


def _relink(documents: DocumentStore, number: int, chain: Mapping[int, str], name: str) -> None:
    def change(found: Document | None) -> Document | None:
        """Return another revision's item with its links; None if it has gone."""
        return versioned(found, number, chain) if found is not None else None

    change_document(documents, name, change, GEOJSON)


def _find_revisions(documents: DocumentStore, place: ItemPlace) -> dict[int, str]:
    """Return the names of the items of all revisions of a composite, this one among them."""
    found = {place.revision: place.item}
    if place.is_revised:
        names = documents.names(f"{place.folder}/{place.base}")
        numbered = {name: place.revision_in(name) for name in names}
        found |= {number: name for name, number in numbered.items() if number is not None}
    return found


def write_above(documents: DocumentStore, written: Sequence[Written], publisher: Publisher) -> None:
    """Name items in the catalogues of their years, these in their collections, these in the root.

    One write of each at most. A document that is not there is made of all that lies below it.
    """
    years: dict[str, list[Written]] = defaultdict(list)
    collections: dict[str, list[Written]] = defaultdict(list)
    for each in written:
        years[each.place.year_catalogue].append(each)
        collections[each.place.collection_document].append(each)
    for some in years.values():
        _write_year(documents, some)
    for some in collections.values():
        _write_collection(documents, some, publisher)
    if collections:
        names = [some[0].place.collection for some in collections.values()]
        _write_root(documents, names, publisher)


def _write_year(documents: DocumentStore, written: Sequence[Written]) -> None:
    place = written[0].place

    def change(found: Document | None) -> Document:
        """Return the year with these items, or all that lie there."""
        names = [each.place.item_id for each in written]
        return year_with(found, place, names if found else [*names, *_items_in(documents, place)])

    change_document(documents, place.year_catalogue, change)


def _write_collection(
    documents: DocumentStore, written: Sequence[Written], publisher: Publisher
) -> None:
    place, items = written[0].place, [each.item for each in written]

    def change(found: Document | None) -> Document:
        """Return the collection with these years, or all that lie there."""
        years = {each.place.year for each in written}
        if found is None:
            years |= _years_in(documents, place)
        return collection_with(found, place, years, items, publisher)

    change_document(documents, place.collection_document, change)


def _write_root(documents: DocumentStore, names: Sequence[str], publisher: Publisher) -> None:
    def change(found: Document | None) -> Document:
        """Return the root with these collections, or all that lie there."""
        every = names if found else [*names, *_collections_in(documents)]
        return root_with(found, every, publisher)

    change_document(documents, ROOT_CATALOGUE, change)


def _items_in(documents: DocumentStore, place: ItemPlace) -> list[str]:
    rest = [name.removeprefix(f"{place.folder}/") for name in documents.names(f"{place.folder}/")]
    return [
        name.removesuffix(".json") for name in rest if name.endswith(".json") and name != CATALOGUE
    ]


def _years_in(documents: DocumentStore, place: ItemPlace) -> set[int]:
    folder = f"{ROOT}/{place.collection}/"
    parts = [name.removeprefix(folder).split("/") for name in documents.names(folder)]
    return {int(year) for year, *rest in parts if rest == [CATALOGUE] and year.isdigit()}


def _collections_in(documents: DocumentStore) -> list[str]:
    parts = [name.removeprefix(f"{ROOT}/").split("/") for name in documents.names(f"{ROOT}/")]
    return [name for name, *rest in parts if rest == [COLLECTION]]

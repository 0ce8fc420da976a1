"""Collections of any elements: made, filtered, mapped, sorted, joined, listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.evaluator import Function
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.geometry import Geometry
from local_earthengine.values.collection import Collection, Hints, Reading
from local_earthengine.values.element import INDEX, Element, Feature
from local_earthengine.values.filter import Filter
from local_earthengine.values.join import in_order
from local_earthengine.values.loaded import over


@algorithm("Collection")
def from_features(features: list[Element]) -> Collection:
    """Return a collection of these elements; one without an index gets its place as one."""
    elements = [
        item if item.get(INDEX) is not None else item.with_properties({INDEX: str(place)})
        for place, item in enumerate(features)
    ]
    return Collection(elements=elements)


@algorithm("Collection.filter")
def filtered(collection: Collection, condition: Any) -> Collection:
    """Return the elements that pass; a catalogue's collection learns what the filter asks."""
    if not isinstance(condition, Filter):
        raise EarthEngineError("Filters as text are not supported here.")
    return collection.filtered(condition.hints(), condition.passes)


@algorithm("Collection.map")
def mapped(collection: Collection, function: Function, drop_nulls: bool) -> Collection:
    """Return each element's result under the element's index; the collection keeps its id.

    A geometry is promoted to a feature without properties, as where an Element is asked for.
    """

    def change(element: Element) -> Element | None:
        """Return an element's result; raise EarthEngineError if it is no element."""
        result = _mapped(function, element)
        if result is None and drop_nulls:
            return None
        if isinstance(result, Geometry):
            result = Feature(shape=result)
        if not isinstance(result, Element):
            raise EarthEngineError(
                "Collection.map: A mapped algorithm must return a Feature or Image."
            )
        index = element.get(INDEX)
        same = index is None or result.get(INDEX) == index
        return result if same else result.with_properties({INDEX: index})

    return collection.mapped(change)


def _mapped(function: Function, element: Element) -> Any:
    """Return the result; a refusal says at which element, as a collection may have thousands."""
    try:
        return function(element)
    except EarthEngineError as error:
        where = f"Error in map(ID={element.get(INDEX)}):"
        raise EarthEngineError(f"{where}\n{error.message}", error.status, error.code) from None


@algorithm("Collection.iterate")
def iterate(collection: Collection, function: Function, first: Any) -> Any:
    """Call the function with each element and the result before; return the last."""
    for element in collection:
        first = function(element, first)
    return first


@algorithm("Collection.limit")
def limit(
    collection: Collection, count: int | None, key: str | None, ascending: bool
) -> Collection:
    """Return at most `count` elements, first sorted by a property if one is named."""
    ordered = collection
    if key is not None:
        ordered = collection.ordered(lambda elements: in_order(elements, key, ascending))
    if count is None:
        return ordered
    if count < 0:
        raise EarthEngineError("The limit must not be negative.")
    return ordered.head(count)


@algorithm("Collection.distinct")
def distinct(collection: Collection, properties: Any) -> Collection:
    """Return the first of the elements that agree in some properties."""
    names = properties if isinstance(properties, list) else [properties]
    if not all(isinstance(name, str) for name in names):
        raise EarthEngineError("The properties must be names.")

    def source() -> Iterator[Element]:
        """Yield the first element of each kind."""
        seen: set[str] = set()
        for element in collection:
            key = json.dumps(to_json([element.get(name) for name in names]), sort_keys=True)
            if key not in seen:
                seen.add(key)
                yield element

    return collection.derived(source)


@algorithm("Collection.merge", "ImageCollection.merge")
def merge(one: Collection, other: Collection) -> Collection:
    """Return the elements of both; their indices begin with 1_ and 2_."""
    parts = [_numbered(part, number) for number, part in enumerate((one, other), start=1)]

    def read(sure: Hints, likely: Hints) -> Reading:
        """Return what both allow, in a row."""
        found = [part.read(sure, likely) for part in parts]
        return Reading(chain(*(each.elements for each in found)), any(e.narrowed for e in found))

    return over(one, read)


def _numbered(part: Collection, number: int) -> Collection:
    return part.mapped(lambda e: e.with_properties({INDEX: f"{number}_{_index(e)}"}))


@algorithm("Collection.flatten")
def flatten(collection: Collection) -> Collection:
    """Return the elements of a collection of collections."""

    def source() -> Iterator[Element]:
        """Yield the parts' elements."""
        for part in collection:
            if not isinstance(part, Collection):
                raise EarthEngineError("The elements must be collections.")
            yield from part

    return collection.derived(source)


@algorithm("Collection.first")
def first(collection: Collection) -> Element | None:
    """Return the first element, or null."""
    return collection.first()


@algorithm("Collection.size")
def size(collection: Collection) -> int:
    """Return how many elements there are."""
    return sum(1 for _ in collection)


@algorithm("Collection.toList")
def to_list(collection: Collection, count: int, offset: int) -> list[Element]:
    """Return at most `count` elements from `offset` on."""
    if count < 0 or offset < 0:
        raise EarthEngineError("The count and the offset must not be negative.")
    return list(islice(collection, offset, offset + count))


def _index(element: Element) -> Any:
    return element.get(INDEX) if element.get(INDEX) is not None else "0"

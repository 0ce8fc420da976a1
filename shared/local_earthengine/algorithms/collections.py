"""Collections of any elements: filtered, mapped, sorted, listed, summed up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

import numpy as np

from local_earthengine.algorithms.image_collections import merged
from local_earthengine.algorithms.reducers import OUTPUTS
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.evaluator import Function
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.geojson import gathered
from local_earthengine.geo.geometry import Geometry, rectangle
from local_earthengine.values.collection import Collection, Loaded
from local_earthengine.values.element import INDEX, Element
from local_earthengine.values.filter import Filter
from local_earthengine.values.join import in_order


@algorithm("Collection")
def from_features(features: list[Element]) -> Collection:
    """A collection of these elements; one without an index gets its place as one."""
    elements = [
        item if item.get(INDEX) is not None else item.with_properties({INDEX: str(place)})
        for place, item in enumerate(features)
    ]
    return Collection(elements=elements)


@algorithm("Collection.filter")
def filtered(collection: Collection, condition: Any) -> Collection:
    """The elements that pass; a catalogue's collection learns what the filter asks."""
    if not isinstance(condition, Filter):
        raise EarthEngineError("Filters as text are not supported here.")
    if isinstance(collection, Loaded):
        return collection.filtered(condition.hints(), condition.passes)
    return collection.derived(lambda: filter(condition.passes, collection))


@algorithm("Collection.map")
def mapped(collection: Collection, function: Function, drop_nulls: bool) -> Collection:
    """Each element's result under the element's index; the collection keeps its id."""

    def source() -> Iterator[Element]:
        for element in collection:
            result = _mapped(function, element)
            if result is None and drop_nulls:
                continue
            if not isinstance(result, Element):
                raise EarthEngineError(
                    "Collection.map: A mapped algorithm must return a Feature or Image."
                )
            index = element.get(INDEX)
            same = index is None or result.get(INDEX) == index
            yield result if same else result.with_properties({INDEX: index})

    return collection.derived(source)


def _mapped(function: Function, element: Element) -> Any:
    """The result; a refusal says at which element, as a collection may have thousands."""
    try:
        return function(element)
    except EarthEngineError as error:
        where = f"Error in map(ID={element.get(INDEX)}):"
        raise EarthEngineError(f"{where}\n{error.message}", error.status, error.code) from None


@algorithm("Collection.iterate")
def iterate(collection: Collection, function: Function, first: Any) -> Any:
    """The function's last result, which is called with each element and the result before."""
    for element in collection:
        first = function(element, first)
    return first


@algorithm("Collection.limit")
def limit(
    collection: Collection, count: int | None, key: str | None, ascending: bool
) -> Collection:
    """At most `count` elements, first sorted by a property if one is named."""
    ordered = collection
    if key is not None:
        ordered = collection.derived(lambda: in_order(list(collection), key, ascending))
    if count is None:
        return ordered
    if count < 0:
        raise EarthEngineError("The limit must not be negative.")
    return ordered.head(count)


@algorithm("Collection.distinct")
def distinct(collection: Collection, properties: Any) -> Collection:
    """The first of the elements that agree in some properties."""
    names = properties if isinstance(properties, list) else [properties]
    if not all(isinstance(name, str) for name in names):
        raise EarthEngineError("The properties must be names.")

    def source() -> Iterator[Element]:
        seen: set[str] = set()
        for element in collection:
            key = json.dumps(to_json([element.get(name) for name in names]), sort_keys=True)
            if key not in seen:
                seen.add(key)
                yield element

    return collection.derived(source)


@algorithm("Collection.merge")
def merge(one: Collection, other: Collection) -> Collection:
    """The elements of both; their indices begin with 1_ and 2_."""
    return merged(one, other)


@algorithm("Collection.flatten")
def flatten(collection: Collection) -> Collection:
    """The elements of a collection of collections."""

    def source() -> Iterator[Element]:
        for part in collection:
            if not isinstance(part, Collection):
                raise EarthEngineError("The elements must be collections.")
            yield from part

    return collection.derived(source)


@algorithm("Collection.first")
def first(collection: Collection) -> Element | None:
    """The first element, or null."""
    return collection.first()


@algorithm("Collection.size")
def size(collection: Collection) -> int:
    """How many elements there are."""
    return sum(1 for _ in collection)


@algorithm("Collection.toList")
def to_list(collection: Collection, count: int, offset: int) -> list[Element]:
    """At most `count` elements from `offset` on."""
    if count < 0 or offset < 0:
        raise EarthEngineError("The count and the offset must not be negative.")
    return list(islice(collection, offset, offset + count))


@algorithm("Collection.geometry")
def geometry(collection: Collection, margin: float) -> Geometry:
    """The union of all geometries."""
    del margin
    return gathered([e.geometry for e in collection if e.geometry is not None])


@algorithm("Collection.bounds")
def bounds(collection: Collection, margin: float, proj: Any) -> Geometry:
    """The box around all geometries, in degrees."""
    del proj
    return rectangle(geometry(collection, margin).bounds_in("EPSG:4326"))


def _known(collection: Iterable[Element], name: str) -> list[Any]:
    values = (element.get(name) for element in collection)
    return [value for value in values if value is not None]


def _numbers(collection: Iterable[Element], name: str) -> list[float]:
    return [value for value in _known(collection, name) if isinstance(value, (int, float))]


def _statistic(output: str) -> Callable[[Collection, str], Any]:
    reducer = OUTPUTS[output]

    def apply(collection: Collection, name: str) -> Any:
        values = np.array(_numbers(collection, name))
        if not len(values):
            return 0 if output in {"count", "sum"} else None
        return reducer.of_stack(values, np.ones(len(values), np.bool_))[0].item()

    return apply


_STATISTICS: Final = {
    "mean": "mean",
    "sum": "sum",
    "product": "product",
    "min": "min",
    "max": "max",
    "total_sd": "stdDev",
    "total_var": "variance",
}
for _name, _output in _STATISTICS.items():
    add(f"AggregateFeatureCollection.{_name}", _statistic(_output))


@algorithm("AggregateFeatureCollection.array")
def values_of(collection: Collection, name: str) -> list[Any]:
    """A property's values, those that are there."""
    return _known(collection, name)


@algorithm("AggregateFeatureCollection.first")
def first_of(collection: Collection, name: str) -> Any:
    """A property of the first element."""
    element = collection.first()
    return None if element is None else element.get(name)


@algorithm("AggregateFeatureCollection.count")
def count_of(collection: Collection, name: str) -> int:
    """How many elements have the property."""
    return len(_known(collection, name))


@algorithm("AggregateFeatureCollection.count_distinct")
def count_distinct(collection: Collection, name: str) -> int:
    """How many values the property has."""
    return len(_histogram(collection, name))


@algorithm("AggregateFeatureCollection.histogram")
def histogram(collection: Collection, name: str) -> dict[str, int]:
    """How often each value occurs."""
    return _histogram(collection, name)


def _histogram(collection: Collection, name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in _known(collection, name):
        counts[str(value)] = counts.get(str(value), 0) + 1
    return counts

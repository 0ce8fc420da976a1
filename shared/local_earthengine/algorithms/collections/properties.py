"""Properties of whatever bears them: read, set, copied, chosen; and features made of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.geometry import Geometry
from local_earthengine.values.date import Date, to_millis
from local_earthengine.values.element import ID, INDEX, Element, Feature
from local_earthengine.values.image import Image
from local_earthengine.values.regular_expression import selects


@algorithm("Feature")
def feature(geometry: Geometry | None, metadata: dict[str, Any], key: str | None) -> Feature:
    """Return a geometry with properties."""
    del key
    kept = {name: value for name, value in metadata.items() if value is not None}
    return Feature(kept, geometry)


@algorithm("Element.get")
def get(element: Element, name: str) -> Any:
    """Return a property, or null."""
    return element.get(name)


@algorithm("Element.getNumber")
def get_number(element: Element, name: str) -> Any:
    """Return a property that must be a number."""
    return _typed(element.get(name), (int, float), "Number")


@algorithm("Element.getString")
def get_string(element: Element, name: str) -> Any:
    """Return a property that must be text."""
    return _typed(element.get(name), (str,), "String")


def _typed(value: Any, kinds: tuple[type, ...], what: str) -> Any:
    if value is not None and not isinstance(value, kinds):
        raise EarthEngineError(f"The value is not a {what}: {value!r}.")
    return value


@algorithm("Element.set")
def set_one(element: Element, name: str, value: Any) -> Element:
    """Set one property; null removes it."""
    return element.with_properties({name: value})


@algorithm("Element.setMulti")
def set_many(element: Element, properties: dict[str, Any]) -> Element:
    """Set many properties."""
    return element.with_properties(properties)


@algorithm("Element.propertyNames")
def property_names(element: Element) -> list[str]:
    """Return the names of all properties; an image also answers its system ones."""
    names = [name for name in element.properties if name != ID]
    if isinstance(element, Image):
        names += [name for name in ("system:bands", "system:band_names") if name not in names]
    return names


@algorithm("Element.toDictionary")
def to_dictionary(element: Element, names: list[str] | None) -> dict[str, Any]:
    """Return properties by name; without names all but those of the system."""
    if names is not None:
        return {name: element.get(name) for name in names if element.get(name) is not None}
    return {n: value for n, value in element.properties.items() if not n.startswith("system:")}


@algorithm("Element.copyProperties", "Image.copyProperties")
def copy_properties(
    destination: Element | None,
    source: Element | None,
    names: list[str] | None,
    exclude: list[str] | None,
) -> Element | None:
    """Copy the source's properties over the destination's.

    System ones are copied only where they are named.
    """
    if destination is None or source is None:
        return destination
    chosen = {
        name: value
        for name, value in source.properties.items()
        if (_selected(name, names) if names is not None else not name.startswith("system:"))
        and not _selected(name, exclude or [])
    }
    return destination.with_properties(chosen)


def _selected(name: str, patterns: list[str]) -> bool:
    return any(selects(pattern, name) for pattern in patterns)


@algorithm("Feature.id", "Image.id")
def identity(element: Element) -> str | None:
    """Return its index within its collection."""
    found = element.get(INDEX)
    return None if found is None else str(found)


@algorithm("Image.date")
def date(image: Image) -> Date:
    """Return its system:time_start."""
    return Date(to_millis(image.get("system:time_start")))


@algorithm("Feature.select")
def select_properties(
    element: Element, selectors: list[str], names: list[str] | None, retain: bool
) -> Element:
    """Keep properties by name or regular expression, renamed if asked.

    The place is kept if `retain`.
    """
    if names is not None and len(names) != len(selectors):
        raise EarthEngineError("There must be as many new names as selectors.")
    chosen = {
        (name if names is None else names[place]): value
        for place, selector in enumerate(selectors)
        for name, value in element.properties.items()
        if selects(selector, name)
    }
    chosen |= {name: element.get(name) for name in (INDEX, ID) if element.get(name) is not None}
    return Feature(chosen, element.geometry if retain else None)


@algorithm("Element.replaceProperties")
def replace_properties(destination: Element, source: Element | None) -> Element:
    """Return the source's properties instead of the destination's; its index and its id stay."""
    own = {n: destination.get(n) for n in (INDEX, ID) if destination.get(n) is not None}
    given = {} if source is None else {n: v for n, v in source.properties.items() if n not in own}
    return replace(destination, properties={**given, **own})

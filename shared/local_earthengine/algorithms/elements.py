"""Features, and the properties of whatever bears them."""

from __future__ import annotations

import re
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.geometry import WORLD, Geometry, from_lonlat
from local_earthengine.values.date import Date, to_millis
from local_earthengine.values.element import ID, INDEX, Element, Feature
from local_earthengine.values.image import Image


@algorithm("Feature")
def feature(geometry: Geometry | None, metadata: dict[str, Any], key: str | None) -> Feature:
    """A geometry with properties."""
    del key
    kept = {name: value for name, value in metadata.items() if value is not None}
    return Feature(kept, geometry)


@algorithm("Element.get")
def get(element: Element, name: str) -> Any:
    """A property, or null."""
    return element.get(name)


@algorithm("Element.getNumber")
def get_number(element: Element, name: str) -> Any:
    """A property that must be a number."""
    return _typed(element.get(name), (int, float), "Number")


@algorithm("Element.getString")
def get_string(element: Element, name: str) -> Any:
    """A property that must be text."""
    return _typed(element.get(name), (str,), "String")


def _typed(value: Any, kinds: tuple[type, ...], what: str) -> Any:
    if value is not None and not isinstance(value, kinds):
        raise EarthEngineError(f"The value is not a {what}: {value!r}.")
    return value


@algorithm("Element.set")
def set_one(element: Element, name: str, value: Any) -> Element:
    """One property set; null removes it."""
    return element.with_properties({name: value})


@algorithm("Element.setMulti")
def set_many(element: Element, properties: dict[str, Any]) -> Element:
    """Many properties set."""
    return element.with_properties(properties)


@algorithm("Element.propertyNames")
def property_names(element: Element) -> list[str]:
    """The names of all properties; an image also answers its system ones."""
    names = [name for name in element.properties if name != ID]
    if isinstance(element, Image):
        names += [name for name in ("system:bands", "system:band_names") if name not in names]
    return names


@algorithm("Element.toDictionary")
def to_dictionary(element: Element, names: list[str] | None) -> dict[str, Any]:
    """Properties by name; without names all but those of the system."""
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
    """The source's properties over the destination's; system ones only where they are named."""
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
    return any(name == pattern or re.fullmatch(pattern, name) for pattern in patterns)


@algorithm("Feature.id", "Image.id")
def identity(element: Element) -> str | None:
    """Its index within its collection."""
    found = element.get(INDEX)
    return None if found is None else str(found)


@algorithm("Feature.geometry", "Image.geometry", "Element.geometry")
def geometry(element: Element, margin: float | None, proj: Any, geodesics: Any) -> Geometry | None:
    """A feature's geometry, an image's footprint; the whole Earth for an unbounded image."""
    del margin, proj, geodesics
    if element.geometry is None and isinstance(element, Image):
        return from_lonlat(WORLD)
    return element.geometry


@algorithm("Feature.setGeometry")
def set_geometry(element: Element, shape: Geometry | None) -> Feature:
    """The same properties at another place."""
    return Feature(element.properties, shape)


@algorithm("Image.date")
def date(image: Image) -> Date:
    """Its system:time_start."""
    return Date(to_millis(image.get("system:time_start")))

"""Turns a value into the type that an algorithm's argument has, as Earth Engine promotes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.evaluator import Function
from local_earthengine.geo import pixeltype
from local_earthengine.geo.geojson import from_geojson
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.geo.projection import Projection, projection
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.values import date
from local_earthengine.values.array import Array, from_numbers
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import Element, Feature
from local_earthengine.values.filter import Filter
from local_earthengine.values.image import Image, constant
from local_earthengine.values.join import Join
from local_earthengine.values.reducer import Reducer

_Convert = Callable[[Any], Any]


class _NoMatch(Exception):
    """The value can't become the type."""


def _is(kind: type) -> _Convert:
    def convert(value: Any) -> Any:
        """Return the value, if it is one."""
        if isinstance(value, kind):
            return value
        raise _NoMatch

    return convert


def _number(value: Any) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    raise _NoMatch


def _integer(value: Any) -> int:
    number = _number(value)
    if not math.isfinite(number):
        raise _NoMatch
    return int(number)


def _boolean(value: Any) -> bool:
    return bool(_number(value))


def _image(value: Any) -> Image:
    match value:
        case Image():
            return value
        case bool() | int() | float() | Array():
            return constant([value])
        case [*numbers] if numbers and all(isinstance(n, (int, float, Array)) for n in numbers):
            return constant(numbers)
    raise _NoMatch


def _array(value: Any) -> Array:
    match value:
        case Array():
            return value
        case bool() | int() | float() | list():
            return from_numbers(value)
    raise _NoMatch


def _element(value: Any) -> Element:
    return Feature(shape=value) if isinstance(value, Geometry) else _is(Element)(value)


def _collection(value: Any) -> Collection:
    match value:
        case Collection():
            return value
        case Geometry():
            return Collection(elements=[Feature(shape=value)])
        case Image():
            return Collection(elements=[value], of_images=True)
        case Feature():
            return Collection(elements=[value])
        case [*elements] if all(isinstance(item, Element) for item in elements):
            images = bool(elements) and all(isinstance(item, Image) for item in elements)
            return Collection(elements=elements, of_images=images)
    raise _NoMatch


def _geometry(value: Any) -> Geometry:
    match value:
        case Geometry():
            return value
        case Collection():
            parts = [e.geometry for e in value if e.geometry is not None]
            return from_geojson({"type": "GeometryCollection", "geometries": parts})
        case Element() if value.geometry is not None:
            return value.geometry
        case {"type": str()}:
            return from_geojson(value)
    raise _NoMatch


def _projection(value: Any) -> Projection:
    match value:
        case Projection():
            return value
        case str():
            return projection(value)
        case {"type": "Projection", "crs": str() as crs, **rest}:
            return projection(crs, rest.get("transform"))
    raise _NoMatch


def _pixel_type(value: Any) -> PixelType:
    return pixeltype.named(value) if isinstance(value, str) else _is(PixelType)(value)


def _date(value: Any) -> date.Date:
    if isinstance(value, (date.Date, int, float, str, Mapping)) and not isinstance(value, bool):
        return date.Date(date.to_millis(value))
    raise _NoMatch


def _margin(value: Any) -> float:
    """Return metres; no algorithm here is coarser than its margin, so the unit does not matter."""
    match value:
        case {"type": "ErrorMargin", "value": int() | float() as size}:
            return float(size)
    return float(_number(value))


_CONVERSIONS: Final[Mapping[str, _Convert]] = {
    "Object": lambda value: value,
    "<any>": lambda value: value,
    "Number": _number,
    "Float": _number,
    "Integer": _integer,
    "Long": _integer,
    "Boolean": _boolean,
    "String": _is(str),
    "Array": _array,
    "Dictionary": _is(dict),
    "List": _is(list),
    "Image": _image,
    "ImageCollection": _collection,
    "FeatureCollection": _collection,
    "Element": _element,
    "Feature": _element,
    "Geometry": _geometry,
    "Projection": _projection,
    "PixelType": _pixel_type,
    "Date": _date,
    "DateRange": date.to_range,
    "ErrorMargin": _margin,
    "Filter": _is(Filter),
    "Reducer": _is(Reducer),
    "Kernel": _is(Kernel),
    "Join": _is(Join),
    "Algorithm": _is(Function),
}


def coerce(value: Any, kind: str) -> Any:
    """Return `value` as Earth Engine's type `kind`, such as "Image" or "List<String>".

    Raise EarthEngineError, without naming the argument, where no promotion leads there.
    """
    base, _, inner = kind.partition("<") if kind != "<any>" else (kind, "", "")
    convert = _CONVERSIONS.get(base)
    if convert is None:
        raise EarthEngineError(f"Arguments of type {kind} are not supported here.")
    try:
        found = convert(value)
        if base == "List" and inner[:-1] != "Object":
            return [coerce(item, inner[:-1]) for item in found]
    except _NoMatch:
        actual = f"Actual type: {type_name(value)}."
        if isinstance(value, (bool, int, float, str)):
            actual += f"\nActual value: {str(value)[:200]}"
        expected = f"{kind}<unknown bands>" if kind == "Image" else kind
        raise EarthEngineError(f"Invalid type.\nExpected type: {expected}.\n{actual}") from None
    return found


_NAMES: Final[Mapping[type, str]] = {
    bool: "Boolean",
    int: "Integer",
    float: "Float",
    str: "String",
    list: "List",
    dict: "Dictionary",
    type(None): "null",
    Function: "Algorithm",
}


def type_name(value: Any) -> str:
    """Return what Earth Engine calls the type of a value."""
    if isinstance(value, Collection):
        return "ImageCollection" if value.of_images else "FeatureCollection"
    if isinstance(value, Filter):
        return "Filter"
    return _NAMES.get(type(value), type(value).__name__)

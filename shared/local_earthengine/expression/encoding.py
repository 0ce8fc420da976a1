"""Values as the JSON that `getInfo` shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import ID, INDEX, Element, Feature
from local_earthengine.values.image import Band, Image


def to_json(value: Any) -> Any:  # noqa: PLR0911 - one return a kind
    """Return a value of an expression as JSON.

    Raise EarthEngineError for one that has no such form.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return _number(value)
        case list() | tuple():
            return [to_json(item) for item in value]
        case Mapping():
            return {str(name): to_json(item) for name, item in value.items()}
        case Image():
            return _image(value)
        case Collection():
            return _collection(value)
        case Feature():
            return _feature(value)
    encode = getattr(value, "to_json", None)
    if encode is None:
        raise EarthEngineError(f"Objects of type <{type(value).__name__}> cannot be encoded.")
    return to_json(encode())


def _number(value: float) -> float | int | str:
    if not math.isfinite(value):
        return str(value).replace("nan", "NaN").replace("inf", "Infinity")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _properties(element: Element) -> dict[str, Any]:
    return {name: to_json(v) for name, v in element.properties.items() if name != ID}


def _identified(kind: str, element: Element) -> dict[str, Any]:
    info: dict[str, Any] = {"type": kind}
    if element.get(ID) is not None:
        info["id"] = element.get(ID)
    return info


def _image(image: Image) -> dict[str, Any]:
    info = _identified("Image", image)
    info["bands"] = [_band(band, image.extent or band.grid) for band in image.bands]
    properties = _properties(image)
    if image.footprint is not None:
        properties["system:footprint"] = image.footprint.to_json()
    return info | ({"properties": properties} if properties else {})


def _band(band: Band, grid: PixelGrid | None) -> dict[str, Any]:
    """Return what a band is and where its pixels lie, as those of computePixels do.

    `origin` is the first pixel's place in the band's projection, left out where it is (0, 0).
    """
    info: dict[str, Any] = {"id": band.name, "data_type": band.type.to_json()}
    crs, transform = band.projection.crs, band.projection.transform
    if grid is not None:
        info["dimensions"] = [grid.width, grid.height]
        place = PixelGrid(crs, transform, 0, 0).offset(grid)
        if place is None:
            crs, transform = grid.crs, grid.transform
        elif place != (0, 0):
            info["origin"] = list(place)
    return info | {"crs": crs, "crs_transform": list(transform)}


def _feature(feature: Feature) -> dict[str, Any]:
    info = _identified("Feature", feature)
    info["geometry"] = None if feature.shape is None else feature.shape.to_json()
    if feature.get(INDEX) is not None:
        info["id"] = feature.get(INDEX)
    properties = {name: item for name, item in _properties(feature).items() if name != INDEX}
    return info | {"properties": properties}


def _collection(collection: Collection) -> dict[str, Any]:
    elements = list(collection)
    if elements:
        images = all(isinstance(element, Image) for element in elements)
    else:
        images = collection.of_images
    info = _identified("ImageCollection" if images else "FeatureCollection", collection)
    info |= {"bands": []} if images else {"columns": {}}
    properties = _properties(collection)
    info |= {"properties": properties} if properties else {}
    return info | {"features": [to_json(element) for element in elements]}

"""Image collections: loaded, made of images, cast, combined, and laid out as bands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from local_earthengine.algorithms.images.arithmetic import cast
from local_earthengine.algorithms.images.bands import add_bands, free_name
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import algorithm
from local_earthengine.values import loaded
from local_earthengine.values.collection import Collection, Hints
from local_earthengine.values.date import Date
from local_earthengine.values.element import INDEX, Element
from local_earthengine.values.image import Band, Image


@algorithm("ImageCollection.combine")
def combine(primary: Collection, secondary: Collection, overwrite: bool) -> Collection:
    """Return the images with the bands of those of the same index added; others are left out."""

    def source() -> Iterator[Element]:
        """Yield the images that have a partner, with its bands."""
        others = {image.get(INDEX): image for image in secondary.images}
        for image in primary.images:
            other = others.get(image.get(INDEX))
            if other is not None:
                yield add_bands(image, other, None, overwrite)

    return primary.derived(source)


@algorithm("ImageCollection.cast")
def cast_all(collection: Collection, types: dict[str, Any], order: list[str]) -> Collection:
    """Return every image's bands as these types, in this order."""

    def change(image: Element) -> Element:
        """Return an image's bands cast; raise EarthEngineError for what is no image."""
        if not isinstance(image, Image):
            raise EarthEngineError("The elements must be images.")
        return cast(image, types, order)

    return replace(collection.mapped(change), of_images=True)


_LAST_YEAR: Final = datetime(9999, 1, 1, tzinfo=UTC)


@algorithm("ImageCollection.load")
def load(context: Context, asset_id: str, version: int | None) -> Collection:
    """Return a collection of the catalogue, read when its elements are asked for."""
    del version

    def scenes(hints: Hints) -> Iterable[Element]:
        """Return the scenes that hints allow."""
        return context.scenes(asset_id, hints.bounds, _moment(hints.start), _moment(hints.end))

    return loaded.of_asset(asset_id, scenes)


def _moment(millis: int | None) -> datetime | None:
    """Return a time as a catalogue takes it; one beyond the calendar is no hint."""
    if millis is None or not 0 <= millis < _LAST_YEAR.timestamp() * 1000:
        return None
    return Date(millis).at()


@algorithm("ImageCollection.fromImages")
def from_images(images: list[Image]) -> Collection:
    """Return the images in order; one without an index gets its place as one."""
    elements = [
        image if image.get(INDEX) is not None else image.with_properties({INDEX: str(place)})
        for place, image in enumerate(images)
    ]
    return Collection(elements=elements, of_images=True)


@algorithm("ImageCollection.toBands")
def to_bands(collection: Collection) -> Image:
    """Return all bands of all images, named INDEX_NAME."""
    bands: dict[str, Band] = {}
    for image in collection.images:
        for band in image.bands:
            name = free_name(f"{image.get(INDEX)}_{band.name}", bands)
            bands[name] = replace(band, name=name)
    return Image(bands=tuple(bands.values()))

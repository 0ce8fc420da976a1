"""Image collections: loading, mosaics, and statistics of the stack of all images.

Bands are matched by name; an image that lacks a band is masked there. The result has the bands
in the order in which they first appear, no properties, and covers the whole Earth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from local_earthengine.algorithms.image_bands import free_name
from local_earthengine.algorithms.reducers import OUTPUTS
from local_earthengine.algorithms.stack_nodes import check_inputs, node_of
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.stack import Mosaic
from local_earthengine.values import collection as collections
from local_earthengine.values.collection import Collection, Hints
from local_earthengine.values.date import Date
from local_earthengine.values.element import INDEX, Element
from local_earthengine.values.image import Band, Image
from local_earthengine.values.reducer import Output, Reducer

_LAST_YEAR: Final = datetime(9999, 1, 1, tzinfo=UTC)


@algorithm("ImageCollection.load")
def load(context: Context, asset_id: str, version: int | None) -> Collection:
    """A collection of the catalogue, read when its elements are asked for."""
    del version

    def scenes(hints: Hints) -> Iterable[Element]:
        return context.scenes(asset_id, hints.bounds, _moment(hints.start), _moment(hints.end))

    return collections.of_asset(asset_id, scenes)


def _moment(millis: int | None) -> datetime | None:
    """As a catalogue takes it; a time beyond the calendar is no hint."""
    if millis is None or not 0 <= millis < _LAST_YEAR.timestamp() * 1000:
        return None
    return Date(millis).at()


@algorithm("ImageCollection.fromImages")
def from_images(images: list[Image]) -> Collection:
    """In order; an image without an index gets its place as one."""
    elements = [
        image if image.get(INDEX) is not None else image.with_properties({INDEX: str(place)})
        for place, image in enumerate(images)
    ]
    return Collection(elements=elements, of_images=True)


def stacked(collection: Collection) -> dict[str, list[Band]]:
    """The bands of all images by name."""
    bands: dict[str, list[Band]] = {}
    for image in collection.images:
        for band in image.bands:
            bands.setdefault(band.name, []).append(band)
    return bands


@algorithm("ImageCollection.mosaic")
def mosaic(collection: Collection) -> Image:
    """The last image on top."""
    found = stacked(collection)
    return Image(
        bands=tuple(
            Band(name, Mosaic([band.node for band in bands])) for name, bands in found.items()
        )
    )


def _statistic(bands: list[Band], output: Output) -> Node:
    return node_of(output, [[band.node] for band in bands])


@algorithm("ImageCollection.reduce")
def reduce(collection: Collection, reducer: Reducer, parallel_scale: float) -> Image:
    """Bands `NAME_output`; an empty collection gives an image without bands.

    A reducer of several inputs takes the collection's bands as these, in their order, and its
    outputs alone name the result; an image that lacks one of the bands is left out.
    """
    del parallel_scale
    if reducer.inputs > 1:
        return _reduced_tuples(collection, reducer)
    return Image(
        bands=tuple(
            Band(f"{name}_{output.name}", _statistic(bands, output))
            for name, bands in stacked(collection).items()
            for output in reducer.outputs
        )
    )


def _reduced_tuples(collection: Collection, reducer: Reducer) -> Image:
    names = list(stacked(collection))
    if not names:
        return Image()
    check_inputs(reducer, len(names), "collection")
    bands = [{band.name: band.node for band in image.bands} for image in collection.images]
    rows = [[of[name] for name in names] for of in bands if len(of) == len(names)]
    if not rows:
        raise EarthEngineError(f"No image has all of the bands {names}.")
    return Image(bands=tuple(Band(out.name, node_of(out, rows)) for out in reducer.outputs))


def _shortcut(output: Output) -> Callable[[Collection], Image]:
    """The statistic under the bands' own names."""

    def apply(collection: Collection) -> Image:
        found = stacked(collection).items()
        bands = (Band(name, _statistic(bands, output)) for name, bands in found)
        return Image(bands=tuple(bands))

    return apply


for _name in ("min", "max", "count", "sum", "product", "mean", "median", "mode"):
    add(f"reduce.{_name}", _shortcut(OUTPUTS[_name]))
add("reduce.and", _shortcut(OUTPUTS["all"]))
add("reduce.or", _shortcut(OUTPUTS["any"]))


@algorithm("Image.reduce")
def reduce_bands(image: Image, reducer: Reducer) -> Image:
    """All bands of an image to one for each output; properties stay."""
    if not image.bands:
        raise EarthEngineError("The image has no bands.")
    if reducer.inputs != 1:
        raise EarthEngineError(f"The reducer must have a single input, not {reducer.inputs}.")
    first, bands = image.bands[0], list(image.bands)
    return image.with_bands(
        [
            replace(first, name=output.name, node=_statistic(bands, output))
            for output in reducer.outputs
        ]
    )


@algorithm("ImageCollection.toBands")
def to_bands(collection: Collection) -> Image:
    """All bands of all images, named INDEX_NAME."""
    bands: dict[str, Band] = {}
    for image in collection.images:
        for band in image.bands:
            name = free_name(f"{image.get(INDEX)}_{band.name}", bands)
            bands[name] = replace(band, name=name)
    return Image(bands=tuple(bands.values()))


@algorithm("ImageCollection.merge")
def merge_images(one: Collection, other: Collection) -> Collection:
    """The images of both; their indices begin with 1_ and 2_."""
    return merged(one, other)


def merged(one: Collection, other: Collection) -> Collection:
    """The elements of both; their indices begin with 1_ and 2_."""

    def source() -> Iterable[Element]:
        for number, part in enumerate((one, other), start=1):
            for element in part:
                yield element.with_properties({INDEX: f"{number}_{_index(element)}"})

    return one.derived(source)


def _index(element: Element) -> Any:
    return element.get(INDEX) if element.get(INDEX) is not None else "0"

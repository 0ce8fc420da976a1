"""Image collections as lists: order, filters, composites."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce as fold
from typing import Any, Final

from tests.randomgraphs.interpreter.images import Band, Image, converted
from tests.randomgraphs.interpreter.numbers import UNSURE, Kind, Pixel, Unsure
from tests.randomgraphs.interpreter.statistics import STATISTICS, reduced

INDEX: Final = "system:index"
Test = Callable[[Image], bool]


@dataclass(frozen=True, eq=False)
class Collection:
    """Images in order."""

    images: tuple[Image, ...]


def indexed(images: Sequence[Image]) -> Collection:
    """A list as a collection; an image without an index gets its place as one."""
    return Collection(tuple(
        image if INDEX in image.properties else _marked(image, str(place))
        for place, image in enumerate(images)
    ))  # fmt: skip


def _marked(image: Image, index: str) -> Image:
    return replace(image, properties={**image.properties, INDEX: index})


def mapped(collection: Collection, function: Callable[[Image], Image]) -> Collection:
    """Each image's result under the image's index."""
    return Collection(tuple(
        _marked(function(image), image.properties[INDEX]) for image in collection.images
    ))  # fmt: skip


def limited(collection: Collection, count: int | None, key: str | None, up: bool) -> Collection:
    """The first few, perhaps by a property first."""
    images = list(collection.images)
    if key is not None:
        images.sort(key=lambda image: image.properties[key], reverse=not up)
    return Collection(tuple(images[:count]))


def merged(one: Collection, other: Collection) -> Collection:
    """Both; indices begin with 1_ and 2_."""
    return Collection(tuple(
        _marked(image, f"{number}_{image.properties[INDEX]}")
        for number, part in ((1, one), (2, other)) for image in part.images
    ))  # fmt: skip


def _stacks(collection: Collection) -> dict[str, list[Band]]:
    """The bands by name, in the order in which they first come."""
    bands: dict[str, list[Band]] = {}
    for image in collection.images:
        for name, band in image.bands.items():
            bands.setdefault(name, []).append(band)
    return bands


def _united(bands: Sequence[Band]) -> tuple[Kind, list[Band]]:
    kind = fold(lambda one, other: one.union(other), (band.kind for band in bands))
    return kind, [converted(band, kind) for band in bands]


def statistic(bands: Sequence[Band], name: str) -> Band:
    """One statistic of a stack."""
    kind, same = _united(bands)
    out = STATISTICS[name][1](kind)
    ones = [1.0] * len(same)
    return Band(out, lambda *place: reduced(name, [b.at(*place) for b in same], ones, out))


def composite(collection: Collection, names: Sequence[str], suffix: bool) -> Image:
    """The statistics of each band's stack, as NAME_output or under the bands' own names."""
    return Image({
        f"{band}_{name}" if suffix else band: statistic(stack, name)
        for band, stack in _stacks(collection).items() for name in names
    })  # fmt: skip


def mosaic(collection: Collection) -> Image:
    """The last valid image of each band."""

    def top(bands: Sequence[Band]) -> Band:
        kind, same = _united(bands)

        def at(*place: Any) -> Pixel:
            for band in reversed(same):
                pixel = band.at(*place)
                if pixel is not None:
                    return UNSURE if isinstance(pixel, Unsure) else pixel
            return None

        return Band(kind, at)

    return Image({name: top(bands) for name, bands in _stacks(collection).items()})


def to_bands(collection: Collection) -> Image:
    """All bands of all images, as INDEX_NAME."""
    return Image({
        f"{image.properties[INDEX]}_{name}": band
        for image in collection.images for name, band in image.bands.items()
    })  # fmt: skip


def added(image: Image, other: Image, names: list[str] | None, overwrite: bool) -> Image:
    """The other's bands behind the image's; a taken name gets a number, or is replaced."""
    bands = dict(image.bands)
    for name, band in other.bands.items():
        if names is not None and name not in names:
            continue
        number, label = 0, name
        while not overwrite and label in bands:
            number += 1
            label = f"{name}_{number}"
        bands[label] = band
    return replace(image, bands=bands)


def over_bands(image: Image, names: Sequence[str]) -> Image:
    """The statistics of an image's bands; its properties stay."""
    return replace(
        image, bands={name: statistic(list(image.bands.values()), name) for name in names}
    )

"""Pixels as features, lists and arrays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from local_earthengine.algorithms.images.regions import Work, bounded, working
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.coverage import Region, region
from local_earthengine.geo.geometry import Geometry, build
from local_earthengine.geo.lattice import Lattice, View
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.projection import Projection, transformer
from local_earthengine.pixels.executor import Executor
from local_earthengine.pixels.noise import uniform
from local_earthengine.pixels.sweep import nulls, sweep
from local_earthengine.values.array import Array, array_of
from local_earthengine.values.collection import Collection, Lazy
from local_earthengine.values.element import INDEX, Element, Feature
from local_earthengine.values.image import Image

_MAX_VALUES: Final = 1_048_576
_MAX_PIXELS: Final = 262_144
Row = tuple[tuple[int, int], list[Any]]


def _rows(executor: Executor, area: Region) -> Iterator[Row]:
    """Yield place and values of each pixel whose centre lies in the region, null where masked."""
    for piece in sweep(executor, area):
        columns = [nulls(column) for column in piece.columns]
        for i in np.flatnonzero(piece.centred):
            row, col = piece.where[i].tolist()
            yield (row, col), [column[i] for column in columns]


def _centre(lattice: Lattice, place: tuple[int, int]) -> tuple[float, float]:
    """Return longitude and latitude of a pixel's centre."""
    row, col = place
    x, y = PixelGrid(lattice.crs, lattice.transform, 0, 0).at(col + 0.5, row + 0.5)
    lon, lat = transformer(lattice.crs, "EPSG:4326").transform(x, y)
    return float(lon), float(lat)


def _executor(image: Image) -> Executor:
    return Executor([band.node for band in image.bands])


def _features(
    image: Image, executor: Executor, area: Region, drop: bool, geometries: bool
) -> Iterator[tuple[tuple[int, int], Feature]]:
    """Yield a feature a pixel, with its place on the lattice."""
    for place, values in _rows(executor, area):
        if drop and any(value is None for value in values):
            continue
        named = dict(zip(image.band_names, map(_value, values), strict=True))
        known = {name: value for name, value in named.items() if value is not None}
        shape = build("Point", list(_centre(area.lattice, place))) if geometries else None
        yield place, Feature(known, shape)


def _value(value: Any) -> Any:
    return value if not isinstance(value, np.ndarray) else value.tolist()


@algorithm("Image.sample")
def sample(  # noqa: PLR0917 - Earth Engine's arguments
    image: Image,
    geometry: Geometry | None,
    scale: float | None,
    proj: Projection | None,
    factor: float | None,
    count: int | None,
    seed: int,
    drop: bool,
    tile_scale: float,
    geometries: bool,
) -> Collection:
    """Return a feature for each pixel, or for a share of them that the seed chooses, by its place.

    Unsettled: which pixels a seed chooses.
    """
    del tile_scale
    if factor is not None and count is not None:
        raise EarthEngineError("Only one of 'factor' and 'numPixels' may be given.")
    if (factor is not None and not 0 < factor <= 1) or (count is not None and count < 0):
        raise EarthEngineError("'factor' must lie in (0, 1], 'numPixels' must not be negative.")
    area = Work(working(image, proj, None, scale)).on(bounded(image, geometry))
    share = min(1.0, count / area.size) if count is not None else factor

    def source() -> Iterator[Element]:
        """Yield the pixels that are kept, numbered."""
        found = _features(image, _executor(image), area, drop, geometries)
        kept = (f for place, f in found if share is None or _drawn(place, seed) < share)
        for index, feature in enumerate(kept):
            yield feature.with_properties({INDEX: str(index)})

    return Collection(elements=Lazy(source))


def _drawn(place: tuple[int, int], seed: int) -> float:
    return float(uniform(np.array([place[1]]), np.array([place[0]]), seed)[0])


@algorithm("Image.sampleRegions")
def sample_regions(  # noqa: PLR0917 - Earth Engine's arguments
    image: Image,
    collection: Collection,
    properties: list[str] | None,
    scale: float | None,
    proj: Projection | None,
    tile_scale: float,
    geometries: bool,
) -> Collection:
    """Return a feature for each pixel whose centre lies in a region, masked pixels left out."""
    del tile_scale
    work = Work(working(image, proj, None, scale))
    executor = _executor(image)

    def source() -> Iterator[Element]:
        """Yield each region's pixels with its properties."""
        for owner in collection:
            if owner.geometry is None:
                continue
            names = owner.properties if properties is None else properties
            own = {name: owner.get(name) for name in names if owner.get(name) is not None}
            found = _features(image, executor, work.on(owner.geometry), True, geometries)
            for number, (_, feature) in enumerate(found):
                index = {INDEX: f"{owner.get(INDEX) or 0}_{number}"}
                yield feature.with_properties({**own, **feature.properties, **index})

    return Collection(elements=Lazy(source))


@algorithm("Image.sampleRectangle")
def sample_rectangle(
    image: Image,
    geometry: Geometry | None,
    properties: list[str] | None,
    default: float | None,
    default_array: Array | None,
) -> Feature:
    """Return a matrix a band, of the pixels in the region's bounds, in its own projection."""
    del default_array
    shape = bounded(image, geometry)
    found: dict[str, Any] = {
        name: image.get(name) for name in (image.properties if properties is None else properties)
    }
    for band in image.bands:
        area = region(shape, Lattice(band.projection.crs, band.projection.transform))
        if area.window.width * area.window.height > _MAX_PIXELS:
            number = area.window.width * area.window.height
            raise EarthEngineError(
                f"Too many pixels in sample; must be <= {_MAX_PIXELS}. Got {number}."
            )
        (pixels,) = Executor([band.node]).run(View(area.lattice, area.window))
        if default is None and not pixels.valid.all():
            raise EarthEngineError(
                "Sampled data contains masked pixels; 'defaultValue' must be given to fill them."
            )
        values = np.where(pixels.valid, pixels.values, default or 0)
        found[band.name] = array_of(values, band.node.kind)
    return Feature({n: v for n, v in found.items() if v is not None}, shape)


@algorithm("ImageCollection.getRegion")
def get_region(
    collection: Collection,
    geometry: Geometry,
    scale: float | None,
    crs: Projection,
    transform: list[float] | None,
) -> list[Any]:
    """Return a header, then rows of pixels and images: id, place, time and bands."""
    images = collection.images
    if not images:
        raise EarthEngineError("The collection is empty.")
    names = images[0].band_names
    for image in images:
        if image.band_names != names:
            raise EarthEngineError("All images must have the same bands.")
    target = working(images[0], crs, transform, scale)
    area = region(geometry, Lattice(target.crs, target.transform))
    number = area.size * len(images) * len(names)
    if number > _MAX_VALUES:
        raise EarthEngineError(f"Too many values: {number} values out of {_MAX_VALUES} allowed.")
    executor = Executor([band.node for image in images for band in image.bands])
    found: list[Any] = [["id", "longitude", "latitude", "time", *names]]
    for place, values in _rows(executor, area):
        for i, image in enumerate(images):
            own = values[i * len(names) : (i + 1) * len(names)]
            time = image.get("system:time_start")
            found.append([image.get(INDEX), *_centre(area.lattice, place), time, *own])
    return found

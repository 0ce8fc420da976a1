"""Composites: mosaics, and statistics of the stack of all images."""

from __future__ import annotations

from collections.abc import Callable

from local_earthengine.algorithms.images.bands import find
from local_earthengine.algorithms.reducers.nodes import check_inputs, node_of, stacked_node
from local_earthengine.algorithms.reducers.statistics import OUTPUTS
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.pixels.quality_mosaic import Best
from local_earthengine.pixels.stack import Mosaic
from local_earthengine.values.collection import Collection
from local_earthengine.values.image import Band, Image
from local_earthengine.values.reducer import Output, Reducer


def stacked(collection: Collection) -> dict[str, list[Band]]:
    """Return the bands of all images by name."""
    bands: dict[str, list[Band]] = {}
    for image in collection.images:
        for band in image.bands:
            bands.setdefault(band.name, []).append(band)
    return bands


@algorithm("ImageCollection.mosaic")
def mosaic(collection: Collection) -> Image:
    """Lay the images on one another, the last on top."""
    found = stacked(collection)
    return Image(
        bands=tuple(
            Band(name, Mosaic([band.node for band in bands])) for name, bands in found.items()
        )
    )


@algorithm("ImageCollection.reduce")
def reduce(collection: Collection, reducer: Reducer, parallel_scale: float) -> Image:
    """Return bands `NAME_output`; an empty collection gives an image without bands.

    A reducer of several inputs takes the collection's bands as these, in their order, and its
    outputs alone name the result; an image that lacks one of the bands is left out.
    """
    del parallel_scale
    if reducer.inputs > 1:
        return _reduced_tuples(collection, reducer)
    return Image(
        bands=tuple(
            Band(f"{name}_{output.name}", stacked_node(bands, output))
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
    """Return the algorithm that gives the statistic under the bands' own names."""

    def apply(collection: Collection) -> Image:
        """Return the images' statistic, band by band."""
        found = stacked(collection).items()
        bands = (Band(name, stacked_node(bands, output)) for name, bands in found)
        return Image(bands=tuple(bands))

    return apply


for _name in ("min", "max", "count", "sum", "product", "mean", "median", "mode"):
    add(f"reduce.{_name}", _shortcut(OUTPUTS[_name]))
add("reduce.and", _shortcut(OUTPUTS["all"]))
add("reduce.or", _shortcut(OUTPUTS["any"]))


@algorithm("ImageCollection.qualityMosaic")
def quality_mosaic(collection: Collection, quality: str) -> Image:
    """Take, at each pixel, all bands of the image whose quality band is greatest there.

    Unsettled: of equals the first; where the chosen image's band is masked, so is the result.
    """
    images = collection.images
    for image in images:
        if quality not in image.band_names:
            raise EarthEngineError(
                f"Band '{quality}' not found. Available bands: {image.band_names}"
            )
    bands = []
    for name, found in stacked(collection).items():
        mine = [image for image in images if name in image.band_names]
        if len(mine) != len(images):
            raise EarthEngineError(f"Not every image has the band '{name}'.")
        ranks = [find(image, quality)[0].node for image in images]
        bands.append(Band(name, Best([band.node for band in found], ranks)))
    return Image(bands=tuple(bands))

"""Images reduced over regions: a dictionary of one, or properties of many.

A weighted reducer takes each pixel of which at least 0.5 % lies in the region, by the share that
does; an unweighted one takes the pixels whose centres do. Masks are all or nothing here. A point
means the pixel it lies in.

Unsettled: mean, sum, variance, stdDev, median, mode, percentiles, histograms, linearFit and the
circular statistics are weighted, all others not; reducers that are combined keep each its own
rule. A single output bears the band's name alone, a single percentile too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local_earthengine.algorithms.reducers.combinations import for_each
from local_earthengine.algorithms.reducers.nodes import check_inputs
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.coverage import Region, region
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.lattice import Lattice
from local_earthengine.geo.projection import WGS84, Projection, projection
from local_earthengine.pixels.executor import Executor
from local_earthengine.pixels.sweep import sweep
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import Element
from local_earthengine.values.image import Image
from local_earthengine.values.reducer import Reducer
from local_earthengine.values.reduction import Accumulator

_ADVICE = (
    "Ensure that you are not aggregating at a higher resolution than you intended; that is the "
    "most frequent cause of this error. If not, then you may set the 'maxPixels' argument to a "
    "limit suitable for your computation; set 'bestEffort' to true to aggregate at whatever "
    "scale results in 'maxPixels' total pixels; or both."
)


@dataclass(frozen=True)
class Work:
    """The projection to work in, and how many pixels of it there may be."""

    target: Projection
    most: int | None = None
    coarser: bool = False

    def on(self, geometry: Geometry) -> Region:
        """Return the geometry in pixels, with `coarser` in twice as large ones until few enough."""
        target = self.target
        while True:
            found = region(geometry, Lattice(target.crs, target.transform))
            if self.most is None or found.size <= self.most:
                return found
            if not self.coarser or self.most < 1:
                raise EarthEngineError(
                    f"Too many pixels in the region. Found {found.size}, but maxPixels allows "
                    f"only {self.most}.\n{_ADVICE}"
                )
            a, b, c, d, e, f = target.transform
            target = Projection(target.crs, (2 * a, 2 * b, c, 2 * d, 2 * e, f))


def working(
    image: Image, crs: Projection | None, transform: list[float] | None, scale: float | None
) -> Projection:
    """Return the projection of the first band, or the one that is given, at the scale that is."""
    target = crs or (image.bands[0].projection if image.bands else WGS84)
    if transform is not None and scale is not None:
        raise EarthEngineError("Only one of 'crsTransform' and 'scale' may be given.")
    if scale is not None and scale <= 0:
        raise EarthEngineError("The scale must be above 0.")
    if transform is not None:
        return projection(target.crs, transform)
    return target if scale is None else target.at_scale(scale)


def bounded(image: Image, geometry: Geometry | None) -> Geometry:
    """Return the geometry, or the image's footprint; raise EarthEngineError if that has no end."""
    area = geometry or image.footprint
    if area is None or (geometry is None and area.unbounded):
        raise EarthEngineError(
            "Provide 'geometry' parameter when aggregating over an unbounded image."
        )
    return area


def _repeated(reducer: Reducer, image: Image) -> Reducer:
    """Return one copy for each band, unless the reducer takes all bands at once."""
    check_inputs(reducer, len(image.bands), "image")
    return for_each(reducer, image.band_names) if reducer.inputs == 1 else reducer


def _reduced(executor: Executor, reducer: Reducer, area: Region) -> dict[str, Any]:
    accumulator = Accumulator(reducer)
    for piece in sweep(executor, area):
        accumulator.add(piece.columns, piece.weights, piece.centred)
    return accumulator.results()


@algorithm("Image.reduceRegion")
def reduce_region(  # noqa: PLR0917 - Earth Engine's arguments
    image: Image,
    reducer: Reducer,
    geometry: Geometry | None,
    scale: float | None,
    crs: Projection | None,
    transform: list[float] | None,
    best_effort: bool,
    most: int,
    tile_scale: float,
) -> dict[str, Any]:
    """Return values by band, `BAND_output` if there are several; of one over all bands by output.

    Unsettled: the pixels are counted by the region's area, not by its bounding box; `bestEffort`
    doubles the pixels until few enough are left.
    """
    del tile_scale
    if not image.bands:
        return {}
    work = Work(working(image, crs, transform, scale), most, best_effort)
    area = work.on(bounded(image, geometry))
    return _reduced(Executor([b.node for b in image.bands]), _repeated(reducer, image), area)


@algorithm("Image.reduceRegions")
def reduce_regions(  # noqa: PLR0917 - Earth Engine's arguments
    image: Image,
    collection: Collection,
    reducer: Reducer,
    scale: float | None,
    crs: Projection | None,
    transform: list[float] | None,
    tile_scale: float,
    most: int | None,
) -> Collection:
    """Return the features with the values as properties; of a single band under the outputs' names.

    A feature without a place, or a value that is null, gives no property.
    """
    del tile_scale
    work = Work(working(image, crs, transform, scale), most)
    whole = reducer if len(image.bands) == reducer.inputs == 1 else _repeated(reducer, image)
    executor = Executor([band.node for band in image.bands])

    def source() -> Iterator[Element]:
        """Yield each feature with its reductions."""
        for feature in collection:
            if feature.geometry is None or not image.bands:
                yield feature
            else:
                found = _reduced(executor, whole, work.on(feature.geometry))
                yield feature.with_properties(found)

    return collection.derived(source)

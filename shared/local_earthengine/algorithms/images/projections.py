"""Where an image's pixels lie: projections, reprojection, clips and the grid of an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.cover import covers
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.lattice import Lattice
from local_earthengine.geo.projection import Projection, projection
from local_earthengine.pixels.pointwise import Inside, UpdateMask
from local_earthengine.pixels.warp import Reproject
from local_earthengine.values import export_grid as exportgrid
from local_earthengine.values.image import Band, Image


@algorithm("Image.projection")
def projection_of(image: Image) -> Projection:
    """Return that of all bands; raise EarthEngineError if they differ."""
    return image.projection


def _target(crs: Projection, transform: list[float] | None, scale: float | None) -> Projection:
    if transform is not None and scale is not None:
        raise EarthEngineError("Only one of 'crsTransform' and 'scale' may be given.")
    if transform is not None:
        return projection(crs.crs, transform)
    return crs if scale is None else crs.at_scale(scale)


def _projected(image: Image, target: Projection, node: Callable[[Band], Any]) -> Image:
    grid = exportgrid.framed(target, image.footprint)
    bands = [Band(band.name, node(band), target, grid) for band in image.bands]
    return replace(image.with_bands(bands), extent=None)


@algorithm("Image.setDefaultProjection")
def set_default_projection(
    image: Image, crs: Projection, transform: list[float] | None, scale: float | None
) -> Image:
    """Set only what the image answers when asked for its projection; no pixel is resampled."""
    return _projected(image, _target(crs, transform, scale), lambda band: band.node)


@algorithm("Image.reproject")
def reproject(
    image: Image, crs: Projection, transform: list[float] | None, scale: float | None
) -> Image:
    """Compute the image in this projection, whatever projection is asked of the result."""
    target = _target(crs, transform, scale)
    lattice = Lattice(target.crs, target.transform)
    return _projected(image, target, lambda band: Reproject(band.node, lattice))


@algorithm("Image.clip")
def clip(image: Image, geometry: Any) -> Image:
    """Mask outside a geometry or a feature's, which becomes the footprint; properties stay."""
    shape: Geometry = coerce(geometry, "Geometry")
    inside = Inside(covers(shape))
    bands = [
        replace(
            band,
            node=UpdateMask(band.node, inside),
            grid=exportgrid.framed(band.projection, shape) or band.grid,
        )
        for band in image.bands
    ]
    return replace(image.with_bands(bands), footprint=shape)


@algorithm("Image.clipToCollection")
def clip_to_collection(image: Image, collection: Any) -> Image:
    """Mask outside all features of a collection."""
    return clip(image, coerce(collection, "Geometry"))


@algorithm("Image.clipToBoundsAndScale")
def clip_to_bounds_and_scale(  # noqa: PLR0917 - Earth Engine's arguments
    image: Image,
    geometry: Geometry | None,
    width: int | None,
    height: int | None,
    largest: int | None,
    scale: float | None,
) -> Image:
    """Return the image on the exact grid of a geometry's bounding box: what an export writes."""
    size = exportgrid.Size(width, height, largest, scale)
    return replace(image, extent=exportgrid.bounded(image, geometry, size))

"""The grid of an export: the lattice of the image's projection over a bounding box."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.projection import WGS84, Projection
from local_earthengine.values.image import Image

# A border this near to a pixel's, in pixels, is meant to be it: bounds carry rounding.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Size:
    """How large a grid is to be: by its pixels, by its longer side, or by the scale in metres."""

    width: int | None = None
    height: int | None = None
    largest: int | None = None
    scale: float | None = None

    def check(self) -> None:
        """Raise EarthEngineError unless at most one of the three is given, whole and above 0."""
        if (self.width is None) != (self.height is None):
            raise EarthEngineError("'width' and 'height' must be given together.")
        given = [value for value in (self.width, self.largest, self.scale) if value is not None]
        if len(given) > 1:
            raise EarthEngineError("Only one of dimensions, maxDimension and scale may be given.")
        if any(value <= 0 for value in (*given, self.height or 1)):
            raise EarthEngineError("Dimensions and scale must be above 0.")


def export_grid(image: Image) -> PixelGrid:
    """Return the bounded grid that an export of the image writes.

    Raise EarthEngineError when unbounded.
    """
    if image.extent is not None:
        return image.extent
    return bounded(image, None, Size())


def bounded(image: Image, geometry: Geometry | None, size: Size) -> PixelGrid:
    """Return the grid over a geometry's bounds, or over the image's own where there is none."""
    size.check()
    target = image.bands[0].projection if image.bands else WGS84
    area = geometry or image.footprint
    if area is None or area.unbounded:
        raise EarthEngineError("Unable to export unbounded image.")
    bounds = area.bounds_in(target.crs)
    if size.width is not None and size.height is not None:
        return _stretched(target.crs, bounds, size.width, size.height)
    if size.largest is not None:
        return _fitted(target.crs, bounds, size.largest)
    return _snapped(target if size.scale is None else _scaled(target, size.scale), bounds)


def framed(target: Projection, area: Geometry | None) -> PixelGrid | None:
    """Return the pixels of a projection under an area: what is written of an image that lies there.

    None if the area is empty, has no end, or cannot be projected.
    """
    bounds = None if area is None else _ends(area, target.crs)
    return None if bounds is None else _snapped(target, bounds)


@lru_cache(maxsize=256)
def _ends(area: Geometry, crs: str) -> tuple[float, float, float, float] | None:
    """Return a geometry's bounds; cached, as many scenes are clipped by one geometry."""
    try:
        return None if area.unbounded else area.bounds_in(crs)
    except EarthEngineError:
        return None


def _scaled(target: Projection, scale: float) -> Projection:
    """Return pixels of `scale` metres from the projection's origin on, rows southwards."""
    x_scale, x_shear, x0, y_shear, y_scale, y0 = target.at_scale(scale).transform
    if not x_shear and not y_shear:
        y_scale = -abs(y_scale)
    return Projection(target.crs, (x_scale, x_shear, x0, y_shear, y_scale, y0))


def _snapped(target: Projection, bounds: tuple[float, float, float, float]) -> PixelGrid:
    """Return all pixels of the lattice that the box touches."""
    lattice = PixelGrid(target.crs, target.transform, 0, 0)
    west, south, east, north = bounds
    corners = [lattice.index(x, y) for x in (west, east) for y in (south, north)]
    cols, rows = zip(*corners, strict=True)
    col, row = math.floor(min(cols) + _ROUNDING), math.floor(min(rows) + _ROUNDING)
    right, bottom = math.ceil(max(cols) - _ROUNDING), math.ceil(max(rows) - _ROUNDING)
    return lattice.window(col, row, max(1, right - col), max(1, bottom - row))


def _stretched(
    crs: str, bounds: tuple[float, float, float, float], width: int, height: int
) -> PixelGrid:
    """Return exactly so many pixels over the box."""
    west, south, east, north = bounds
    sides = (east - west) / width, (north - south) / height
    if min(sides) <= 0:
        raise EarthEngineError("The region has no area.")
    return PixelGrid(crs, (sides[0], 0.0, west, 0.0, -sides[1], north), width, height)


def _fitted(crs: str, bounds: tuple[float, float, float, float], largest: int) -> PixelGrid:
    """Return square pixels, so many along the longer side of the box."""
    west, south, east, north = bounds
    side = max(east - west, north - south) / largest
    if side <= 0:
        raise EarthEngineError("The region has no area.")
    width = max(1, math.ceil((east - west) / side - _ROUNDING))
    height = max(1, math.ceil((north - south) / side - _ROUNDING))
    return PixelGrid(crs, (side, 0.0, west, 0.0, -side, north), width, height)

"""Outlines of rasters, and an item's geometry compared with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, box

from local_earthengine.geo.longitudes import TURN, wrapped
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.projection import WGS84, coordinate_system, transformer
from local_earthengine.geo.rings import on_sphere
from local_earthengine.scenes.stac.asset import Asset
from local_earthengine.scenes.stac.fields import Fields, StacError

_EDGE: Final = 32  # points along a side of a raster that make its outline
_COARSE: Final = 8
_SAME: Final = 0.5
_TO_DO: Final = "write what is around its pixels, or null: then its own outline is taken"


def outline_of_raster(grid: PixelGrid, edge: int = _EDGE) -> Polygon | MultiPolygon:
    """Return the outline of a raster in degrees, of `edge` points a side."""
    if coordinate_system(grid.crs).is_geographic:
        west, south, east, north = grid.bounds
        return wrapped(box(west, max(south, -90.0), min(east, west + TURN), min(north, 90.0)))
    share = np.linspace(0.0, 1.0, edge, endpoint=False)
    cols = np.concatenate([share, np.ones(edge), 1 - share, np.zeros(edge)]) * grid.width
    rows = np.concatenate([np.zeros(edge), share, np.ones(edge), 1 - share]) * grid.height
    x_scale, x_shear, x0, y_shear, y_scale, y0 = grid.transform
    xs, ys = x_scale * cols + x_shear * rows + x0, y_shear * cols + y_scale * rows + y0
    lon, lat = transformer(grid.crs, WGS84.crs).transform(xs, ys)
    return on_sphere(Polygon(np.column_stack([lon, lat])))


def check_outline(
    item: Fields, outline: Polygon | MultiPolygon | None, assets: Iterable[Asset]
) -> None:
    """Raise StacError for an item that is said to lie where its rasters do not.

    Geometries are simplified, leave out what has no data, or are a scene's of which the raster is
    cut out. So only half of the smaller one of both must lie in the other.
    """
    if outline is None:
        return
    field = "geometry" if item.says("geometry") else "bbox"
    grids = {asset.grid: asset.header.name for asset in assets}
    faults = [
        fault
        for grid, name in grids.items()
        if (share := _shared(outline, outline_of_raster(grid, _COARSE))) < _SAME
        for fault in item.fault(field, f"{name} {_words(share)}: {_TO_DO}").faults
    ]
    if faults:
        raise StacError(*faults)


def _words(share: float) -> str:
    if share == 0:
        return "lies elsewhere"
    return f"lies elsewhere, only {share:.1%} of the smaller of the two is in the other"


def _shared(one: Polygon | MultiPolygon, other: Polygon | MultiPolygon) -> float:
    """Return how much of the smaller shape lies in the other, 0 to 1, in square degrees."""
    smaller = min(one.area, other.area)
    if not (smaller > 0 and np.isfinite(shapely.get_coordinates(other)).all()):
        return 1.0
    if not one.is_valid:
        return 1.0 if one.envelope.intersects(other) else 0.0
    return float(one.intersection(other).area / smaller)

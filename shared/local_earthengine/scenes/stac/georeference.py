"""Where a raster lies: its file says so, and what its item says is compared with that.

The file is right: assets are replaced and their items are not. Yet a difference is a fault that
names both, for somebody found the scene by the item. What a file doesn't say its item may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from pyproj.exceptions import ProjError

from local_earthengine.geo.pixelgrid import PixelGrid, Transform
from local_earthengine.geo.projection import coordinate_system, transformer
from local_earthengine.scenes.stac.coordinate_texts import (
    is_code,
    read_code,
    read_epsg,
    read_projjson,
    read_wkt,
)
from local_earthengine.scenes.stac.fields import Fields, StacError, gather
from local_earthengine.scenes.stac.raster import Header

_SYSTEMS: Final = ("proj:code", "proj:epsg", "proj:wkt2", "proj:projjson")
# Corners may lie so much of a pixel apart: items round their numbers.
_NEAR: Final = 0.1
_BBOX_NEAR: Final = 1.0
_TO_DO: Final = "write what each file says with its asset, or leave the field out"


def place(asset: Fields, properties: Fields, header: Header) -> PixelGrid:
    """Return a file's grid; what an asset doesn't say, its item's properties say of all assets.

    Raise StacError with every field that is malformed or differs from the file, and for a file
    that lies nowhere.
    """
    whose = {name: asset if asset.says(name) else properties for name in _READERS}
    readers = {name: partial(_read, whose[name], name) for name in _READERS}
    said = gather(**readers)
    grid = _grid(asset, header, said)
    words = {
        name: differ(said[name], grid)
        for name, differ in _DIFFERENCES.items()
        if said[name] is not None
    }
    faults = [
        fault
        for name, difference in words.items()
        if difference
        for fault in whose[name].fault(name, f"{header.name} {difference}: {_TO_DO}").faults
    ]
    if faults:
        raise StacError(*faults)
    return grid


def _read(fields: Fields, name: str) -> Any:
    return _READERS[name](fields, name) if fields.says(name) else None


def _shape(fields: Fields, name: str) -> tuple[int, int]:
    height, width = fields.numbers(name, 2)
    if min(height, width) < 1 or not (height.is_integer() and width.is_integer()):
        raise fields.fault(name, "must hold two whole numbers above zero")
    return int(height), int(width)


def _transform(fields: Fields, name: str) -> Transform:
    a, b, c, d, e, f, *last = fields.numbers(name, 6, 9)
    if last and last != [0.0, 0.0, 1.0]:
        raise fields.fault(name, f"must end with 0, 0, 1 where it has nine numbers, not {last}")
    return a, b, c, d, e, f


def _bbox(fields: Fields, name: str) -> tuple[float, float, float, float]:
    numbers = fields.numbers(name, 4, 6)
    half = len(numbers) // 2
    (x0, y0), (x1, y1) = numbers[:2], numbers[half : half + 2]
    return x0, y0, x1, y1


_READERS: Final[Mapping[str, Callable[[Fields, str], Any]]] = {
    "proj:code": read_code,
    "proj:epsg": read_epsg,
    "proj:wkt2": read_wkt,
    "proj:projjson": read_projjson,
    "proj:shape": _shape,
    "proj:transform": _transform,
    "proj:bbox": _bbox,
}


def _grid(asset: Fields, header: Header, said: Mapping[str, Any]) -> PixelGrid:
    """Return the file's grid, with the item's coordinate system or transform where it has none."""
    if header.transform is None and header.unrectified:
        to_do = "rectify it, as `gdalwarp -t_srs EPSG:32633` does, and write its item anew"
        raise asset.fault("href", f"{header.name} has {header.unrectified} alone: {to_do}")
    crs = header.crs or next((said[name] for name in _SYSTEMS if said[name] is not None), None)
    if crs is None:
        missing = "no coordinate system, and its STAC item no proj:code"
        raise asset.fault("href", f"{header.name} has {missing}: write it into the file")
    transform = header.transform or said["proj:transform"]
    if transform is None:
        missing = "no transform to coordinates, and its STAC item no proj:transform"
        raise asset.fault("href", f"{header.name} has {missing}: write it into the file")
    if transform[0] * transform[4] == transform[1] * transform[3]:
        raise asset.fault("href", f"{header.name} has pixels without area: {list(transform)}")
    return PixelGrid(crs, transform, header.width, header.height)


def _other_crs(said: str, grid: PixelGrid) -> str:
    """Return what differs in words; nothing where both place the raster's corners alike."""
    if said == grid.crs or _equivalent(said, grid):
        return ""
    own, other = (crs if is_code(crs) else coordinate_system(crs).name for crs in (grid.crs, said))
    return f"is in {own}, not in {other}"


def _equivalent(said: str, grid: PixelGrid) -> bool:
    one, other = coordinate_system(said), coordinate_system(grid.crs)
    if one.equals(other, ignore_axis_order=True):
        return True
    # A text without a code may say the same in other words: then points stay where they are.
    if is_code(said) and is_code(grid.crs):
        return False
    corners = _corners(grid)
    xs, ys = zip(*(grid.at(*corner) for corner in corners), strict=True)
    try:
        moved = zip(*transformer(grid.crs, said).transform(xs, ys), strict=True)
    except ProjError:  # a height alone, say
        return False
    return _apart(moved, grid) < _NEAR


def _other_shape(shape: tuple[int, int], grid: PixelGrid) -> str:
    if shape == grid.shape:
        return ""
    turned = " (height before width)" if shape == grid.shape[::-1] else ""
    return f"has {grid.height} x {grid.width} pixels, not {shape[0]} x {shape[1]}{turned}"


def _other_transform(transform: Transform, grid: PixelGrid) -> str:
    apart = _apart_by(transform, grid)
    if apart < _NEAR:
        return ""
    x0, a, b, y0, d, e = transform
    own = ", ".join(f"{number:.15g}" for number in grid.transform)
    if _apart_by((a, b, x0, d, e, y0), grid) < _NEAR:
        return f"has this transform in the order [{own}]; this is GDAL's"
    return f"has the transform [{own}], up to {apart:,.4g} pixels from this one"


def _other_bbox(said: tuple[float, float, float, float], grid: PixelGrid) -> str:
    """Compare an item's bounds, which are of all its assets: coarse ones reach a pixel farther."""
    own = grid.bounds
    apart = max(abs(a - b) for a, b in zip(said, own, strict=True)) / grid.nominal_scale
    if apart < _BBOX_NEAR:
        return ""
    numbers = ", ".join(f"{number:.15g}" for number in own)
    return f"has the bounds [{numbers}], up to {apart:,.4g} pixels from these"


def _apart_by(transform: Transform, grid: PixelGrid) -> float:
    """Return how many pixels of the grid its farthest corner lies elsewhere by a transform."""
    other = PixelGrid(grid.crs, transform, grid.width, grid.height)
    return _apart((other.at(*corner) for corner in _corners(grid)), grid)


def _apart(points: Any, grid: PixelGrid) -> float:
    """Return the largest distance, in pixels, of points from the grid's corners."""
    pairs = zip(points, _corners(grid), strict=True)
    return max(
        max(abs(found - wanted) for found, wanted in zip(grid.index(*point), corner, strict=True))
        for point, corner in pairs
    )


def _corners(grid: PixelGrid) -> list[tuple[int, int]]:
    return [(col, row) for col in (0, grid.width) for row in (0, grid.height)]


_DIFFERENCES: Final[Mapping[str, Callable[[Any, PixelGrid], str]]] = {
    "proj:code": _other_crs,
    "proj:epsg": _other_crs,
    "proj:wkt2": _other_crs,
    "proj:projjson": _other_crs,
    "proj:shape": _other_shape,
    "proj:transform": _other_transform,
    "proj:bbox": _other_bbox,
}

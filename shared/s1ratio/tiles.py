"""Which pixel grids an area is cut into, one export each; pure."""

import math

import shapely
from shapely.geometry import box

from s1ratio import grid
from s1ratio.errors import InvalidRequest
from s1ratio.far_parts import grids_of_parts
from s1ratio.faults import Fault
from s1ratio.grid import PixelGrid
from s1ratio.request import CompositeRequest

# Tiles of the bounding box that are looked at, to find those with some of the area in them.
MAX_TILES = 20_000


def make_tiles(
    request: CompositeRequest, max_pixels: int, max_tiles: int
) -> list[tuple[str, PixelGrid]]:
    """Return (name, grid) of the tiles with some of the area in them; a lone one has no name.

    A tile has at most `max_pixels`. Far parts of an area have tiles of their own, unless these are
    more than `max_tiles`. Raises InvalidRequest for a box of more tiles than are looked at.
    """
    spec = request.grid
    whole = grid.grids(request.aoi, spec.crs, spec.scale)
    if request.clip:
        apart = grids_of_parts(request.aoi, spec.crs, spec.scale)
        count = sum(math.prod(each.tiling(max_pixels)) for each in apart)
        if len(apart) > len(whole) and count <= max_tiles:
            whole = apart
    return _named(request, whole, max_pixels)


def _named(
    request: CompositeRequest, whole: list[PixelGrid], max_pixels: int
) -> list[tuple[str, PixelGrid]]:
    _check_spread(whole, max_pixels)
    tiles = [tile for rectangle in whole for tile in rectangle.tiled(max_pixels)]
    if len(tiles) == 1:
        return [("", tiles[0])]
    area = shapely.union_all([grid.projected(s, tiles[0].crs) for s in request.aoi.sides])
    shapely.prepare(area)
    return [
        (f"-t{number:04d}", tile)
        for number, tile in enumerate(tiles)
        if not request.clip or shapely.intersects(area, box(*tile.bounds))
    ]


def _check_spread(whole: list[PixelGrid], max_pixels: int) -> None:
    """Refuse an area whose bounding box is so large that its tiles can't even be listed."""
    count = sum(math.prod(rectangle.tiling(max_pixels)) for rectangle in whole)
    if count > MAX_TILES:
        words = f"its bounding box has {count} tiles, at most {MAX_TILES} are looked at"
        raise InvalidRequest([Fault("aoi", "too_many_tiles", f"{words}: send it in parts")])

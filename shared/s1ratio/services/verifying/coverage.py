"""Where files lie on a task's pixel grid, and whether together they cover what is needed of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isclose, isfinite

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import box

from s1ratio import grid as grids
from s1ratio.aoi import Aoi
from s1ratio.faults import Fault
from s1ratio.grid import PixelGrid
from s1ratio.ports import RasterFile

_SAME_SIZE = 1e-9  # of a pixel size: over 100,000 pixels this adds up to 1e-4 px
_SAME_PLACE = 1e-3  # px
_NOTHING = 1e-6  # px²: less is the rounding of a projection


@dataclass(frozen=True)
class Placed:
    """A file's rectangle in pixels of a grid: columns from its left, rows down from its top."""

    left: int
    top: int
    right: int
    bottom: int


def place(grid: PixelGrid, file: RasterFile) -> Placed | Fault:
    """Return where a file lies on a grid's lattice, or why it doesn't lie on it."""
    if not _same_crs(grid.crs, file.crs):
        return Fault(file.name, "crs", f"its crs is {file.crs[:60] or 'unknown'}, not {grid.crs}")
    x_scale, x_shear, x, y_shear, y_scale, y = file.transform
    same = isclose(x_scale, grid.size, rel_tol=_SAME_SIZE) and isclose(
        y_scale, -grid.size, rel_tol=_SAME_SIZE
    )
    if not same or x_shear or y_shear:
        words = f"its pixels are {x_scale} × {y_scale}, not {grid.size} × {-grid.size} north up"
        return Fault(file.name, "resolution", words)
    left, top = x / grid.size - grid.left, grid.top - y / grid.size
    if not (isfinite(left) and isfinite(top)):
        return Fault(file.name, "lattice", f"its origin is ({x}, {y})")
    off = max(abs(left - round(left)), abs(top - round(top)))
    if off > _SAME_PLACE:
        return Fault(file.name, "lattice", f"its pixels are off the lattice by {off:.3f} px")
    height, width = file.shape
    return Placed(round(left), round(top), round(left) + width, round(top) + height)


def needed(grid: PixelGrid, aoi: Aoi, clip: bool) -> shapely.Geometry:
    """Return the part of a grid that must have pixels, in its pixels: all of it, or the AOI's."""
    whole = box(0, 0, grid.width, grid.height)
    return shapely.intersection(project_area(grid, aoi), whole) if clip else whole


def area_in_crs(crs: str, aoi: Aoi) -> shapely.Geometry:
    """Return an area in a coordinate system, in its units."""
    return shapely.union_all([grids.projected(side, crs) for side in aoi.sides])


def project_area(grid: PixelGrid, aoi: Aoi) -> shapely.Geometry:
    """Return an area in pixels of a grid, also what of it lies outside."""
    return shapely.transform(
        area_in_crs(grid.crs, aoi),
        lambda x, y: (x / grid.size - grid.left, grid.top - y / grid.size),
        interleaved=False,
    )


def coverage(
    grid: PixelGrid, files: Sequence[Placed], need: shapely.Geometry
) -> tuple[list[Fault], list[str]]:
    """Return why files don't cover what is needed of a grid, and notes on what harms nobody.

    One pixel more or less along a side of the grid is such a note; two more are a fault, and so is
    a gap between files.
    """
    union = shapely.union_all([box(f.left, f.top, f.right, f.bottom) for f in files])
    gap = shapely.difference(_without_margin(grid), union)
    missing = shapely.intersection(gap, need).area
    faults, notes = _side_words(grid, union)
    faults += _shard_faults(files, union)
    if missing > _NOTHING:
        words = f"{missing:.0f} px of the {need.area:.0f} px of the area lie in no file"
        faults.append(Fault("", "coverage", words))
    elif gap.area > _NOTHING:
        notes.append(f"{gap.area:.0f} px outside the area lie in no file")
    return faults, notes


def _without_margin(grid: PixelGrid) -> shapely.Geometry:
    """Return the grid without its outermost pixels, as far as it has others."""
    x, y = int(grid.width > 2), int(grid.height > 2)
    return box(x, y, grid.width - x, grid.height - y)


def _side_words(grid: PixelGrid, union: shapely.Geometry) -> tuple[list[Fault], list[str]]:
    left, top, right, bottom = (round(edge) for edge in union.bounds)
    sides = {"W": -left, "N": -top, "E": right - grid.width, "S": bottom - grid.height}
    words = {
        f"{abs(more)} px {'more' if more > 0 else 'less'} than planned on side {side}": more
        for side, more in sides.items()
        if more
    }
    faults = [Fault("", "size", said) for said, more in words.items() if more > 1]
    return faults, [said for said, more in words.items() if more <= 1]


def _shard_faults(files: Sequence[Placed], union: shapely.Geometry) -> list[Fault]:
    """One export cuts its grid once, by rows and columns: other cuts are another export's."""
    total = sum((f.right - f.left) * (f.bottom - f.top) for f in files)
    twice = total - union.area
    if twice > _NOTHING:
        words = f"{twice:.0f} px lie in more than one file: they are of more than one export"
        return [Fault("", "shards", words)]
    if _is_cut_unevenly([(f.left, f.right) for f in files]) or _is_cut_unevenly(
        [(f.top, f.bottom) for f in files]
    ):
        words = "the files are no rows and columns of one cut: they are of more than one export"
        return [Fault("", "shards", words)]
    return []


def _is_cut_unevenly(spans: list[tuple[int, int]]) -> bool:
    """Tell whether spans along one side overlap without being the same."""
    ordered = sorted(set(spans))
    return any(first[1] > second[0] for first, second in pairwise(ordered))


def _same_crs(planned: str, found: str) -> bool:
    if planned == found:
        return True
    try:
        crs = CRS.from_user_input(found)
    except CRSError:
        return False
    return crs.equals(CRS.from_user_input(planned), ignore_axis_order=True)

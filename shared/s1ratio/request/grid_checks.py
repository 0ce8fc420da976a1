"""What a grid, and what is measured on it, may be: the crs, the filter's disk, the exported box.

Each check takes valid fields and gives its faults, whose paths are below the field.
"""

import shapely
from pyproj.exceptions import CRSError, ProjError

from s1ratio import grid as grids
from s1ratio.aoi import Aoi
from s1ratio.crs import crs_of, is_geographic, projected, resolve_crs
from s1ratio.faults import Fault
from s1ratio.request.checks import Limits
from s1ratio.request.fields import FocalMedian, GridSpec, SpeckleFilter

# Ours: such a disk has 31,000 pixels, each of which is ranked for each pixel of each scene.
MAX_RADIUS_PX = 100
_JUMP = 1e6  # metres: so far apart, two points a step from each other lie on two sides of a seam
_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0
_UTM_REACH = 20.0  # degrees from the central meridian, where UTM is 6 % too large at the equator


def crs_faults(aoi: Aoi | None, crs: str) -> list[Fault]:
    """Return why a crs can't be used, or not for an area; paths are below `grid`."""
    problem = None if crs == "utm" else _crs_problem(crs)
    if problem is None and aoi is not None:
        problem = _area_problem(aoi, crs)
    return [] if problem is None else [Fault(".crs", "crs", problem)]


def scale_faults(grid: GridSpec, limits: Limits) -> list[Fault]:
    """Return why pixels of a size are not made unless asked for by name; paths below `grid`."""
    if grid.oversample or grid.scale >= limits.min_scale_m:
        return []
    more = (limits.min_scale_m / grid.scale) ** 2
    words = (
        f"{grid.scale:.12g} m is finer than the scenes' {limits.min_scale_m:g} m, which makes "
        f"{more:,.3g} times as many pixels and shows no more: choose {limits.min_scale_m:g} or "
        "above, or set `grid.oversample` to true"
    )
    return [Fault(".scale", "oversample", words)]


def speckle_faults(speckle: SpeckleFilter, grid: GridSpec | None) -> list[Fault]:
    """Return why a filter does not suit the pixels of a grid; paths are below `speckle`."""
    if not isinstance(speckle, FocalMedian) or grid is None:
        return []
    pixels, size = speckle.radius_m / grid.scale, f"pixels of {grid.scale:g} m"
    if pixels < 1:
        advice = 'a larger radius, a smaller scale, or {"filter": "none"}'
        words = f"{speckle.radius_m:g} m filters nothing on {size}: choose {advice}"
    elif pixels > MAX_RADIUS_PX:
        most = f"at most {MAX_RADIUS_PX} are allowed"
        words = f"{speckle.radius_m:g} m is {pixels:.0f} {size}, {most}: choose a smaller radius"
    else:
        return []
    return [Fault(".radius_m", "radius", words)]


def box_faults(aoi: Aoi | None, grid: GridSpec | None, clip: bool, limits: Limits) -> list[Fault]:
    """Return why the box that is exported without clipping is too large; paths below `clip`."""
    if clip or aoi is None or grid is None:
        return []
    area = sum(each.area_km2 for each in grids.grids(aoi, grid.crs, grid.scale))
    # Up to a pixel a side is the lattice's doing, and no publisher's.
    if area <= 1.01 * limits.max_area_km2:
        return []
    words = f"{area:,.0f} km², at most {limits.max_area_km2:,.0f} km² are allowed"
    whole = f"without clipping the area's whole bounding box is exported, {words}"
    return [Fault("", "box_area", f"{whole}: set `clip` to true, or send the area in parts")]


def _area_problem(aoi: Aoi, crs: str) -> str | None:
    problem = _utm_problem(aoi) if crs == "utm" else None
    if problem is None and not _can_cover(aoi, resolve_crs(aoi, crs)):
        problem = f"the area can't be projected to {crs}: choose another crs"
    return problem


def _utm_problem(aoi: Aoi) -> str | None:
    west, south, east, north = aoi.unwrapped.bounds
    if south < _UTM_SOUTH or north > _UTM_NORTH:
        return "UTM ends at 80°S and 84°N: name a polar crs such as EPSG:3413 or EPSG:3031"
    middle = 6 * int(resolve_crs(aoi, "utm")[-2:]) - 183
    middle += 360 * round((aoi.unwrapped.centroid.x - middle) / 360)
    reach = max(middle - west, east - middle)
    if reach > _UTM_REACH:
        advice = "send it in parts, or name a crs that suits it"
        return f"the area reaches {reach:.0f}° from the middle of its UTM zone: {advice}"
    return None


def _crs_problem(code: str) -> str | None:
    try:
        crs = crs_of(code)
    except CRSError:
        return f"{code} is unknown"
    if crs.is_geographic and crs.to_epsg() != 4326:
        return f"{code} is geographic: use EPSG:4326 or a projected crs in metres"
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
        return f"{code} is neither geographic nor projected, with two axes"
    if crs.is_projected and any(axis.unit_conversion_factor != 1 for axis in crs.axis_info):
        return f"{code} is not in metres: choose a crs in metres"
    directions = [axis.direction for axis in crs.axis_info]
    if not _is_north_up(directions):
        axes = " and ".join(directions)
        return f"the axes of {code} point {axes}: choose a crs whose axes point east and north"
    return None


def _is_north_up(directions: list[str]) -> bool:
    """Tell whether a grid's columns go right and its rows down.

    Around a pole both axes point south, or both north, each along a meridian of its own.
    """
    return sorted(directions) in (["east", "north"], ["north", "north"], ["south", "south"])


def _can_cover(aoi: Aoi, crs: str) -> bool:
    """Tell whether the area has one outline in the crs: all of it finite, and in one piece."""
    if is_geographic(crs):
        return True
    try:
        shape = projected(aoi.unwrapped, crs)
    except ProjError:  # no way to it from lon/lat is known
        return False
    rings = shapely.get_rings(shapely.get_parts(shape))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    steps = abs(points[1:] - points[:-1])[ring[1:] == ring[:-1]]
    return bool((steps < _JUMP).all())  # infinite or not a number: not less

"""Longitudes go round: shapes in -180..180 degrees, cut at 180, and whole again.

A shape on the Earth has two pictures in degrees. The *wrapped* one lies within -180..180, cut
along 180 degrees, and a pole in it is its upper or lower edge: shapes are compared in it. The
*joined* one is in one piece, with longitudes beyond 180 where it lies on both sides: it is shown,
and has bounds and a centre. Nothing else in this package adds or takes away 360 degrees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

TURN: Final = 360.0
HALF: Final = 180.0
POLE: Final = 90.0
# What is nearer to 180 degrees or to a pole lies on it: a tenth of a millimetre.
ON: Final = 1e-9


def wrap(lons: Any) -> Any:
    """Return longitudes within -180..180; those that are stay what they are, 180 too."""
    values = np.asarray(lons, np.float64)
    with np.errstate(invalid="ignore"):
        turned = (values + HALF) % TURN - HALF
    return np.where((values >= -HALF) & (values <= HALF), values, turned)


def near(lons: Any, middle: float) -> Any:
    """Return longitudes less than half a turn from the one in the middle, by whole turns."""
    values = np.asarray(lons, np.float64)
    with np.errstate(invalid="ignore"):
        turns = np.round((middle - values) / TURN)
    return values + TURN * turns if np.nan_to_num(turns).any() else values


def wrapped(shape: BaseGeometry) -> BaseGeometry:
    """Return a planar shape of any longitudes within -180..180, cut where it crosses 180."""
    west, _, east, _ = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    if not (west < -HALF or east > HALF) or not math.isfinite(east - west):
        return shape
    pieces = [piece for part in single_parts(shape) for piece in _pieces(part)]
    return pieces[0] if len(pieces) == 1 else shapely.union_all(pieces)


def _pieces(part: BaseGeometry) -> list[BaseGeometry]:
    """Cut one point, line or polygon; what only touches the cut is no piece of a polygon."""
    west, south, east, north = part.bounds
    first = math.floor((west + HALF) / TURN)
    last = max(first, math.ceil((east - HALF) / TURN))
    pieces = []
    for turn in range(first, last + 1):
        window = shapely.box(turn * TURN - HALF, south - 1, turn * TURN + HALF, north + 1)
        inside = part if first == last else shapely.intersection(part, window)
        pieces += [
            translate(piece, -turn * TURN)
            for piece in single_parts(inside)
            if shapely.get_dimensions(piece) == shapely.get_dimensions(part)
        ]
    return pieces


def joined(*shapes: BaseGeometry) -> list[BaseGeometry]:
    """Return wrapped shapes with the seam where none of them is: in the widest gap of all.

    They stay as they are where 180 degrees is such a place, or where there is none.
    """
    seam = _seam([part for shape in shapes for part in single_parts(shape)])
    return list(shapes) if seam is None else [_opened(shape, seam) for shape in shapes]


def _seam(parts: Sequence[BaseGeometry]) -> float | None:
    """Return a longitude in a gap that is wider than the one around 180; None without any."""
    if not parts:
        return None
    lows, _, highs, _ = np.asarray(shapely.bounds(list(parts))).T
    order = np.argsort(lows)
    lows, reach = lows[order], np.maximum.accumulate(highs[order])
    gaps = lows[1:] - reach[:-1]
    around = lows[0] + TURN - reach[-1]
    if not len(gaps) or not gaps.max() > max(around, 0.0) + ON:
        return None
    widest = int(np.argmax(gaps))
    return float(reach[widest] + lows[widest + 1]) / 2


def _opened(shape: BaseGeometry, seam: float) -> BaseGeometry:
    parts = single_parts(shape)
    moved = [translate(part, TURN) if part.bounds[2] < seam else part for part in parts]
    if len(moved) < 2:
        return moved[0] if moved else shape
    found = shapely.union_all(moved)
    return shapely.line_merge(found) if shapely.get_dimensions(found) == 1 else found


def move_between(bounds: Sequence[float], others: Sequence[float]) -> float:
    """Return how many degrees east other bounds lie that are of the same part of the Earth.

    Both are (west, south, east, north). That is a number of whole turns, or any where both are once
    round the Earth; 0 if they are of different parts.
    """
    west, east = others[0] - bounds[0], others[2] - bounds[2]
    if not (math.isfinite(west) and abs(west - east) < ON):
        return 0.0
    if abs(bounds[2] - bounds[0] - TURN) < ON:
        return west
    turns = TURN * round(west / TURN)
    return turns if abs(west - turns) < ON else 0.0


def all_round(shape: BaseGeometry) -> bool:
    """Tell whether a wrapped shape leaves no meridian out."""
    if shape.is_empty or shape.bounds[2] - shape.bounds[0] < TURN - ON:
        return False
    lows, _, highs, _ = np.asarray(shapely.bounds(single_parts(shape))).T
    order = np.argsort(lows)
    reach = np.maximum.accumulate(highs[order])
    return bool((lows[order][1:] <= reach[:-1] + ON).all())


def on_the_cut(shape: BaseGeometry) -> bool:
    """Tell whether a wrapped shape touches 180 degrees or a pole: it goes on beyond."""
    if shape.is_empty:
        return False
    west, south, east, north = shape.bounds
    edges = (west + HALF, HALF - east, south + POLE, POLE - north)
    return bool(min(edges) <= ON)


def single_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the points, lines and polygons that it is made of, none of them empty."""
    if hasattr(shape, "geoms"):
        return [part for item in shape.geoms for part in single_parts(item)]
    return [] if shape.is_empty else [shape]

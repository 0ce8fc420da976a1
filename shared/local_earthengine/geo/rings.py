"""Rings and lines of points on the sphere, and of files: what they bound, in -180..180 degrees."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from local_earthengine.geo.longitudes import HALF, ON, POLE, TURN, single_parts, wrapped

_NEAR_POLE: Final = 85.0

Ring = NDArray[np.float64]


def on_sphere(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape of points on the sphere as a wrapped one.

    Each edge goes the short way, so it must be shorter than half a turn; a ring that goes round
    a pole holds it, the one that leaves the smaller area. At a pole itself longitudes mean nothing.
    """
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return shape
    parts = [_spherical(part) for part in single_parts(shape)]
    if len(parts) == 1:
        return parts[0]
    return shapely.union_all(parts) if parts else shape


def _spherical(part: BaseGeometry) -> BaseGeometry:
    if part.geom_type == "Polygon":
        area = _disk(shapely.get_coordinates(part.exterior))
        holes = [_disk(shapely.get_coordinates(ring)) for ring in part.interiors]
        return shapely.difference(area, shapely.union_all(holes)) if holes else area
    points = shapely.get_coordinates(part)
    if len(points) < 2:
        return wrapped(part)
    return wrapped(shapely.LineString(_continuous(points)))


def from_rings(shape: BaseGeometry) -> BaseGeometry:
    """Return the wrapped shape of polygons as files have them, in whichever notation.

    Edges are straight in degrees, longitudes may lie beyond 180. A ring that jumps by more than
    half a turn goes the short way; one that goes all the way round between -180 and 180, along
    a pole or not, is what it says.
    """
    parts = single_parts(shape)
    if not any(part.geom_type == "Polygon" and _jumps(part) for part in parts):
        return wrapped(shape)
    return shapely.union_all([on_sphere(p) if _jumps(p) else wrapped(p) for p in parts])


def _jumps(part: BaseGeometry) -> bool:
    """Tell whether rings jump, and not as those do that go all the way round."""
    for ring in shapely.get_rings(part):
        lons = shapely.get_coordinates(ring)[:, 0]
        jumps = np.flatnonzero(np.abs(np.diff(lons)) > HALF)
        ends = np.abs(np.concatenate([lons[jumps], lons[jumps + 1]]))
        if len(jumps) and not (part.is_valid and (np.abs(ends - HALF) < ON).all()):
            return True
    return False


def _disk(ring: Ring) -> BaseGeometry:
    """Return what a closed ring on the sphere bounds, wrapped."""
    line = _continuous(ring)
    turned = line[-1, 0] - line[0, 0]
    if abs(turned) > HALF:
        pole = math.copysign(POLE, _northness(line))
        line = _from_the_cut(line)
        line = np.vstack([line, [line[-1, 0], pole], [line[0, 0], pole], line[:1]])
    shape: BaseGeometry = shapely.Polygon(line)
    if np.abs(line[:, 1]).max() > _NEAR_POLE and not shape.is_valid:
        # An edge along a pole may run back over itself.
        shape = areas_of(shape)
    return wrapped(shape)


def _from_the_cut(line: Ring) -> Ring:
    """Return a line once round the Earth that begins where it crosses 180 degrees."""
    line = line if line[-1, 0] > line[0, 0] else line[::-1]
    cut = math.ceil((line[0, 0] - HALF) / TURN) * TURN + HALF
    after = int(np.argmax(line[:, 0] >= cut))
    if after == 0:
        return line
    (west, low), (east, high) = line[after - 1], line[after]
    start = np.array([[cut, low + (high - low) * (cut - west) / (east - west)]])
    turn = np.array([[TURN, 0.0]])
    return np.vstack([start, line[after:], line[1:after] + turn, start + turn])


def _northness(line: Ring) -> float:
    """Return what is above zero where the smaller side of a ring round a pole is the northern."""
    middle = np.radians((line[1:, 1] + line[:-1, 1]) / 2)
    return float(np.sum(np.sin(middle) * np.diff(line[:, 0])) * np.sign(line[-1, 0] - line[0, 0]))


def leaves_inside_left(ring: Ring) -> bool:
    """Tell whether what `on_sphere` takes a ring to bound lies to the left of it."""
    line = _continuous(ring)
    turned = line[-1, 0] - line[0, 0]
    if abs(turned) > HALF:
        return bool((turned > 0) == (_northness(line) > 0))
    return bool(shapely.LinearRing(line).is_ccw)


def _continuous(points: Ring) -> Ring:
    """Return points with longitudes that never jump; at a pole the line turns on the spot."""
    if np.abs(points[:, 1]).max() >= POLE - ON:
        points = _around_poles(points)
    return np.column_stack([np.unwrap(points[:, 0], period=TURN), points[:, 1]])


def _around_poles(points: Ring) -> Ring:
    """Put two points in the place of each pole: where the line comes from, and where it goes."""
    polar = np.abs(points[:, 1]) >= POLE - ON
    if polar.all():
        return points
    closed = bool((points[0] == points[-1]).all())
    if closed and polar[0]:  # begin elsewhere
        start = int(np.argmin(polar))
        points = np.vstack([points[start:-1], points[: start + 1]])
        polar = np.abs(points[:, 1]) >= POLE - ON
    usual = np.flatnonzero(~polar)
    found: list[tuple[float, float]] = []
    for i, (lon, lat) in enumerate(points):
        if not polar[i]:
            found.append((lon, lat))
            continue
        before, after = usual[usual < i], usual[usual > i]
        found += [(points[side, 0], lat) for side in (*before[-1:], *after[:1])]
    return np.asarray(found)


def areas_of(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape that may be invalid, as one valid shape."""
    return shapely.union_all(_areas(shapely.make_valid(shape)))


def _areas(shape: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in single_parts(shape) if shapely.get_dimensions(part) == 2]

"""Nodes that need no input: what a pixel's place tells, its coordinates and its area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pyproj import Proj

from local_earthengine.geo.lattice import Lattice, View
from local_earthengine.geo.longitudes import wrap
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.geo.projection import (
    WGS84,
    Projection,
    coordinate_system,
    metres_per_unit,
)
from local_earthengine.geo.sampling import centres
from local_earthengine.pixels.node import Node, Pixels, finite

# WGS84: half the longer axis in metres, and the square of the eccentricity.
_AXIS = 6_378_137.0
_ECCENTRICITY2 = 6.694379990141316e-3


class Coordinate(Node):
    """A coordinate of the pixels' centres: 0 for columns or longitudes, 1 for the other.

    In the pixels of a projection, which for one without scale are the coordinate system's units.
    """

    def __init__(self, projection: Projection, axis: int) -> None:
        super().__init__(DOUBLE)
        self.projection = projection
        self.axis = axis

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the coordinate, masked where the projection does not reach."""
        del inputs
        xs, ys = centres(view, self.projection.crs)
        if self.projection == WGS84:  # longitudes, also of a lattice that goes past 180 degrees
            xs = wrap(xs)
        found = _turned(self.projection, xs, ys)[self.axis]
        return finite(np.broadcast_to(found, view.shape), np.broadcast_to(np.True_, view.shape))


def _turned(
    projection: Projection, xs: NDArray[np.float64], ys: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn coordinates to fractions of columns and rows."""
    x_scale, x_shear, x0, y_shear, y_scale, y0 = projection.transform
    det = x_scale * y_scale - x_shear * y_shear
    dx, dy = xs - x0, ys - y0
    return (y_scale * dx - x_shear * dy) / det, (x_scale * dy - y_shear * dx) / det


class Area(Node):
    """The area of each pixel in square metres, on the WGS84 ellipsoid."""

    def __init__(self) -> None:
        super().__init__(DOUBLE)

    def compute(self, view: View, inputs: Sequence[Pixels]) -> Pixels:
        """Return the areas: exact in degrees.

        Elsewhere they follow the projection's scale at the pixel's centre.
        """
        del inputs
        lattice = view.lattice
        if coordinate_system(lattice.crs).is_geographic:
            found = _between_latitudes(view)
        else:
            lons, lats = centres(view, "EPSG:4326")
            factors = Proj(lattice.crs).get_factors(lons, lats, errcheck=False)
            found = _plane(lattice) / np.asarray(factors.areal_scale)
        return finite(np.broadcast_to(found, view.shape), np.broadcast_to(np.True_, view.shape))


def _plane(lattice: Lattice) -> float:
    side = PixelGrid(lattice.crs, lattice.transform, 1, 1).nominal_scale
    return float((side * metres_per_unit(lattice.crs)) ** 2)


def _between_latitudes(view: View) -> NDArray[np.float64]:
    """Return the areas between meridians and parallels.

    A sheared pixel's is that of its height and width.
    """
    x_scale, x_shear, _, y_shear, y_scale, _ = view.lattice.transform
    _, lats = centres(view, "EPSG:4326")
    height = abs(y_scale) or 1e-12
    width = np.radians(abs(x_scale * y_scale - x_shear * y_shear) / height)
    edges = [_zone(np.radians(lats + sign * height / 2)) for sign in (1, -1)]
    found: NDArray[np.float64] = width * (edges[0] - edges[1])
    return found


def _zone(latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the area from the equator to a latitude for each radian of longitude."""
    e2 = _ECCENTRICITY2
    e, sine = np.sqrt(e2), np.sin(latitude)
    inner = sine / (1 - e2 * sine * sine) + np.arctanh(e * sine) / e
    found: NDArray[np.float64] = _AXIS**2 * (1 - e2) / 2 * inner
    return found


def metres_per_pixel(view: View) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (eastward, northward) metres for a step of a column and of a row up, (height, width).

    Negative where columns run west or rows north. In degrees a column narrows with the latitude.
    """
    x_scale, _, _, _, y_scale, _ = view.lattice.transform
    unit = metres_per_unit(view.lattice.crs)
    wide = np.full(view.shape, x_scale * unit)
    if coordinate_system(view.lattice.crs).is_geographic:
        _, lats = centres(view, view.lattice.crs)
        wide = wide * np.cos(np.radians(lats))
    return wide, np.full(view.shape, -y_scale * unit)

"""Which pixels of a view a geometry covers, by their centres."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import NDArray

from local_earthengine.geo.geometry import Geometry
from local_earthengine.geo.lattice import View
from local_earthengine.geo.longitudes import wrap
from local_earthengine.geo.projection import coordinate_system
from local_earthengine.geo.sampling import centres


def covers(geometry: Geometry) -> Callable[[View], NDArray[np.bool_]]:
    """Return a test of views: true where a pixel's centre lies in the geometry or on its border."""

    def inside(view: View) -> NDArray[np.bool_]:
        """Tell of each pixel of a view whether its centre is covered."""
        shape, crs = geometry.planar
        xs, ys = centres(view, crs)
        if coordinate_system(crs).is_geographic:
            xs = wrap(xs)
        known = np.isfinite(xs) & np.isfinite(ys)
        if not known.any() or view.window.empty:
            return np.zeros(view.shape, np.bool_)
        around = shapely.box(xs[known].min(), ys[known].min(), xs[known].max(), ys[known].max())
        if not shape.intersects(around):
            return np.zeros(view.shape, np.bool_)
        if shape.contains_properly(around):
            return known
        found: NDArray[np.bool_] = shapely.intersects_xy(shape, np.where(known, xs, np.nan), ys)
        return found & known

    return inside

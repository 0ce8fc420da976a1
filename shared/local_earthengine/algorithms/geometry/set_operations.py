"""Two geometries as sets of points: whether they meet, and what they make. Edges as in degrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_earthengine.expression.registry import add
from local_earthengine.geo.geometry import Geometry, from_lonlat


def _operation(name: str, result: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return shapely's operation of that name on two geometries, as Earth Engine's algorithm."""

    def apply(left: Geometry, right: Geometry, margin: Any, proj: Any) -> Any:
        del margin, proj
        return result(getattr(left.lonlat, name)(right.lonlat))

    return apply


for _name, _method, _result in (
    ("intersects", "intersects", bool),
    ("disjoint", "disjoint", bool),
    ("contains", "contains", bool),
    ("containedIn", "within", bool),
    ("intersection", "intersection", from_lonlat),
    ("union", "union", from_lonlat),
    ("difference", "difference", from_lonlat),
    ("symmetricDifference", "symmetric_difference", from_lonlat),
):
    add(f"Geometry.{_name}", _operation(_method, _result))

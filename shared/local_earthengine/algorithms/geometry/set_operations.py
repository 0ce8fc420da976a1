"""Two geometries as sets of points: whether they meet, and what they make. Edges as in degrees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_earthengine.expression.registry import add
from local_earthengine.geo.charts import Chart, chart_if_cut
from local_earthengine.geo.geometry import Geometry, from_lonlat


def _told(chart: Chart, answer: Any) -> bool:
    del chart
    return bool(answer)


def _placed(chart: Chart, shape: Any) -> Geometry:
    return from_lonlat(chart.back(shape))


def _operation(name: str, result: Callable[[Chart, Any], Any]) -> Callable[..., Any]:
    """Return shapely's operation of that name on two geometries, as Earth Engine's algorithm."""

    def apply(left: Geometry, right: Geometry, margin: Any, proj: Any) -> Any:
        """Return the operation's result, on a chart without a cut."""
        del margin, proj
        chart = chart_if_cut(left.lonlat, right.lonlat)
        one, other = chart.shapes
        return result(chart, getattr(one, name)(other))

    return apply


for _name, _method, _result in (
    ("intersects", "intersects", _told),
    ("disjoint", "disjoint", _told),
    ("contains", "contains", _told),
    ("containedIn", "within", _told),
    ("intersection", "intersection", _placed),
    ("union", "union", _placed),
    ("difference", "difference", _placed),
    ("symmetricDifference", "symmetric_difference", _placed),
):
    add(f"Geometry.{_name}", _operation(_method, _result))

"""The middles of countries: some sources write one where they know no place.

The list is made of Natural Earth's countries (1:50m, public domain): of each the centroid of all
of it and of its largest part, and the two differ where there are islands far away.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from s1ratio.alerts.geodesy import points_apart_km

NEAR_KM = 5.0
_LIST = Path(__file__).with_name("country_points.json")


def country_at(lon: float, lat: float) -> str | None:
    """Return the code (ISO 3166 alpha-3, mostly) of the country whose middle lies here, or None."""
    for code, points in _points().items():
        for x, y in points:
            if abs(lat - y) < 0.1 and points_apart_km((lon, lat), (x, y)) <= NEAR_KM:
                return code
    return None


@cache
def _points() -> dict[str, Sequence[tuple[float, float]]]:
    found: dict[str, list[list[float]]] = json.loads(_LIST.read_text(encoding="utf-8"))
    return {code: [(x, y) for x, y in points] for code, points in found.items()}

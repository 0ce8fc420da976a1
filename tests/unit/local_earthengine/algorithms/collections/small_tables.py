"""Collections of a few points, and the properties of what came back."""

from __future__ import annotations

from typing import Any

import ee


def rows(found: Any) -> list[dict[str, Any]]:
    """The properties of each feature of a collection as `getInfo` gives it."""
    return [feature["properties"] for feature in found["features"]]


def points(*places: tuple[float, float]) -> Any:
    """Points with their place in the list as `n`, and their longitude as `t`."""
    return ee.FeatureCollection(
        [
            ee.Feature(ee.Geometry.Point(place), {"n": i, "t": place[0]})
            for i, place in enumerate(places)
        ]
    )

"""Which relative orbits meet an area: one question to Earth Engine, and its answer read."""

import math
from collections.abc import Sequence
from typing import Any

import ee

from s1ratio.imagery import collection, geometry
from s1ratio.plan import OrbitPass
from s1ratio.request import CompositeRequest, Direction

_SCENES = "scenes"
_MAX_PASSES = 2 * 175  # relative orbits × directions
# Metres; footprints themselves are no better known, but a small area asks for a hundredth of its
# own side: what is coarser may not see it at all.
_TOLERANCE, _FINEST = 100, 0.01


def passes_expression(request: CompositeRequest) -> ee.List:
    """Return the expression of a list of `{orbit, direction, scenes, share}`, one a pass.

    Over all scenes of the request: `scenes` counts them, `share` is the part of the AOI (0 to 1)
    that their footprints cover together. To be had with one `value:compute`.
    """
    scenes = collection.of_request(request)
    area = geometry.of_area(request.aoi)
    tolerance = error_margin(request.aoi.area_km2)
    keys = orbit, direction = collection.orbit_keys(request)
    same = ee.Filter.And(*(ee.Filter.equals(leftField=key, rightField=key) for key in keys))
    joined = ee.Join.saveAll(_SCENES).apply(scenes.distinct(keys), scenes, same)

    def described(first: ee.ComputedObject) -> ee.Dictionary:
        """Return what there is to tell of a pass."""
        one = ee.Image(first)
        members = ee.ImageCollection.fromImages(ee.List(one.get(_SCENES)))
        covered = members.geometry(tolerance).intersection(area, tolerance)
        return ee.Dictionary(
            {
                "orbit": one.get(orbit),
                "direction": one.get(direction),
                "scenes": members.size(),
                "share": covered.area(tolerance).divide(area.area(tolerance)),
            }
        )

    return joined.toList(_MAX_PASSES).map(described)


def error_margin(area_km2: float) -> float:
    """Return how many metres outlines may be off where an area of so many km² is compared."""
    side = 1_000 * math.sqrt(area_km2)
    return min(_TOLERANCE, max(_FINEST, round(side / 100, 2)))


def passes_of(answer: Sequence[dict[str, Any]]) -> tuple[OrbitPass, ...]:
    """Return the passes in an answer to `passes_expression`, by orbit and direction.

    Shares are clipped to 0..1; a pass whose share is 0 only touches the AOI and is left out.
    """
    found = [
        OrbitPass(
            orbit=int(row["orbit"]),
            direction=Direction(row["direction"]),
            share=min(1.0, float(row["share"])),
            scenes=int(row["scenes"]),
        )
        for row in answer
        if float(row["share"]) > 0
    ]
    return tuple(sorted(found, key=lambda each: (each.orbit, each.direction)))

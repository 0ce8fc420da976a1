"""What one orbit sees of an area: the question to Earth Engine, and its answer read.

It is asked only where an export came out empty, to say why.
"""

import math
from typing import Any

import ee

from s1ratio.imagery import collection, geometry
from s1ratio.imagery.orbits import error_margin
from s1ratio.plan import ExportTask, View
from s1ratio.request import CompositeRequest

_CELLS = 32  # along an area's side: the angle band is no finer than 13 km
_FINEST_M, _COARSEST_M = 0.1, 2_000.0
_MAX_PIXELS = 100_000


def view_expression(request: CompositeRequest, task: ExportTask) -> ee.Dictionary:
    """Return the expression of `{scenes, share, angles}`; to be had with one `value:compute`.

    Over the scenes that the export is made of: `scenes` counts them, `share` is the part of the
    AOI (0 to 1) that their footprints cover, `angles` are the least and the greatest incidence
    angle there, degrees, as `{angle_min, angle_max}`. Without scenes it is `{scenes}`.
    """
    scenes = collection.of_pass(request, task)
    area = geometry.of_area(request.aoi)
    error = error_margin(request.aoi.area_km2)
    covered = scenes.geometry(error).intersection(area, error)
    angles = (
        scenes.select("angle")
        .mean()
        .reduceRegion(
            reducer=ee.Reducer.minMax(),
            geometry=area,
            scale=_scale(request.aoi.area_km2),
            bestEffort=True,
            maxPixels=_MAX_PIXELS,
        )
    )
    share = covered.area(error).divide(area.area(error))
    seen = ee.Dictionary({"scenes": scenes.size(), "share": share, "angles": angles})
    nothing = ee.Dictionary({"scenes": 0})
    return ee.Dictionary(ee.Algorithms.If(scenes.size().gt(0), seen, nothing))


def _scale(area_km2: float) -> float:
    """Return metres a pixel: some dozens along the side of an area."""
    side = 1_000 * math.sqrt(area_km2)
    return min(_COARSEST_M, max(_FINEST_M, side / _CELLS))


def view_of(answer: dict[str, Any]) -> View:
    """Return the view in an answer to `view_expression`."""
    if not answer["scenes"]:
        return View(0, 0.0, None)
    angles = answer.get("angles") or {}
    least, most = angles.get("angle_min"), angles.get("angle_max")
    known = None if least is None or most is None else (float(least), float(most))
    return View(int(answer["scenes"]), min(1.0, float(answer["share"])), known)

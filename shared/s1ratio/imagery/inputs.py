"""Which scenes composites are made of: one question to Earth Engine for several composites."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import ee

from s1ratio.imagery import collection
from s1ratio.imagery.ascending_node import ABSOLUTE_ORBIT, ORBIT
from s1ratio.imagery.collection import INDEX, PLATFORM, TIME
from s1ratio.inputs import MAX_INPUTS, Inputs, InputScene
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest

_END = "system:time_end"
_BASELINE = "GRD_Post_Processing_software_version"
_PROPERTIES = (INDEX, PLATFORM, TIME, _END, ABSOLUTE_ORBIT, ORBIT, _BASELINE)


def inputs_expression(request: CompositeRequest, plans: Sequence[ExportTask]) -> ee.List:
    """Return the expression of a list with the scenes of each export, in their order.

    They are those that are listed now, whatever an export's pins are. A scene is a mapping of its
    properties. To be had with one `value:compute`.
    """
    found = [
        collection.of_pass(request, replace(plan, scenes=None)).sort(TIME).limit(MAX_INPUTS + 1)
        for plan in plans
    ]
    return ee.List(found).map(_described)


def _described(scenes: ee.ComputedObject) -> ee.List:
    return ee.ImageCollection(scenes).toList(MAX_INPUTS + 1).map(_row)


def _row(each: ee.ComputedObject) -> ee.Dictionary:
    scene = ee.Image(each)
    return ee.Dictionary({name: scene.get(name) for name in _PROPERTIES})


def inputs_of(answer: Sequence[Sequence[dict[str, Any]]], many: int) -> tuple[Inputs, ...]:
    """Return the lists in the answer to an `inputs_expression` of so many exports.

    Raises ValueError or KeyError for an answer of another form.
    """
    if len(answer) != many:
        raise ValueError(f"{len(answer)} answers to {many} questions")
    return tuple(
        Inputs(tuple(_scene(row) for row in rows[:MAX_INPUTS]), whole=len(rows) <= MAX_INPUTS)
        for rows in answer
    )


def _scene(row: dict[str, Any]) -> InputScene:
    start, baseline = _time(row[TIME]), row.get(_BASELINE)
    return InputScene(
        id=str(row[INDEX]),
        platform=str(row[PLATFORM]),
        start=start,
        end=max(start, _time(row.get(_END) or row[TIME])),
        absolute_orbit=int(row[ABSOLUTE_ORBIT]),
        relative_orbit=int(row[ORBIT]),
        baseline=None if baseline is None else str(baseline),
    )


def _time(milliseconds: float) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1_000, UTC)

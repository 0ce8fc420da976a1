"""Messages as a publisher sends them, and what comes back for wrong ones."""

import json
from typing import Any

import pytest

from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.request import Limits, Message, read_message

BOX = {"bbox": [14, -20, 15, -19]}
NAMIBIA = {"bbox": [14, -20, 17, -17]}


def message(**fields: Any) -> dict[str, Any]:
    """A valid message with some fields changed; `...` takes one away."""
    every = {"aoi": BOX, "start": "2020-01-01", "end": "2021-01-01", **fields}
    return {name: value for name, value in every.items() if value is not ...}


def read(limits: Limits | None = None, **fields: Any) -> Message:
    return read_message(json.dumps(message(**fields)), limits or Limits())


def faults_of(payload: bytes | str, limits: Limits | None = None) -> tuple[Fault, ...]:
    with pytest.raises(InvalidRequest) as caught:
        read_message(payload, limits or Limits())
    assert caught.value.faults, "a rejection without a reason"
    return caught.value.faults


def refused(limits: Limits | None = None, **fields: Any) -> dict[str, str]:
    """The faults of a message with some fields changed: path -> words."""
    faults = faults_of(json.dumps(message(**fields)), limits)
    return {fault.path: fault.message for fault in faults}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def square(x: float, y: float, side: float = 1) -> list[list[float]]:
    """An anticlockwise ring."""
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def collection(*geometries: Any) -> dict[str, Any]:
    features = [{"type": "Feature", "properties": None, "geometry": g} for g in geometries]
    return {"type": "FeatureCollection", "features": features}

"""The Earth Engine client without a network: it builds expressions, and no request leaves."""

from __future__ import annotations

import json
from typing import Any

from ee import serializer

from s1ratio.adapters.earth_engine import session
from tests.support.object_stores import dead_port


def initialize() -> None:
    """Makes `ee` ready to build expressions; a call that would need a server fails at once."""
    session.initialize("offline", dead_port(), deadline_s=1.0)


def expression(value: Any) -> dict[str, Any]:
    """What the client would send for an `ee` object, after a round trip through JSON."""
    sent: dict[str, Any] = json.loads(json.dumps(serializer.encode(value, for_cloud_api=True)))
    return sent


def exported(image: Any, **parameters: Any) -> dict[str, Any]:
    """What the client would send for an export with these parameters (region, scale, crs, ...)."""
    prepared, _ = image.prepare_for_export(parameters)
    return expression(prepared)

"""The message of one request of a region: always the same bytes for the same request."""

import hashlib
import json
from typing import Any

from s1ratio.labels import OWNER_LABEL, REGION_LABEL
from s1ratio.regions.days import Days
from s1ratio.regions.model import Region
from s1ratio.regions.names import request_id_of

BACKFILL_PRIORITY = 10


def id_of(region: Region, days: Days, pass_name: str = "") -> str:
    """Return the id of a region's request for a period, or for a pass."""
    return request_id_of(region.id, days, region.pixel_fields, pass_name)


def payload_of(region: Region, request_id: str, days: Days, priority: int) -> bytes:
    """Return the message of a region's request as it is published."""
    labels = {**region.labels, REGION_LABEL: region.id}
    if region.owner:
        labels[OWNER_LABEL] = region.owner
    message = {
        **region.request,
        "aoi": region.area,
        "request_id": request_id,
        "start": days.start.isoformat(),
        "end": days.end.isoformat(),
        "priority": priority,
        "labels": labels,
    }
    return _bytes(message)


def revised_payload(message: str, request_id: str) -> bytes:
    """Return the message of a revision: that of the request as it was sent, under its own id."""
    return _bytes({**json.loads(message), "request_id": request_id})


def digest_of_payload(payload: bytes) -> str:
    """Return a digest of a message, by which it is told whether it can be made once more."""
    return hashlib.sha256(payload).hexdigest()[:40]


def _bytes(message: dict[str, Any]) -> bytes:
    return json.dumps(message, sort_keys=True, separators=(",", ":")).encode()

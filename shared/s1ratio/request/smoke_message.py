"""The message of a smoke test: something tiny, the same for everybody but for where it lies.

Pub/Sub names no publisher, and nothing that a message says of itself can't be copied. So it is told
by being this message to the last value: whoever copies it gets a smoke test, and no more.
"""

import hashlib
from typing import Any

SMOKE_PREFIX = "smoke"
# Fields and woods, seen by Sentinel-1 every few days; how far it may be moved, in degrees.
_WEST, _SOUTH, _SIDE, _MOVED = 15.0, 48.0, 0.01, 0.2


def smoke_message(request_id: str) -> dict[str, Any]:
    """Return a message for a square kilometre, of coarse pixels.

    Where it lies follows from the id: with pixels that were exported before nothing would start.
    """
    digest = hashlib.sha256(request_id.encode("utf-8", "replace")).digest()
    east, north = (byte / 255 * _MOVED for byte in digest[:2])
    west, south = round(_WEST + east, 4), round(_SOUTH + north, 4)
    return {
        "request_id": request_id,
        "aoi": {"bbox": [west, south, round(west + _SIDE, 4), round(south + _SIDE, 4)]},
        "start": "2023-06-01",
        "end": "2023-06-25",
        "grid": {"crs": "utm", "scale": 50},
        "destination": {"kind": "gcs", "prefix": SMOKE_PREFIX},
        "priority": 200,
        "labels": {"purpose": "smoke"},
    }


def is_smoke_message(sent: dict[str, Any]) -> bool:
    """Tell whether a decoded message is that of a smoke test, whoever sent it."""
    request_id = sent.get("request_id")
    return isinstance(request_id, str) and sent == smoke_message(request_id)

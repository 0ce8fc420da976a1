"""The least message there is: one orbit, one band, a dozen pixels; an export takes milliseconds."""

from typing import Any

_LEAST: dict[str, Any] = {
    "aoi": {"bbox": [14.600, 48.000, 14.604, 48.003]},
    "start": "2023-05-01",
    "end": "2023-05-20",
    "orbits": [22],
    "direction": "DESCENDING",
    "angle": "none",
    "speckle": {"filter": "none"},
    "products": ["vvvh_db"],
    "statistics": ["median"],
    "grid": {"crs": "utm", "scale": 100},
}


def little(request_id: str, **changes: Any) -> dict[str, Any]:
    """Return such a message; it becomes one task."""
    return {"request_id": request_id, **_LEAST, **changes}

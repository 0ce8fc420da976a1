"""What the presets mean, spelled out for the brute force."""

from typing import Any

from tests.support.composites import Area, box

PRESETS: dict[str, dict[str, Any]] = {
    "default": {
        "preset": "default",
        "angle": (30.63993, 45.23993),
        "speckle": {"filter": "focal_median", "radius_m": 100},
        "products": ["vvvh_db"],
        "valid_range": {"vvvh_db": (-5, 30)},
        "statistics": ["median", "stdDev", "count"],
    },
    "notebook": {
        "preset": "notebook",
        "angle": (30.63993, 45.53993),
        "speckle": {"filter": "focal_median", "radius_m": 100},
        "products": ["vvdvh_notebook"],
        "valid_range": {"vvdvh_notebook": (-5, 5)},
        "statistics": ["median", "stdDev"],
    },
}


def words_of(preset: str, area: Area, **changed: Any) -> dict[str, Any]:
    """Return a preset's meaning for an area, some of it changed; only `default` clips."""
    clip = box(area) if preset == "default" else None
    return PRESETS[preset] | {"clip": clip} | changed

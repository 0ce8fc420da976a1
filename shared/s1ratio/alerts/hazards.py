"""What rules of a hazard begin with: distances, times, buffers and windows that are known to work.

Sources: floods: the Global Flood Monitoring's screening (same event within 60 km and 15 days) and
UN-SPIDER's recommended practice; fires: NASA's FEDS (pixels join within 1 km and 5 days, inactive
after 5 days, kept as sleepers to 20); earthquakes: LiCSAR's radii by magnitude, followed for 35
days; deforestation: the look-back of Global Forest Watch's users, alerts that lie 200 to 330 m
from where they should. A rule may change every number.
"""

from collections.abc import Mapping
from typing import Any

FLOOD = "flood"
FIRE = "fire"
EARTHQUAKE = "earthquake"
DEFORESTATION = "deforestation"
OTHER = "other"

# Magnitude and radius in km, each from its magnitude on.
_RADII = [[5.5, 20], [6.0, 36], [6.5, 84], [7.0, 199], [7.5, 471], [8.0, 1115]]

_OF_FLOODS = {
    "distance_km": 60,
    "days": 15,
    "cap_km": 200,
    "wait_min": 10,
    "quiet_days": 6,
    "close_days": 14,
}

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    FLOOD: {
        "severity": 3,
        "members": 1,
        "buffers": {"point_m": 10_000, "footprint_m": 500},
        "windows": {"before": [36, 1], "after": [0, 14]},
        "grouping": _OF_FLOODS,
    },
    FIRE: {
        "severity": 2,
        "members": 3,
        "buffers": {"point_m": 2_000, "footprint_m": 500, "many": 25, "many_point_m": 4_000},
        "windows": {"before": [60, 1], "after": [0, 24]},
        "grouping": {
            "distance_km": 1,
            "days": 5,
            "cap_km": 50,
            "wait_min": 60,
            "quiet_days": 5,
            "close_days": 20,
        },
    },
    EARTHQUAKE: {
        "severity": 2,
        "members": 1,
        "buffers": {"point_m": 20_000, "footprint_m": 500, "magnitudes": _RADII, "cap_km": 250},
        "windows": {"before": [24, 1], "after": [0, 24]},
        "grouping": {
            "distance_km": None,
            "days": 35,
            "cap_km": None,
            "wait_min": 0,
            "quiet_days": 24,
            "close_days": 35,
        },
    },
    DEFORESTATION: {
        "severity": 3,
        "members": 25,
        "buffers": {"point_m": 750, "footprint_m": 0},
        "windows": {"before": [60, 1], "after": [0, 36]},
        "grouping": {
            "distance_km": 10,
            "days": 7,
            "cap_km": 20,
            "wait_min": 1_440,
            "quiet_days": 14,
            "close_days": 36,
        },
    },
    OTHER: {
        "severity": 3,
        "members": 1,
        "buffers": {"point_m": 10_000, "footprint_m": 0},
        "windows": {"before": [36, 1], "after": [0, 12]},
        "grouping": _OF_FLOODS,
    },
}


def defaults_of(hazard: str) -> Mapping[str, Any]:
    """Return what rules of a hazard begin with; of one that is not known, what `other` does."""
    return DEFAULTS.get(hazard, DEFAULTS[OTHER])

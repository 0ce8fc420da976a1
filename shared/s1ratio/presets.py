"""Named sets of defaults for a request.

`default` is right by today's knowledge and is what the fields of `CompositeRequest` say
themselves; a preset here is what it changes of that. A field of the message replaces the
preset's field whole.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

DEFAULT = "default"
NOTEBOOK = "notebook"

# The result of the notebook that the product began as: dB divided by dB, filtered in dB.
_NOTEBOOK: Mapping[str, Any] = MappingProxyType(
    {
        "collection": "COPERNICUS/S1_GRD",
        "orbits": [58, 131],
        "direction": "ASCENDING",
        "angle": "notebook",
        "speckle": {"filter": "focal_median", "radius_m": 100},
        "products": ["vvdvh_notebook"],
        "statistics": ["median", "stdDev"],
        "grid": {"crs": "EPSG:4326", "scale": 10},
        "clip": False,
    }
)

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {DEFAULT: MappingProxyType({}), NOTEBOOK: _NOTEBOOK}
)


def with_preset(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message with its preset's fields put in where it has none of its own.

    An unknown preset changes nothing: validation names it.
    """
    name = message.get("preset", DEFAULT)
    preset = PRESETS.get(name, {}) if isinstance(name, str) else {}
    return {**preset, **message}

"""The STAC extensions that items use: their schemas, of one version each, and their fields.

pystac's own classes write older versions of some, and know no `processing`. So the fields stand
here, by hand; tests hold them to the official schemas.
"""

import base64
from collections.abc import Sequence
from typing import Any, Final

from s1ratio.grid import PixelGrid
from s1ratio.request import Direction

_AT = "https://stac-extensions.github.io"
FILE: Final = f"{_AT}/file/v2.1.0/schema.json"
PROCESSING: Final = f"{_AT}/processing/v1.2.0/schema.json"
PROJECTION: Final = f"{_AT}/projection/v2.0.0/schema.json"
RASTER: Final = f"{_AT}/raster/v2.0.0/schema.json"
SAR: Final = f"{_AT}/sar/v1.3.0/schema.json"
SAT: Final = f"{_AT}/sat/v1.2.0/schema.json"
TIMESTAMPS: Final = f"{_AT}/timestamps/v1.1.0/schema.json"
VERSION: Final = f"{_AT}/version/v1.2.0/schema.json"
EXTENSIONS: Final = (FILE, PROCESSING, PROJECTION, RASTER, SAR, SAT, TIMESTAMPS, VERSION)

_MD5 = "d50110"  # multihash: the code of MD5 as a varint, its length


def projection(grid: PixelGrid) -> dict[str, Any]:
    """Return where pixels lie: `proj:transform` has the order of an affine transform's numbers."""
    return {
        "proj:code": grid.crs,
        "proj:shape": [grid.height, grid.width],
        "proj:transform": list(grid.transform),
        "proj:bbox": list(grid.bounds),
    }


def sar(product_type: str = "GRD") -> dict[str, Any]:
    """Return what Sentinel-1 measures with in IW mode: C band, looking to the right."""
    return {
        "sar:instrument_mode": "IW",
        "sar:frequency_band": "C",
        "sar:center_frequency": 5.405,
        "sar:polarizations": ["VV", "VH"],
        "sar:product_type": product_type,
        "sar:observation_direction": "right",
    }


def sat(
    direction: Direction, relative_orbit: int, absolute_orbits: Sequence[int]
) -> dict[str, Any]:
    """Return the orbit; the absolute one only where there was a single pass."""
    fields: dict[str, Any] = {
        "sat:orbit_state": direction.value.lower(),
        "sat:relative_orbit": relative_orbit,
    }
    return fields | (
        {"sat:absolute_orbit": absolute_orbits[0]} if len(absolute_orbits) == 1 else {}
    )


def file(size: int, md5: str | None) -> dict[str, Any]:
    """Return a file's size in bytes and, where its MD5 (base64) is known, that as a multihash."""
    fields: dict[str, Any] = {"file:size": size}
    if md5:
        fields["file:checksum"] = f"{_MD5}{base64.b64decode(md5).hex()}"
    return fields

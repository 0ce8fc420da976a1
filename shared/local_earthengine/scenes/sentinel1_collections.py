"""What Sentinel-1 scenes have in common, wherever they come from: their collections."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import numpy as np

from local_earthengine.scenes.scene import SceneBand, Valid, Values

FLOAT_COLLECTION: Final = "COPERNICUS/S1_GRD_FLOAT"  # linear power, float32
DB_COLLECTION: Final = "COPERNICUS/S1_GRD"  # the same pixels in decibels, float64
POLARISATIONS: Final = ("VV", "VH", "HH", "HV")


def milliseconds(time: datetime) -> int:
    """Return a time as Earth Engine counts it: milliseconds since 1970, UTC."""
    return round(time.timestamp() * 1000)


def converted(band: SceneBand, collection: str, unit: str) -> SceneBand:
    """Return a backscatter band as a collection has it: linear float32, or decibels as float64.

    `unit` is the unit of what the band reads: "1" (linear power) or "dB". Power at or below
    zero has no decibels: those pixels are masked there.
    """
    to_db, is_db = collection == DB_COLLECTION, unit == "dB"
    dtype = "float64" if to_db else "float32"
    convert = _keep if to_db == is_db else _to_db if to_db else _to_linear
    read = _then(band.read, convert, dtype)
    pick = None if band.pick is None else _then(band.pick, convert, dtype)
    return SceneBand(band.name, dtype, band.grid, read, pick)


def _then(
    read: Callable[..., tuple[Values, Valid]],
    convert: Callable[..., tuple[Values, Valid]],
    dtype: str,
) -> Callable[..., tuple[Values, Valid]]:
    def converted_read(*place: Any) -> tuple[Values, Valid]:
        """Return the pixels of a place, converted."""
        values, valid = convert(*read(*place))
        return values.astype(dtype, copy=False), valid

    return converted_read


def _keep(values: Values, valid: Valid) -> tuple[Values, Valid]:
    return values, valid


def _to_db(values: Values, valid: Valid) -> tuple[Values, Valid]:
    positive = valid & (values > 0)
    safe = np.where(positive, values, 1.0).astype(np.float64)
    return 10.0 * np.log10(safe), positive


def _to_linear(values: Values, valid: Valid) -> tuple[Values, Valid]:
    return np.exp(values.astype(np.float64) * (math.log(10.0) / 10.0)), valid

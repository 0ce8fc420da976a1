"""What Sentinel-1 scenes have in common, wherever they come from: collections and orbit numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.scene import Reader, SceneBand, Valid, Values

FLOAT_COLLECTION: Final = "COPERNICUS/S1_GRD_FLOAT"  # linear power, float32
DB_COLLECTION: Final = "COPERNICUS/S1_GRD"  # the same pixels in decibels, float64
POLARISATIONS: Final = ("VV", "VH", "HH", "HV")

ORBITS_IN_CYCLE: Final = 175
CYCLE: Final = timedelta(days=12)
PERIOD: Final = CYCLE / ORBITS_IN_CYCLE  # node to node: 98.7 minutes


@dataclass(frozen=True)
class Platform:
    """One satellite: its service life and how its orbits are numbered.

    An absolute orbit `n` flies the relative orbit (n - offset) mod 175 + 1, and crosses its
    ascending node at `node_time(n)`; `anchor_orbit` crossed it at `anchor_time` (UTC).
    """

    letter: str
    offset: int
    first_day: datetime
    end_day: datetime | None
    anchor_orbit: int
    anchor_time: datetime

    def relative_orbit(self, absolute: int) -> int:
        """Return the relative orbit (1..175) of an absolute orbit."""
        return (absolute - self.offset) % ORBITS_IN_CYCLE + 1

    def node_time(self, absolute: int) -> datetime:
        """Return when an absolute orbit crosses its ascending node (UTC)."""
        return self.anchor_time + (absolute - self.anchor_orbit) * PERIOD

    def absolute_orbit(self, relative: int, time: datetime) -> int:
        """Return the absolute orbit on which the platform flies `relative` nearest to `time`."""
        # A scene lies up to a period after its node: on average half of one.
        flown = (time - PERIOD / 2 - self.anchor_time) / PERIOD
        near = self.anchor_orbit + round(flown)
        behind = (relative - self.relative_orbit(near)) % ORBITS_IN_CYCLE
        candidates = (near + behind, near + behind - ORBITS_IN_CYCLE)
        return min(candidates, key=lambda orbit: abs(orbit - self.anchor_orbit - flown))


def _utc(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=UTC)


# A and B are anchored at real passes over relative orbit 137; C flies in B's place, six days
# after A. D's place (a day after A), offset and first day are assumptions: nothing public
# settled them when this was written.
_FLEET: Final = (
    Platform("A", 73, _utc("2014-10-03"), None, 51484, _utc("2023-12-03T01:49:37")),
    Platform("B", 27, _utc("2016-09-26"), _utc("2021-12-23"), 29913, _utc("2021-12-07T01:48:44")),
    Platform("C", 172, _utc("2025-03-26"), None, 1708, _utc("2025-04-02T01:48:44")),
    Platform("D", 130, _utc("2026-01-01"), None, 966, _utc("2026-01-10T01:49:37")),
)
PLATFORMS: Final = {platform.letter: platform for platform in _FLEET}


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
    return SceneBand(band.name, dtype, band.grid, _reader(band.read, convert, dtype))


def _reader(read: Reader, convert: Callable[..., tuple[Values, Valid]], dtype: str) -> Reader:
    def converted_read(window: PixelGrid) -> tuple[Values, Valid]:
        values, valid = convert(*read(window))
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

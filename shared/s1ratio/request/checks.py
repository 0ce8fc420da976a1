"""What a deployment allows: limits of area and period, safe prefixes, crs that can be used."""

import re
from dataclasses import dataclass

from s1ratio import grid
from s1ratio.errors import Fault
from s1ratio.request.fields import DriveDestination, GcsDestination
from s1ratio.request.model import CompositeRequest

RESERVED_PREFIX = "catalog"
_SAFE_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.=-]*(/[A-Za-z0-9][A-Za-z0-9_.=-]*)*/?")


@dataclass(frozen=True)
class Limits:
    """The deployment's limits on one request: km², days, and whether Drive may be written."""

    max_area_km2: float = 250_000
    max_period_days: int = 3_660
    allow_drive: bool = False


def policy_faults(request: CompositeRequest, limits: Limits) -> list[Fault]:
    """Return what a deployment refuses of a request that is well formed."""
    return [
        *_area(request, limits),
        *_period(request, limits),
        *_destination(request, limits),
        *grid.faults(request.aoi, request.grid.crs, request.grid.scale),
    ]


def _area(request: CompositeRequest, limits: Limits) -> list[Fault]:
    if request.aoi.area_km2 <= limits.max_area_km2:
        return []
    words = f"{request.aoi.area_km2:,.0f} km², at most {limits.max_area_km2:,.0f} km² are allowed"
    return [Fault("aoi", "area", f"{words}: send it in parts")]


def _period(request: CompositeRequest, limits: Limits) -> list[Fault]:
    days = (request.end - request.start).days
    if days <= limits.max_period_days:
        return []
    words = f"the period is {days} days, at most {limits.max_period_days} are allowed"
    return [Fault("end", "period", f"{words}: send it in parts")]


def _destination(request: CompositeRequest, limits: Limits) -> list[Fault]:
    destination = request.destination
    if isinstance(destination, GcsDestination):
        return _prefix(destination.prefix)
    if isinstance(destination, DriveDestination) and not limits.allow_drive:
        words = (
            "this deployment does not export to Drive: use gcs (S1RATIO_ALLOW_DRIVE=1 allows it)"
        )
        return [Fault("destination.kind", "drive_not_allowed", words)]
    return []


def _prefix(prefix: str) -> list[Fault]:
    path = "destination.prefix"
    if not _SAFE_PREFIX.fullmatch(prefix) or ".." in prefix:
        words = "names of letters, digits, `_.=-`, parted by single `/`, no leading `/`, no `..`"
        return [Fault(path, "prefix", f"must be {words}")]
    if prefix.partition("/")[0] == RESERVED_PREFIX:
        return [Fault(path, "prefix", f"`{RESERVED_PREFIX}/` is reserved: choose another prefix")]
    return []

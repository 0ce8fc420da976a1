"""What a deployment allows: limits of area and period, safe prefixes.

Each check takes one valid field and gives its faults, whose paths are below the field.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta

from s1ratio.aoi import Aoi
from s1ratio.faults import Fault
from s1ratio.request.fields import Destination, GcsDestination
from s1ratio.request.moments import Moment, count_days, message_text_of
from s1ratio.request.smoke_message import SMOKE_PREFIX

# What the deployment itself writes, or deletes when it is old (infra/storage.tf).
RESERVED_PREFIXES = frozenset({"catalog", "stac", SMOKE_PREFIX})
MAX_AHEAD = timedelta(days=366)
_SAFE_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.=-]*(/[A-Za-z0-9][A-Za-z0-9_.=-]*)*/?")


@dataclass(frozen=True)
class Limits:
    """The deployment's limits on one request: km², days, and whether Drive may be written.

    `min_scale_m` is the finest pixel, in metres, that need not be asked for by name. Nothing is
    written to `reserved_prefixes`, nor below them. `today` (UTC) is the day that a period may end
    `MAX_AHEAD` after, None where that is not asked.
    """

    max_area_km2: float = 250_000
    max_period_days: int = 3_660
    allow_drive: bool = False
    min_scale_m: float = 10
    reserved_prefixes: frozenset[str] = RESERVED_PREFIXES
    today: date | None = None


NO_LIMITS = Limits(
    max_area_km2=math.inf,
    max_period_days=1_000_000,
    allow_drive=True,
    min_scale_m=0,
    reserved_prefixes=frozenset(),
)


def area_faults(aoi: Aoi, limits: Limits) -> list[Fault]:
    """Return why an area is too large, or nothing."""
    if aoi.area_km2 <= limits.max_area_km2:
        return []
    words = f"{aoi.area_km2:,.0f} km², at most {limits.max_area_km2:,.0f} km² are allowed"
    said = "".join(f" ({note})" for note in aoi.notes if "were swapped" in note)
    return [Fault("", "area", f"{words}: send it in parts{said}")]


def period_faults(start: Moment, end: Moment, limits: Limits) -> list[Fault]:
    """Return why a period ends too far in the future, or is too long, or nothing."""
    ahead = 0 if limits.today is None else count_days(limits.today, end)
    if ahead > MAX_AHEAD.days:
        words = f"{message_text_of(end)} is {ahead} days ahead, at most {MAX_AHEAD.days} are"
        return [Fault("", "too_far_ahead", f"{words} allowed: send it when it is nearer")]
    days = count_days(start, end)
    if days <= limits.max_period_days:
        return []
    words = f"the period is {days} days, at most {limits.max_period_days} are allowed"
    return [Fault("", "period", f"{words}: send it in parts")]


def destination_faults(destination: Destination, limits: Limits) -> list[Fault]:
    """Return why nothing may be written to a destination, or nothing."""
    if isinstance(destination, GcsDestination):
        return _prefix_faults(destination.prefix, limits.reserved_prefixes)
    if limits.allow_drive:
        return []
    words = "this deployment does not export to Drive: use gcs (S1RATIO_ALLOW_DRIVE=1 allows it)"
    return [Fault(".kind", "drive_not_allowed", words)]


def _prefix_faults(prefix: str, reserved: frozenset[str]) -> list[Fault]:
    path = ".prefix"
    if not _SAFE_PREFIX.fullmatch(prefix) or ".." in prefix:
        words = "names of letters, digits, `_.=-`, parted by single `/`, no leading `/`, no `..`"
        return [Fault(path, "prefix", f"must be {words}")]
    first = prefix.partition("/")[0]
    if first in reserved:
        return [Fault(path, "prefix", f"`{first}/` is reserved: choose another prefix")]
    return []

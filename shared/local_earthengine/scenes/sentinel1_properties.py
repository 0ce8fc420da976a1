"""The properties that every image of Earth Engine's Sentinel-1 collections bears, and their types.

Names and types are those of a real image's, as a public note prints it; `platformHeading`, which
the documentation lists and newer images have, is not made up here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from local_earthengine.scenes.fleet import ORBITS_IN_CYCLE, PERIOD, PLATFORMS
from local_earthengine.scenes.sentinel1_collections import milliseconds

SLICES_IN_TAKE: Final = 29  # an ordinary one; how long a data take is nobody says here
_DESIGNATORS: Final = {"A": "2014-016A", "B": "2016-025A", "C": "2024-235A", "D": "2025-251A"}
_FACILITY: Final = ("facility_country", "facility_name", "facility_org", "facility_site")
_STEPS: Final = ("GRD_Post_Processing", "SLC_Processing")
_TOOLS: Final = (
    "S1TBX_Calibration_vers",
    "S1TBX_SAR_Processing_vers",
    "SNAP_Graph_Processing_Framework_GPF_vers",
)
_OF_STEPS: Final = tuple(
    f"{step}_{word}"
    for step in _STEPS
    for word in (*_FACILITY, "software_name", "software_version")
)
_PRODUCT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "familyName": "SENTINEL-1",
        "instrument": "Synthetic Aperture Radar",
        "instrumentConfigurationID": 1,
        "phaseIdentifier": 1,
        "productClass": "S",
        "productClassDescription": "SAR Standard L1 Product",
        "productComposition": "Slice",
        "productTimelinessCategory": "Fast-24h",
        "productType": "GRD",
        "sliceProductFlag": "true",
    }
)
TEXTS: Final = frozenset(
    [
        *_OF_STEPS,
        *_TOOLS,
        "familyName",
        "instrument",
        "instrumentMode",
        "instrumentSwath",
        "nssdcIdentifier",
        "orbitProperties_pass",
        "platform_number",
        "productClass",
        "productClassDescription",
        "productComposition",
        "productTimelinessCategory",
        "productType",
        "resolution",
        "sliceProductFlag",
    ]
)
NUMBERS: Final = frozenset(
    [
        *(f"{step}_{end}" for step in _STEPS for end in ("start", "stop")),
        "cycleNumber",
        "instrumentConfigurationID",
        "missionDataTakeID",
        "orbitNumber_start",
        "orbitNumber_stop",
        "orbitProperties_ascendingNodeTime",
        "phaseIdentifier",
        "relativeOrbitNumber_start",
        "relativeOrbitNumber_stop",
        "resolution_meters",
        "segmentStartTime",
        "sliceNumber",
        "startTimeANX",
        "stopTimeANX",
        "totalSlices",
    ]
)


@dataclass(frozen=True)
class Taken:
    """How a scene was taken: `start` of its first line (UTC), `length` to its last.

    `resolution` is H or M; `number` is its slice's place in the data take, from 1;
    `crossings` is how often the ascending node is crossed on the way, 0 or 1.
    """

    platform: str
    orbit: int
    relative_orbit: int
    direction: str
    mode: str
    resolution: str
    polarisations: Sequence[str]
    start: datetime
    length: timedelta
    number: int
    data_take: int
    crossings: int = 0


def properties_of(taken: Taken, maker: str) -> dict[str, Any]:
    """Return what Earth Engine's images bear; `maker` stands for who processed it, and with what.

    An item's own words may be put over them: what nobody states is plausible, no more.
    """
    return {
        **dict.fromkeys((*_OF_STEPS, *_TOOLS), maker),
        **_PRODUCT,
        **_times(taken),
        **_orbits(taken),
        "instrumentMode": taken.mode,
        "instrumentSwath": taken.mode,
        "missionDataTakeID": taken.data_take,
        "resolution": taken.resolution,
        "resolution_meters": metres_of(taken.mode, taken.resolution),
        "sliceNumber": taken.number,
        "totalSlices": max(SLICES_IN_TAKE, taken.number),
        "transmitterReceiverPolarisation": list(taken.polarisations),
    }


def _times(taken: Taken) -> dict[str, Any]:
    """Return the times: milliseconds since 1970, and since the ascending node."""
    node = _node_before(taken)
    after = (taken.start - node) / timedelta(milliseconds=1)
    start, end = milliseconds(taken.start), milliseconds(taken.start + taken.length)
    return {
        **{f"{step}_{at}": end for step in _STEPS for at in ("start", "stop")},
        "system:time_start": start,
        "orbitProperties_ascendingNodeTime": milliseconds(node),
        "segmentStartTime": start - round((taken.number - 1) * 25_000),
        "startTimeANX": after,
        "stopTimeANX": after + taken.length / timedelta(milliseconds=1),
    }


def _orbits(taken: Taken) -> dict[str, Any]:
    """Return the platform and its orbits.

    Cycles are counted from the first orbit of the first relative one, as Earth Engine does not.
    """
    epoch = PLATFORMS[taken.platform].epoch_of(taken.orbit)
    last = taken.relative_orbit + taken.crossings
    return {
        "cycleNumber": (taken.orbit - epoch.offset) // ORBITS_IN_CYCLE + 1,
        "nssdcIdentifier": _DESIGNATORS[taken.platform],
        "orbitNumber_start": taken.orbit,
        "orbitNumber_stop": taken.orbit + taken.crossings,
        "orbitProperties_pass": taken.direction,
        "platform_number": taken.platform,
        "relativeOrbitNumber_start": taken.relative_orbit,
        "relativeOrbitNumber_stop": (last - 1) % ORBITS_IN_CYCLE + 1,
    }


def metres_of(mode: str, resolution: str) -> int:
    """Return a product's resolution by Earth Engine: 10, 25 or 40 m, whatever its pixels."""
    if resolution == "M":
        return 40
    return 25 if mode == "EW" else 10


def _node_before(taken: Taken) -> datetime:
    """Return when the ascending node before a scene was crossed; stated orbits may be invented."""
    node = PLATFORMS[taken.platform].node_time(taken.orbit)
    return taken.start - (taken.start - node) % PERIOD

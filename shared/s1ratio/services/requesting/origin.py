"""Origin: which region or incident a request was made for, by what both its id and labels say.

Pub/Sub tells nobody's name, so this is a way to find requests, and no proof of who made them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from s1ratio.labels import INCIDENT_LABEL, REGION_LABEL

_OF_REGION = re.compile(r"r-(.+)-\d{6}-\d{6}-[0-9a-f]{4}(?:-r\d)?")
_OF_WATCH = re.compile(r"w-([0-9a-f]{10})-")


@dataclass(frozen=True)
class Origin:
    """The id of the region, or of the incident, that a request was made for."""

    region: str | None = None
    incident: str | None = None


def find_origin(request_id: str, labels: Mapping[str, str]) -> Origin:
    """Return what a request is of.

    Its id is one that its region (`r-{region}-…`) or its watch (`w-{10 hex}-…`) gives, and its
    labels name the same: these alone would be anybody's word.
    """
    region, incident = labels.get(REGION_LABEL), labels.get(INCIDENT_LABEL)
    found, watch = _OF_REGION.fullmatch(request_id), _OF_WATCH.match(request_id)
    return Origin(
        region if found and found[1] == region else None,
        incident if watch and f"i-{watch[1]}" == incident else None,
    )

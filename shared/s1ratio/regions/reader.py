"""From the data of a file to regions, or to every fault it has."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from s1ratio import presets
from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.regions.model import OWN_FIELDS, Region
from s1ratio.request.checks import Limits
from s1ratio.request.model import CompositeRequest
from s1ratio.request.words import faults_of

MAX_REGIONS = 160  # of a file: a commit has 500 documents, and each of them has three
_TAGS = ("last_days", "last_months", "calendar", "since_last", "from_day")


def read_regions(data: Any, limits: Limits) -> tuple[Region, ...]:
    """Return the regions of a file's data; raise InvalidRequest with every fault.

    Paths of faults are such as `regions[2].schedule.cron`.
    """
    listed, faults = _listed(data)
    found: list[Region] = []
    for number, entry in enumerate(listed):
        where = f"regions[{number}]"
        try:
            region = Region.model_validate_json(json.dumps(entry), context=limits)
        except ValidationError as error:
            wrong = faults_of(error, "s1ratio regions schema")
            faults += [_below(where, _untagged(fault)) for fault in wrong]
            continue
        faults += [_below(where, fault) for fault in request_faults(region, limits)]
        found.append(region)
    faults += _twice(listed)
    if faults:
        raise InvalidRequest(faults)
    return tuple(found)


def _listed(data: Any) -> tuple[list[Any], list[Fault]]:
    """Return the entries of a file, and what is wrong around them."""
    if not isinstance(data, Mapping):
        return [], [Fault("", "file", "must be a mapping with `version: 1` and `regions`")]
    faults = [
        Fault(str(name), "extra_forbidden", "unknown field: a file has `version` and `regions`")
        for name in data
        if name not in {"version", "regions"}
    ]
    version = data.get("version", 1)
    if type(version) is not int or version != 1:
        faults.append(Fault("version", "version", "must be the number 1"))
    listed = data.get("regions")
    if not isinstance(listed, list) or not listed:
        return [], [*faults, Fault("regions", "regions", "must be a list of one region or more")]
    if len(listed) > MAX_REGIONS:
        words = f"{len(listed)} regions, at most {MAX_REGIONS} are written at once: split the file"
        return [], [*faults, Fault("regions", "too_many", words)]
    return listed, faults


def request_faults(region: Region, limits: Limits) -> list[Fault]:
    """Return what is wrong with the requests that a region would make, as far as it is known."""
    own = sorted(OWN_FIELDS & set(region.request))
    if own:
        words = "is the region's own to say: leave it out here"
        return [Fault(f"request.{name}", "own_field", words) for name in own]
    end = limits.today
    if end is None:
        return []
    message = {
        **presets.with_preset(region.request),
        "aoi": region.aoi,
        "start": end - timedelta(days=1),
        "end": end,
    }
    try:
        # By way of JSON for all but the area, which is read already.
        CompositeRequest.model_validate_json(
            json.dumps({**message, "aoi": region.aoi.geojson(), **_dated(message)}),
            context=replace(limits, max_area_km2=float("inf")),
        )
    except ValidationError as error:
        return [_of_request(fault) for fault in faults_of(error)]
    return []


def _dated(message: Mapping[str, Any]) -> dict[str, str]:
    return {name: message[name].isoformat() for name in ("start", "end")}


def _of_request(fault: Fault) -> Fault:
    return fault if fault.path.startswith("aoi") else replace(fault, path=f"request.{fault.path}")


def _below(where: str, fault: Fault) -> Fault:
    path = f"{where}.{fault.path}" if fault.path else where
    return replace(fault, path=path)


def _untagged(fault: Fault) -> Fault:
    """Leave out the name that pydantic adds of a choice: it stands nowhere in the file."""
    parts = [part for part in fault.path.split(".") if part not in _TAGS]
    return replace(fault, path=".".join(parts))


def _twice(listed: list[Any]) -> list[Fault]:
    seen: dict[str, int] = {}
    faults = []
    for number, entry in enumerate(listed):
        name = entry.get("id") if isinstance(entry, Mapping) else None
        if not isinstance(name, str):
            continue
        if name in seen:
            words = f"{name!r} is the id of regions[{seen[name]}] already"
            faults.append(Fault(f"regions[{number}].id", "twice", words))
        seen.setdefault(name, number)
    return faults


def stored_region(text: str) -> Region:
    """Return the region of a text that was taken in before: limits may have changed since."""
    return Region.model_validate_json(text)

"""Whether the requests that a rule makes would be taken in, as far as that is known before."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from s1ratio import presets
from s1ratio.alerts.incident import Incident
from s1ratio.alerts.reasons import Reason
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.watch_tracks import geojson_of
from s1ratio.faults import Fault
from s1ratio.labels import OF_WATCHES
from s1ratio.request.checks import Limits
from s1ratio.request.model import CompositeRequest
from s1ratio.request.words import faults_of

# What a watch itself says of each request.
OWN_FIELDS = frozenset(
    {"version", "request_id", "aoi", "start", "end", "orbits", "direction", "priority"}
)
# Any that is valid: those of a watch follow from its incident and its track.
_A_WATCH: dict[str, Any] = {
    "aoi": {"bbox": [13.0, 52.0, 13.1, 52.1]},
    "start": "2024-05-01",
    "end": "2024-05-02",
    "orbits": [1],
    "direction": "ASCENDING",
}


def request_faults(rule: Rule, limits: Limits) -> list[Fault]:
    """Return what of a rule's `request` a deployment of these limits would refuse, each time."""
    own = sorted(OWN_FIELDS & set(rule.request))
    if own:
        words = "is the watch's own to say: leave it out here"
        return [Fault(f"request.{name}", "own_field", words) for name in own]
    return _faults_with(rule, _A_WATCH, limits)


def refuse_early(incident: Incident, rule: Rule, limits: Limits) -> Incident:
    """Return an incident that is wanted as it may be: not if its requests would all be refused.

    Such as for an area that is larger than the deployment takes.
    """
    if not incident.wanted:
        return incident
    faults = incident_faults(incident, rule, limits)
    if not faults:
        return incident
    told = "; ".join(map(str, faults[:3]))
    return replace(incident, wanted=False, reason=Reason.REFUSED, words=told)


def incident_faults(incident: Incident, rule: Rule, limits: Limits) -> list[Fault]:
    """Return why the requests for an incident's area would be refused, nothing if they may not."""
    before, day = rule.windows.before, timedelta(days=1)
    own = {
        "aoi": geojson_of(incident.area or ""),
        "start": f"{incident.first_at - before[0] * day:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{incident.first_at - before[1] * day:%Y-%m-%dT%H:%M:%SZ}",
    }
    faults = _faults_with(rule, _A_WATCH | own, limits)
    return [replace(one, path=one.path.removeprefix("request.")) for one in faults]


def _faults_with(rule: Rule, watch: Mapping[str, Any], limits: Limits) -> list[Fault]:
    """Return what is wrong with a rule's request, filled up with what a watch says."""
    labels = rule.request.get("labels", {})
    if isinstance(labels, Mapping):
        labels = {**labels, **dict.fromkeys(OF_WATCHES, "")}
    message = {**presets.with_preset(rule.request), **watch, "labels": labels}
    try:
        CompositeRequest.model_validate_json(json.dumps(message), context=_of_any_day(limits))
    except ValidationError as error:
        return [replace(one, path=f"request.{one.path}") for one in faults_of(error)]
    return []


def _of_any_day(limits: Limits) -> Limits:
    return replace(limits, today=None)

"""Whether the requests that a rule makes would be taken in, as far as that is known before."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from s1ratio import presets
from s1ratio.alerts.rule import Rule
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
_A_WATCH: Mapping[str, Any] = {
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
    labels = rule.request.get("labels", {})
    if isinstance(labels, Mapping):
        labels = {**labels, **dict.fromkeys(OF_WATCHES, "")}
    message = {**presets.with_preset(rule.request), **_A_WATCH, "labels": labels}
    try:
        CompositeRequest.model_validate_json(json.dumps(message), context=_of_any_day(limits))
    except ValidationError as error:
        return [replace(one, path=f"request.{one.path}") for one in faults_of(error)]
    return []


def _of_any_day(limits: Limits) -> Limits:
    return replace(limits, today=None)

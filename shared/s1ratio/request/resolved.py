"""A request's fields with the defaults of the day on which it was taken in.

A later version may have other presets, defaults, angles of a name or valid ranges of a product.
What was taken in before it is exported, split, retried and verified by the values of its own day.
"""

import json
from collections.abc import Mapping
from typing import Any

from s1ratio.presets import with_preset
from s1ratio.request.model import CompositeRequest

# They have no defaults that decide anything: they stay where they were sent.
_AS_SENT = {"version", "request_id", "aoi", "start", "end", "labels"}


def resolve(request: CompositeRequest) -> str:
    """Return as JSON the fields that have a default, whether it was taken or not: in numbers.

    Angles by their name and valid ranges by their product are told by their bounds.
    """
    fields = request.model_dump(mode="json", exclude=_AS_SENT)
    if not request.pin_inputs:  # as it was before there was the field
        del fields["pin_inputs"]
    kept = request.angle_range
    fields["angle"] = "none" if kept is None else kept.model_dump(mode="json")
    fields["valid_range"] = {p.value: request.range_of(p) for p in request.products}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"))


def filled_in(message: Mapping[str, Any], resolved: str | None) -> dict[str, Any]:
    """Return the fields of a stored message as they were resolved when it was taken in.

    None, of a record of an earlier version: with today's preset.
    """
    fields = with_preset(message)
    return fields if resolved is None else {**fields, **json.loads(resolved)}

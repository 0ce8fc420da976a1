"""Ids of a region's requests: they follow from region, period and fields, never from the tick."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from s1ratio.regions.days import Days

MAX_REVISION = 9
# Labels of a request that the region itself sets.


def request_id_of(region_id: str, days: Days, fields: Mapping[str, Any], pass_name: str) -> str:
    """Return `r-{region}-{yymmdd}-{yymmdd}-{4 hex}`, 37 characters at most.

    `fields` are those of the request that decide on its pixels; the hash takes in the pass that
    it was made for, too.
    """
    text = json.dumps([fields, pass_name], sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:4]
    return f"r-{region_id}-{days.start:%y%m%d}-{days.end:%y%m%d}-{digest}"


def revision_id_of(request_id: str, revision: int) -> str:
    """Return the id of a revision, 2 to 9, of a request: `{id}-r{n}`, 40 characters at most."""
    if not 2 <= revision <= MAX_REVISION:
        raise ValueError(f"revisions go from 2 to {MAX_REVISION}: there is no {revision}")
    return f"{request_id}-r{revision}"

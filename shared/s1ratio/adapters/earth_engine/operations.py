"""Earth Engine's operations as `ports.Operation`. Missing and unknown fields do no harm."""

import math
from datetime import UTC, datetime
from typing import Any

from s1ratio.ports import Operation


def operation_of(item: Any) -> Operation | None:
    """Return the operation in a list's item, or None if it lacks a name or a time."""
    if not isinstance(item, dict):
        return None
    metadata = item.get("metadata")
    if not isinstance(metadata, dict):
        return None
    places = metadata.get("destinationUris")
    created = _time(metadata.get("createTime"))
    if "name" not in item or created is None:
        return None
    return Operation(
        name=str(item["name"]),
        state=str(metadata.get("state", "")),
        description=str(metadata.get("description", "")),
        created_at=created,
        updated_at=_time(metadata.get("updateTime")) or _last_known(metadata, created),
        progress=_number(metadata.get("progress")) or 0.0,
        error=_error(item),
        destinations=tuple(map(str, places)) if isinstance(places, list) else (),
        eecu_seconds=_number(metadata.get("batchEecuUsageSeconds")),
    )


def _time(text: Any) -> datetime | None:
    """Return an RFC 3339 time; nanoseconds are cut to microseconds."""
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def _last_known(metadata: dict[str, Any], created: datetime) -> datetime:
    """Return when an operation changed that does not say so: it began or ended then."""
    times = (_time(metadata.get(name)) for name in ("startTime", "endTime"))
    return max([created, *(time for time in times if time is not None)])


def _number(value: Any) -> float | None:
    try:
        number = None if value is None else float(value)
    except (TypeError, ValueError):
        return None
    return number if number is not None and math.isfinite(number) else None


def _error(item: dict[str, Any]) -> str | None:
    error = item.get("error")
    return str(error.get("message", error)) if isinstance(error, dict) else None

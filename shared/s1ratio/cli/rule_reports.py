"""What `s1ratio rules test` prints: incidents, watches, the requests to come, and why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from s1ratio.cli.terminal import print_line


def print_trial(told: dict[str, Any]) -> None:
    """Print what a payload would lead to."""
    print_line(f"read by {told['feed']}")
    for one in told["incidents"]:
        wanted = "its area would be requested" if one["wanted"] else one["reason"] or "not wanted"
        size = f"{one['area_km2']:,.1f} km²"
        print_line(f"incident {one['id']} ({one['hazard']}, {one['state']}, {size}): {wanted}")
        for name in one["members"]:
            print_line(f"  {name}" + (": inhibited" if name in one["inhibited"] else ""))
        for watch in one["watches"]:
            print_watch(watch)
    for one in told["why_not"]:
        print_line(f"{one['alert'] or 'the message'}: {one['words']}")
    for note in told["notes"]:
        print_line(note)


def print_watch(watch: dict[str, Any]) -> None:
    """Print a watch that is foretold, and its requests."""
    at = _utc(watch["expected_at"]) if watch["expected_at"] else ""
    words = watch["why_not"] or f"Sentinel-1{watch['platform']} passes about {at}"
    print_line(f"  watch {watch['id'] or '(none)'}: {words}")
    for each in watch["requests"]:
        period = f"{_utc(each['start'])} to {_utc(each['end'])}"
        print_line(
            f"    request {each['id']} ({each['role']}, priority {each['priority']}): {period}"
        )


def _utc(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"

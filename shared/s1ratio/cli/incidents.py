"""`s1ratio incidents`: alerts that are one happening, and what is made of them."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from s1ratio.cli.alert_records import RecordCommand, add_record_actions, run_record_action

if TYPE_CHECKING:
    from s1ratio.alerts.incident import Incident


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "An incident is alerts that are one happening: `list` shows the newest, `show` tells all "
        "of one. `s1ratio why` with its id prints the chain from its alerts to its requests."
    )
    add_record_actions(parser, "incident", "i-…", over_https=True)
    parser.set_defaults(command=_incidents)


def _incidents(options: argparse.Namespace) -> int:
    return run_record_action(
        options,
        RecordCommand(
            kind="incident",
            several="incidents",
            columns=("incident", "state", "hazard", "rule", "alerts", "km²", "opened", "why"),
            find=lambda store: store.find_incidents(options.max),
            get=lambda store, name: store.get_incident(name),
            row=_row,
            document=document,
        ),
    )


def _row(one: Incident) -> tuple[object, ...]:
    opened = f"{one.opened_at:%Y-%m-%d %H:%M}Z"
    size = f"{one.area_km2:,.0f}" if one.area else ""
    why = _why(one)
    return one.id, one.state.value, one.hazard, one.rule, len(one.counted), size, opened, why


def _why(one: Incident) -> str:
    from s1ratio.alerts.reasons import WORDS

    told = WORDS[one.reason] if one.reason else ""
    return f"{told} ({one.words})" if told and one.words else told or one.words


def document(one: Incident) -> dict[str, Any]:
    """Return an incident as JSON values, without its areas."""
    return {
        "id": one.id,
        "hazard": one.hazard,
        "rule": one.rule,
        "owner": one.owner,
        "state": one.state.value,
        "reason": one.reason.value if one.reason else None,
        "words": one.words,
        "severity": one.severity,
        "opened_at": _time(one.opened_at),
        "ended_at": _time(one.ended_at),
        "looked_at_next": _time(one.due_at),
        "area_km2": round(one.area_km2, 3),
        "wanted": one.wanted,
        "requested_at": _time(one.requested_at),
        "alerts": [
            {"id": f"{m.feed}:{m.id}", "time": _time(m.time), "out": m.out.value if m.out else None}
            for m in one.members
        ],
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None

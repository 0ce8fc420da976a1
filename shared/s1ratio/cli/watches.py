"""`s1ratio watches`: the passes that incidents wait for, and what was requested of them."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from s1ratio.cli.alert_records import RecordCommand, add_record_actions, run_record_action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s1ratio.alerts.watch import Watch
    from s1ratio.ports import Store

_MAX_OF_INCIDENT = 350


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "A watch is one incident on one track: `list` shows those that changed last, or those of "
        "one incident; tracks without any scene only with --all. `show` tells all of one."
    )
    add_record_actions(parser, "watch", "w-…")
    words = "list: those of this incident"
    parser.add_argument("--incident", metavar="ID", help=words)
    parser.add_argument("--all", action="store_true", help="list: those NOT_ACQUIRED as well")
    parser.set_defaults(command=_watches)


def _watches(options: argparse.Namespace) -> int:
    return run_record_action(
        options,
        RecordCommand(
            kind="watch",
            several="watches",
            columns=("watch", "state", "next pass", "delivered", "missed", "why"),
            find=lambda store: _found(options, store),
            get=lambda store, name: store.get_watch(name),
            row=_row,
            document=document,
        ),
    )


def _found(options: argparse.Namespace, store: Store) -> Sequence[Watch]:
    from s1ratio.alerts.watch import WatchState

    if options.incident is not None:
        found = store.find_watches_of(options.incident, _MAX_OF_INCIDENT)
    else:
        found = store.find_watches(_MAX_OF_INCIDENT + options.max)
    shown = [one for one in found if options.all or one.state is not WatchState.NOT_ACQUIRED]
    return shown[: options.max]


def _row(one: Watch) -> tuple[object, ...]:
    at = one.expected_at if one.state.looks else None
    coming = f"S1{one.expected_platform} {at:%Y-%m-%d %H:%M}Z" if at else ""
    return one.id, one.state.value, coming, one.delivered, one.missed, one.words


def document(one: Watch) -> dict[str, Any]:
    """Return a watch as JSON values, without its areas."""
    return {
        "id": one.id,
        "incident": one.incident,
        "rule": one.rule,
        "relative_orbit": one.relative_orbit,
        "direction": one.direction.value,
        "platforms": list(one.platforms),
        "state": one.state.value,
        "reason": one.reason.value if one.reason else None,
        "words": one.words,
        "created_at": _time(one.created_at),
        "changed_at": _time(one.changed_at),
        "looked_at_next": _time(one.due_at),
        "listed_again_at": _time(one.recheck_at),
        "expected_at": _time(one.expected_at),
        "expected_platform": one.expected_platform,
        "coverage": one.taken.coverage if one.taken else None,
        "requests": [
            {"id": each.id, "start": _time(each.start), "end": _time(each.end), "fate": each.fate}
            for each in one.requests
        ],
        "baseline": one.baseline,
        "revision": one.revision,
        "delivered": one.delivered,
        "missed": one.missed,
    }


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None

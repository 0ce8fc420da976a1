"""What `s1ratio rules replay` prints: a recorded time, through rules, against a set clock."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s1ratio.cli.definitions import opened
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.terminal import counted, print_error, print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s1ratio.alerts.feed import Feed
    from s1ratio.alerts.rule import Rule
    from s1ratio.ports import Store

_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_AFTERWARDS = timedelta(days=2)  # what waits is placed, and looked at


def print_replay(
    folder: Path, options: argparse.Namespace, feeds: Sequence[Feed], rules: Sequence[Rule]
) -> int:
    """Replay a folder's messages and print what came of them; return the exit status."""
    from s1ratio.services.alerts.replay import messages_in

    start, end = options.start or _EARLIEST, options.end or _LATEST
    messages, others = messages_in(folder, start, end)
    if not messages:
        words = f"{folder} has no message of that time, named like 20260304T060000Z-FEED.json"
        words += f"; of another name are {_named(others)}" if others else ""
        return print_refusal(words, FAILED, as_json=options.json)
    with tempfile.TemporaryDirectory() as scratch, opened(options) as history:
        told = _replayed(Path(scratch), messages, (feeds, rules), history)
    told["passed_over"] = [path.name for path in others]
    if others:
        words = f"passed over, not named like 20260304T060000Z-FEED.json: {_named(others)}"
        print_error(words)
    print_json(told) if options.json else _show(told)
    return 0


def _named(others: Sequence[Path]) -> str:
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    return ", ".join(path.name for path in others[:5]) + more


def _replayed(
    scratch: Path,
    messages: Any,
    known: tuple[Sequence[Feed], Sequence[Rule]],
    history: Store | None,
) -> dict[str, Any]:
    from s1ratio.adapters.store.sqlite import SqliteStore
    from s1ratio.alerts.records import Definition, Kind
    from s1ratio.services.alerts.context import AlertContext
    from s1ratio.services.alerts.replay import ReplayClock, replay
    from s1ratio.settings import Settings

    begin = messages[0].at
    clock = ReplayClock(begin - timedelta(minutes=10))
    with SqliteStore(scratch / "store.sqlite") as store:
        feeds, rules = known
        for kind, several in ((Kind.FEED, feeds), (Kind.RULE, rules)):
            for one in several:
                document = one.model_dump(mode="json")
                store.save_definition(Definition(kind, one.name, document, clock.now()), None)
        nothing: Any = None  # no feed is fetched
        context = AlertContext(
            Settings("replay", "replay"), store, clock, "replay", _Memory(), nothing
        )
        return replay(context, clock, messages, messages[-1].at + _AFTERWARDS, history)


class _Memory:
    """Large payloads of a replay."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, name: str, payload: bytes) -> None:
        """Keep one."""
        self._kept[name] = payload

    def get(self, name: str) -> bytes:
        """Return one."""
        return self._kept[name]


def _show(told: dict[str, Any]) -> None:
    counts = f"{counted(told['messages'], 'message')}, {counted(told['alerts'], 'alert')}"
    made = counted(len(told["incidents"]), "incident"), counted(len(told["requests"]), "request")
    print_line(f"{counts}: {', '.join(made)}")
    for one in told["incidents"]:
        size = f"{one['inhibited']} inhibited, {one['area_km2']:,.1f} km²"
        size = f"{counted(one['members'], 'alert')}, {size}"
        print_line(f"incident {one['id']} ({one['hazard']}, {one['state']}): {size}")
        for watch in one["watches"]:
            words = f": {watch['why_not']}" if watch["why_not"] else ""
            print_line(f"  watch {watch['id']}: {watch['state']}{words}")
    for one in told["requests"]:
        words = one["refused"] or f"priority {one['priority']}, {one['start']} to {one['end']}"
        print_line(f"{one['at']} request {one['id']} ({one['role']}): {words}")
    spent = told["eecu_seconds"]
    if isinstance(spent, dict):
        spent = f"{spent['p50']:,.0f} EECU-seconds, {spent['p90']:,.0f} if all is dear"
    print_line(f"estimate: {spent}")
    for one in told["held"]:
        print_line(f"held from {one['from']} until {one['until']}: {one['incident']}")
    for one in told["why_not"]:
        print_line(f"{one['id']}: {one['reason']}" + (f": {one['words']}" if one["words"] else ""))
    for note in told["notes"]:
        print_line(note)

"""`s1ratio regions list | show | history`: where regions stand, what they spent, and why not."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.region_apply import describe_change
from s1ratio.cli.regions import with_store
from s1ratio.cli.served_records import run_served_action
from s1ratio.cli.target import web_profile_of
from s1ratio.cli.terminal import print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s1ratio.ports import Store
    from s1ratio.regions.records import HistoryEntry, RefreshRecord, RegionRecord

_REFRESHES = 12


def list_all(options: argparse.Namespace) -> int:
    """List the regions; return the exit status."""
    if web_profile_of(options) is not None:
        return run_served_action(options, "regions", None)
    from s1ratio.services.storing.paging import created_at, fetch_pages

    def act(store: Store) -> int:
        """Print all regions of a store."""
        found = [one for page in fetch_pages(store.find_regions, created_at) for one in page]
        if options.json:
            print_json({"regions": [_document(one) for one in found]})
            return 0
        from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table

        out = open_console()
        if not found:
            say(out, "no regions")
            return 0
        table = new_table("region", "state", "trigger", "next", "why", "owner", whole=True)
        for one in found:
            fields = json.loads(one.text)
            why = one.held or one.why or one.error or ""
            when = _time(one.due_at)
            add_row(table, one.id, one.state, fields["trigger"], when, why, fields["owner"])
        show_table(out, table)
        return 0

    return with_store(options, act)


def show(options: argparse.Namespace) -> int:
    """Show one region; return the exit status."""
    if web_profile_of(options) is not None:
        return run_served_action(options, "regions", options.region_id)

    def act(store: Store) -> int:
        """Print one region of a store."""
        record = store.get_region(options.region_id)
        if record is None:
            return _print_unknown(options)
        refreshes = _as_of_now(store, store.find_refreshes_of(record.id, _REFRESHES))
        budget = _budget_of(store, record)
        if options.json:
            document = {**_document(record), "definition": json.loads(record.text)}
            requests = [_refresh(one) for one in refreshes]
            print_json({**document, "budget": budget, "requests": requests})
            return 0
        _print_region(record, refreshes, budget)
        return 0

    return with_store(options, act)


def _as_of_now(store: Store, refreshes: Sequence[RefreshRecord]) -> list[RefreshRecord]:
    """Return requests of a region with the states that they have by now.

    Their own records tell what the last tick of the regions knew of them.
    """
    known = store.get_requests({one.id for one in refreshes})
    return [
        replace(one, request_state=known[one.id].state.value) if one.id in known else one
        for one in refreshes
    ]


def history(options: argparse.Namespace) -> int:
    """Show what happened to a region, newest first; return the exit status."""

    def act(store: Store) -> int:
        """Print what happened to it."""
        if store.get_region(options.region_id) is None:
            return _print_unknown(options)
        found = store.find_history_of(options.region_id, options.max)
        if options.json:
            print_json({"history": [_entry(one) for one in found]})
            return 0
        from s1ratio.cli.screen import open_console, say

        out = open_console()
        for one in found:
            say(out, _line(one), whole=True)
        return 0

    return with_store(options, act)


def _print_unknown(options: argparse.Namespace) -> int:
    words = f"no region {options.region_id} is known: see `s1ratio regions list`"
    return print_refusal(words, FAILED, as_json=options.json)


def _budget_of(store: Store, record: RegionRecord) -> dict[str, Any]:
    """Return what a region may spend in a month, and what it has spent of that in this one."""
    from s1ratio.regions.reader import stored_region
    from s1ratio.services.regions.budget import read_spent

    now = datetime.now(UTC)
    try:
        region = stored_region(record.text)
    except ValueError:  # of rules that have changed since: it is BROKEN, or will be
        return {}
    spent, median = read_spent(store, region, record, now)
    limits = region.budget.eecu_seconds is not None or region.budget.requests is not None
    unknown = region.budget.eecu_seconds is not None and median is None
    return {
        "requests": region.budget.requests,
        "eecu_seconds": region.budget.eecu_seconds,
        "spent_requests": spent.requests if limits else None,
        "spent_eecu_seconds": spent.eecu_seconds if limits else None,
        "median_eecu_seconds": median,
        "note": "no history: only the number of requests is limited" if unknown else "",
    }


def _print_region(
    record: RegionRecord, refreshes: Sequence[RefreshRecord], budget: dict[str, Any]
) -> None:
    from s1ratio.cli.screen import add_row, new_table, open_console, say, show_table

    out = open_console()
    say(out, f"{record.id}: {record.state} since {_time(record.since)} {_by(record)}", whole=True)
    for name, value in _document(record).items():
        if value and name not in {"id", "state", "since", "why", "by"}:
            say(out, f"  {name}: {value}", whole=True)
    for name, value in json.loads(record.text).items():
        text = json.dumps(value, ensure_ascii=False)
        shown = text if len(text) <= 200 else f"{text[:197]}..."
        say(out, f"  {name}: {shown}", whole=True)
    said = ", ".join(f"{name} {value}" for name, value in budget.items() if value is not None)
    if any(budget.values()):
        say(out, f"  this month: {said}", whole=True)
    table = new_table("request", "cause", "state", "stale", "superseded by", whole=True)
    for one in refreshes:
        state = one.request_state or one.state
        add_row(table, one.id, one.cause, state, _time(one.stale_since), one.superseded_by or "")
    if refreshes:
        show_table(out, table)


def _by(record: RegionRecord) -> str:
    by = f"by {record.by}" if record.by else ""
    return " ".join(part for part in (by, f"({record.why})" if record.why else "") if part)


def _line(one: HistoryEntry) -> str:
    parts = [_time(one.at), one.kind, one.why]
    if one.kind in {"created", "edited"}:
        parts.append(_changes(one))
    elif one.kind == "state":
        parts.append(f"{one.was} -> {one.became}")
    elif one.was or one.became:
        parts.append(f"{one.was} -> {one.became}" if one.was else one.became)
    if one.request_id:
        parts.append(one.request_id)
    if one.first and one.kind == "skipped":
        several = f" to {_time(one.last)}, {one.count} firings" if one.count > 1 else ""
        parts.append(f"fired {_time(one.first)}{several}")
    if one.by:
        parts.append(f"by {one.by}")
    return "  ".join(part for part in parts if part)


def _changes(one: HistoryEntry) -> str:
    """Return what an entry says of the fields that changed, one behind the other."""
    was, became = json.loads(one.was or "{}"), json.loads(one.became or "{}")
    is_new = one.kind == "created"
    return "; ".join(
        describe_change(name, was.get(name, ""), became.get(name, ""), is_new=is_new)
        for name in dict.fromkeys([*was, *became])
    )


def _document(one: RegionRecord) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state.value,
        "since": _time(one.since),
        "why": one.why,
        "by": one.by,
        "held": one.held.value if one.held else None,
        "error": one.error,
        "looked_at_next": _time(one.due_at),
        "fired_until": _time(one.watermark),
        "backfill": f"{one.backfill.start} to {one.backfill.end}" if one.backfill else None,
        "created_at": _time(one.created_at),
    }


def _refresh(one: RefreshRecord) -> dict[str, Any]:
    return {
        "request_id": one.id,
        "cause": one.cause.value,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "pass": one.pass_name,
        "made_at": _time(one.made_at),
        "state": one.request_state or one.state.value,
        "eecu_seconds": one.eecu_seconds,
        "revision": one.revision,
        "stale_since": _time(one.stale_since),
        "supersedes": one.supersedes,
        "superseded_by": one.superseded_by,
    }


def _entry(one: HistoryEntry) -> dict[str, Any]:
    return {
        "at": _time(one.at),
        "kind": one.kind,
        "why": one.why,
        "by": one.by,
        "was": one.was,
        "became": one.became,
        "request_id": one.request_id,
        "first": _time(one.first),
        "last": _time(one.last),
        "count": one.count,
    }


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}Z"

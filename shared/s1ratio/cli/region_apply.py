"""`s1ratio regions apply`: the difference first, then all of it or nothing."""

from __future__ import annotations

import argparse
import os
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from s1ratio.cli.deployment import environment_of, is_deployed, make_world
from s1ratio.cli.faults import print_faults, print_refusal
from s1ratio.cli.terminal import ask, counted, plain, print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from s1ratio.regions.model import Region
    from s1ratio.services.regions.commands import Proposal
    from s1ratio.settings import Settings


def apply_file(options: argparse.Namespace) -> int:
    """Apply a file of regions; return the exit status."""
    from s1ratio.bootstrap import make_store
    from s1ratio.cli.commanding import who
    from s1ratio.errors import InvalidRequest
    from s1ratio.services.regions.commands import apply, propose
    from s1ratio.settings import read_settings

    if options.at is not None and is_deployed(options.out):
        words = "--at is for a local run, which --out names: a deployment lives by its own clock"
        return print_refusal(words, as_json=options.json)
    now = options.at or datetime.now(UTC)
    settings = read_settings(_environment(options))
    try:
        regions = _read(options, settings)
    except InvalidRequest as error:
        return print_faults(str(options.file), error.faults, as_json=options.json)
    with closing(make_store(settings)) as store:
        found = propose(store, regions, now, who())
        if not options.json:
            _show(found)
        wanted = any(one.change for one in found) and not options.dry_run
        if wanted and not (options.yes or (not options.json and ask("apply this?"))):
            words = "nothing was changed: agree, or call it with --yes"
            return print_refusal(words, as_json=options.json)
        if wanted:
            apply(make_world(settings, store), found)
    if options.json:
        print_json({"dry_run": not wanted, "regions": [_document(one) for one in found]})
    elif wanted:
        applied = sum(one.change is not None for one in found)
        print_line(f"applied: {counted(applied, 'region')}")
    return 0


def _environment(options: argparse.Namespace) -> Mapping[str, str]:
    """Return the environment to work on; the store of a local run is made if there is none."""
    if not is_deployed(options.out):
        from s1ratio.cli.deployment import local_environment

        return local_environment(options.out)
    return environment_of(options.out) or os.environ


def _read(options: argparse.Namespace, settings: Settings) -> Sequence[Region]:
    """Return the regions of the file; the faults of InvalidRequest name line and field."""
    from s1ratio.adapters.region_files import read_region_file
    from s1ratio.errors import InvalidRequest
    from s1ratio.regions.reader import read_regions

    file = read_region_file(options.file)
    try:
        return read_regions(file.data, settings.limits(datetime.now(UTC).date()))
    except InvalidRequest as error:
        raise InvalidRequest([file.placed(fault) for fault in error.faults]) from None


def _show(found: Sequence[Proposal]) -> None:
    for one in found:
        if one.change is None:
            print_line(f"{one.region_id}: as it is")
            continue
        print_line(f"{one.region_id}: {'new' if one.is_new else 'changes'}")
        for name, was, became in one.fields:
            print_line(f"  {describe_change(name, was, became, is_new=one.is_new)}")


def describe_change(name: str, was: str, became: str, *, is_new: bool) -> str:
    """Return how a field of a region changed, in one line; of a new region what it is."""
    now = _cut(became) or "nothing"
    return f"{name}: {now}" if is_new else f"{name}: {_cut(was) or 'nothing'} -> {now}"


def _cut(text: str) -> str:
    shown = plain(text)
    return shown if len(shown) <= 200 else f"{shown[:197]}..."


def _document(one: Proposal) -> dict[str, Any]:
    return {
        "region": one.region_id,
        "change": "none" if one.change is None else "new" if one.is_new else "edit",
        "fields": [
            {"field": name, "was": was, "became": became} for name, was, became in one.fields
        ],
    }

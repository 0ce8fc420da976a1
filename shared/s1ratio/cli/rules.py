"""`s1ratio rules`: what alerts become, and a trial of it without a store."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from s1ratio.cli.definitions import (
    add_actions,
    limits_of,
    opened,
    read_documents,
    run_action,
)
from s1ratio.cli.faults import print_faults, print_refusal
from s1ratio.cli.rule_reports import print_trial
from s1ratio.cli.terminal import print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s1ratio.alerts.feed import Feed
    from s1ratio.alerts.rule import Rule
    from s1ratio.alerts.silences import Silence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Rules say which alerts become incidents, and how. `apply shipped` stores those that come "
        "along. `test RULE PAYLOAD` says what a payload leads to: RULE is a FILE.json, or the name "
        "of one that is stored or comes along, or `all`; nothing is stored. `replay FOLDER` takes "
        "the files of a folder, `20260304T060000Z-FEED.json` each, through all of them."
    )
    add_actions(parser, "rule", "test replay")
    parser.add_argument("--at", type=_time, metavar="TIME", help="test: when it arrives; now")
    parser.add_argument("--feed", metavar="NAME", help="test: what the message's attribute says")
    parser.add_argument("--rules", metavar="RULE", default="all", help="replay: which; all")
    parser.add_argument("--from", dest="start", type=_time, metavar="TIME", help="replay: since")
    parser.add_argument("--to", dest="end", type=_time, metavar="TIME", help="replay: until")
    parser.set_defaults(command=_rules)


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text.upper())
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date-time") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _rules(options: argparse.Namespace) -> int:
    from s1ratio.alerts.records import Kind

    if options.action == "replay":
        return _replay(options)
    if options.action != "test":
        return run_action(options, Kind.RULE, "rules")
    if len(options.what) != 2:
        return print_refusal("test takes a rule and the file of a payload", as_json=options.json)
    return _test(options, *options.what)


def _test(options: argparse.Namespace, named: str, file: str) -> int:
    from s1ratio.alerts.trying import try_payload
    from s1ratio.errors import InvalidRequest

    if not Path(file).is_file():
        return print_refusal(f"{file} is no file", as_json=options.json)
    feeds, known, silences = _definitions(options)
    try:
        rules = _named(named, known)
    except InvalidRequest as error:
        return print_faults(named, error.faults, as_json=options.json)
    if not rules:
        return print_refusal(f"no rule {named} is known", as_json=options.json)
    attributes = {"feed": options.feed} if options.feed else {}
    at = options.at or datetime.now(UTC)
    payload = Path(file).read_bytes()
    trial = try_payload(
        payload, attributes, feeds, rules, at=at, silences=silences, limits=limits_of(options, at)
    )
    print_json(trial.json()) if options.json else print_trial(trial.json())
    return 0


def _replay(options: argparse.Namespace) -> int:
    from s1ratio.cli.replay import print_replay
    from s1ratio.errors import InvalidRequest

    if len(options.what) != 1 or not Path(options.what[0]).is_dir():
        return print_refusal("replay takes a folder", as_json=options.json)
    feeds, known, _ = _definitions(options)
    try:
        rules = _named(options.rules, known)
    except InvalidRequest as error:
        return print_faults(options.rules, error.faults, as_json=options.json)
    if not rules:
        return print_refusal(f"no rule {options.rules} is known", as_json=options.json)
    return print_replay(Path(options.what[0]), options, feeds, rules)


def _definitions(
    options: argparse.Namespace,
) -> tuple[Sequence[Feed], Sequence[Rule], Sequence[Silence]]:
    """Return what is stored of feeds, rules and silences; what comes along of the first two."""
    from s1ratio.alerts.shipped import shipped_feeds, shipped_rules
    from s1ratio.services.alerts.definitions import load_feeds, load_rules, load_silences

    feeds = {one.name: one for one in shipped_feeds()}
    rules = {one.name: one for one in shipped_rules()}
    silences: Sequence[Silence] = ()
    with opened(options) as store:
        if store is not None:
            silences = load_silences(store, options.at or datetime.now(UTC))
            feeds |= {one.name: one for one in load_feeds(store)}
            rules |= {one.name: one for one in load_rules(store)}
    return list(feeds.values()), list(rules.values()), silences


def _named(named: str, known: Sequence[Rule]) -> Sequence[Rule]:
    from s1ratio.alerts.rule import read_rule

    if Path(named).is_file():
        return [read_rule(document) for document in read_documents(Path(named))]
    return known if named == "all" else [one for one in known if one.name == named]

"""`s1ratio regions`: the standing regions of a deployment, or of a local run."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from s1ratio.cli.arguments import add_json, existing_file, moment
from s1ratio.cli.commanding import command_region, who
from s1ratio.cli.deployment import add_out, environment_of, make_world, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.target import add_target, web_profile_of
from s1ratio.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from s1ratio.ports import Store
    from s1ratio.regions.moves import Change
    from s1ratio.regions.records import RegionRecord
    from s1ratio.settings import Settings

    Move = Callable[[RegionRecord, datetime, str], Change]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Standing regions: areas that are asked for on a schedule, or when new scenes are there. "
        "What somebody wants is stored; the next tick of refresh_regions does it."
    )
    parser.epilog = "exit status: 0 done, 1 refused, or not known; 2 bad input"
    from s1ratio.cli.region_tick import add_tick

    actions = parser.add_subparsers(required=True, metavar="ACTION")
    _add_apply(actions)
    _add_reports(actions)
    _add_moves(actions)
    _add_wishes(actions)
    add_tick(actions)


def _add(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    words: str,
    command: Callable[[argparse.Namespace], int],
    *,
    region: bool = True,
    over_https: bool = False,
) -> argparse.ArgumentParser:
    added = actions.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
    if region:
        added.add_argument("region_id", metavar="REGION", help="the region's id")
    (add_target if over_https else add_out)(added)
    add_json(added)
    added.set_defaults(command=command, command_name=name)
    return added


def _add_apply(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from s1ratio.cli.region_apply import apply_file

    added = _add(
        actions, "apply", "make the regions of a file what it says", apply_file, region=False
    )
    added.add_argument("file", metavar="FILE.yaml", type=existing_file, help="regions, as declared")
    added.add_argument("--yes", action="store_true", help="don't ask")
    added.add_argument("--dry-run", action="store_true", help="only say what would change")
    added.add_argument(
        "--at", type=moment, metavar="TIME", help="as if it were then: of a local run alone"
    )
    schema = actions.add_parser("schema", help="print the JSON Schema of a file of regions")
    schema.set_defaults(command=_schema)


def _add_reports(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from s1ratio.cli.region_reports import history, list_all, show

    _add(actions, "list", "list all regions", list_all, region=False, over_https=True)
    _add(actions, "show", "show a region, what it spent, its requests", show, over_https=True)
    added = _add(actions, "history", "show what happened to a region, and why not", history)
    added.add_argument("--max", type=_count, default=50, metavar="N", help="N at most (50)")


def _add_moves(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    added = _add(actions, "pause", "make no requests until it is resumed", _pause, over_https=True)
    added.add_argument("--why", default="", metavar="WORDS", help="why, for others to read")
    added = _add(
        actions, "resume", "go on with a region that is paused or broken", _resume, over_https=True
    )
    how = added.add_mutually_exclusive_group(required=True)
    how.add_argument("--catch-up", action="store_true", help="with what was missed meanwhile")
    how.add_argument("--from-now", action="store_true", help="with nothing of the past")
    added = _add(actions, "end", "make no requests any more", _end)
    added.add_argument("--why", default="", metavar="WORDS", help="why, for others to read")


def _add_wishes(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    words = "make a request at the next tick, as if its schedule fired"
    _add(actions, "run", words, _run, over_https=True)
    added = _add(
        actions, "backfill", "make up for periods of the past, with priority 10", _backfill
    )
    added.add_argument("--from", dest="start", type=_day, required=True, metavar="DAY")
    added.add_argument(
        "--to",
        dest="end",
        type=_day,
        required=True,
        metavar="DAY",
        help="periods that end after the first day and by this one",
    )
    added.add_argument(
        "--open",
        type=_count,
        default=2,
        metavar="N",
        help="so many of its requests open at a time (2)",
    )


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= 10_000):
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 10000")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day as YYYY-MM-DD") from None


def _schema(_: argparse.Namespace) -> int:
    from s1ratio.regions.schema import regions_schema

    print_json(regions_schema())
    return 0


def _pause(options: argparse.Namespace) -> int:
    if (profile := web_profile_of(options)) is not None:
        region, why = options.region_id, options.why[:1000]
        return command_region(options, profile, lambda to: to.pause(region, by=who(), reason=why))
    from s1ratio.regions.moves import paused

    return _change(options, lambda record, now, by: paused(record, now, by, options.why[:1000]))


def _resume(options: argparse.Namespace) -> int:
    if (profile := web_profile_of(options)) is not None:
        region, catch_up = options.region_id, options.catch_up
        return command_region(
            options, profile, lambda to: to.resume(region, catch_up=catch_up, by=who())
        )
    from s1ratio.regions.moves import resumed

    return _change(options, lambda record, now, by: resumed(record, now, by, options.catch_up))


def _end(options: argparse.Namespace) -> int:
    from s1ratio.regions.moves import ended

    return _change(options, lambda record, now, by: ended(record, now, by, options.why[:1000]))


def _run(options: argparse.Namespace) -> int:
    if (profile := web_profile_of(options)) is not None:
        region = options.region_id
        return command_region(options, profile, lambda to: to.run(region, by=who()))
    from s1ratio.regions.moves import run_wanted

    return _change(options, run_wanted)


def _backfill(options: argparse.Namespace) -> int:
    from s1ratio.regions.moves import backfilling

    days = (options.start, options.end)
    return _change(
        options, lambda record, now, by: backfilling(record, now, by, days, options.open)
    )


def _change(options: argparse.Namespace, move: Move) -> int:
    """Store a move of a region, and print where it stands then."""
    from s1ratio.errors import InvalidRequest
    from s1ratio.services.regions.commands import change_region

    def act(store: Store, settings: Settings) -> int:
        """Move the region in a store, and say what it is now."""
        now, by = datetime.now(UTC), who()
        world = make_world(settings, store)
        try:
            after = change_region(world, options.region_id, lambda one: move(one, now, by))
        except InvalidRequest as error:
            return print_refusal(str(error), FAILED, as_json=options.json)
        if options.json:
            print_json({"region": after.id, "state": after.state, "due_at": _text(after.due_at)})
        else:
            when = f", looked at next at {_text(after.due_at)}" if after.due_at else ""
            print_line(f"{after.id}: {after.state}{when}")
        return 0

    return _with_settings(options, act)


def with_store(options: argparse.Namespace, act: Callable[[Store], int]) -> int:
    """Do something that only reads with the store that the options or the environment name."""
    return _with_settings(options, lambda store, _: act(store), reads=True)


def _with_settings(
    options: argparse.Namespace, act: Callable[[Store, Settings], int], *, reads: bool = False
) -> int:
    from s1ratio.bootstrap import make_store, open_store_to_read
    from s1ratio.settings import read_settings

    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out, as_json=options.json)
    settings = read_settings(environment)
    opened = open_store_to_read(settings) if reads else closing(make_store(settings))
    with opened as store:
        return act(store, settings)


def _text(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%SZ}"

"""`s1ratio status`: how far a request is."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from s1ratio.cli.arguments import add_json
from s1ratio.cli.deployment import below, environment_of, is_deployed, print_none
from s1ratio.cli.faults import FAILED, print_refusal
from s1ratio.cli.target import add_target, open_target, web_profile_of
from s1ratio.cli.terminal import print_json, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from s1ratio.progress import Waiting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments, what it does, and the function that does it."""
    parser.description = (
        "Reads a local run, a deployment's store, or a deployment over HTTPS. Says of what has "
        "not ended what it waits for, until when, how far it is and for how long."
    )
    parser.epilog = "exit status: 0 it is known, 1 it is not, or can't be read; 2 bad input"
    parser.add_argument("request_id", metavar="REQUEST_ID")
    add_target(parser)
    add_json(parser)
    parser.set_defaults(command=_status)


def _status(options: argparse.Namespace) -> int:
    if web_profile_of(options) is not None:
        return _over_https(options)
    return _of_store(options)


def _over_https(options: argparse.Namespace) -> int:
    from s1ratio.cli.job_summary import summary_of, waiting_of

    with open_target(options) as target:
        if target is None:
            return print_none(options.out, as_json=options.json)
        job = target.service.ask("jobs", options.request_id).body
    now = datetime.now(UTC)
    summary, waiting = summary_of(job), waiting_of(job)
    if options.json:
        print_json({**summary, "waiting": [one.json(now) for one in waiting]})
        return 0
    from s1ratio.client.jobs import not_before

    until = not_before(job, now)
    _show(summary, waiting, now, day=f"{until:%Y-%m-%d}" if until else None)
    if job["more_tasks"]:
        print_line(f"of its export tasks these are the first {len(job['tasks'])}")
    return 0


def _of_store(options: argparse.Namespace) -> int:
    from s1ratio.bootstrap import open_store_to_read
    from s1ratio.progress import describe_waiting
    from s1ratio.services.waiting.holds import read_holds
    from s1ratio.settings import read_settings
    from s1ratio.summary import summarize, waits_until

    environment = environment_of(options.out)
    if environment is None:
        return print_none(options.out, as_json=options.json)
    settings = read_settings(environment)
    bucket = (
        "" if is_deployed(options.out) else settings.bucket
    )  # files of a local run lie below its folder
    now = datetime.now(UTC)
    with open_store_to_read(settings) as store:
        record = store.get_request(options.request_id)
        tasks = store.find_tasks_of(options.request_id)
        holds = read_holds(store, settings, now)
    if record is None:
        words = f"no request {options.request_id} is known"
        return print_refusal(words, FAILED, as_json=options.json)
    summary = summarize(record, tasks, bucket, synthetic=settings.synthetic)
    waiting = describe_waiting(record, tasks, now, holds)
    if options.json:
        print_json({**summary, "waiting": [each.json(now) for each in waiting]})
        return 0
    where = below(options.out, settings.bucket)
    _show(summary, waiting, now, waits_until(record, tasks, now), where)
    return 0


def _show(
    summary: dict[str, Any],
    waiting: Sequence[Waiting],
    now: datetime,
    day: str | None,
    where: str = "",
) -> None:
    """Print a summary, what is waited for, when it was taken in, and `day`, before which it isn't
    over.
    """
    from s1ratio.cli.screen import open_console
    from s1ratio.cli.table import print_summary
    from s1ratio.progress import age_words
    from s1ratio.records import RequestState

    print_summary(summary, open_console(), where)
    for each in waiting:
        print_line(each.words(now))
    made = datetime.fromisoformat(summary["created_at"])
    # How long ago means something while it is open; a simulated run may end on another day.
    age = "" if RequestState(summary["state"]).terminal else f", {age_words(now - made)} ago"
    print_line(f"taken in at {made:%Y-%m-%d %H:%M} UTC{age}")
    if day:
        print_line(f"not before {day}: the period is not over yet")
